import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression

rng = np.random.default_rng(0)
X = pd.DataFrame(rng.normal(size=(200, 3)), columns=["age", "fare", "size"])
Y = np.where(X["age"] + 0.3 * X["fare"] > 0, "yes", "no")
TARGET = X.to_numpy() @ [1.0, 2.0, 3.0]
SOURCE = "m.fit(X, y)\nauc = m.score(X_test, y_test)"


@pytest.fixture
def told(lake, commit):
    """What a comparison tells of the model `m`, in two versions, each of them with these parts."""

    def compare(a, b, *, inputs=None, source=SOURCE, pair=None):
        for number, model in enumerate((a, b)):
            inputs_of = (pair or (inputs, inputs))[number] or {"X_test": X, "y_test": Y}
            commit(lake, source=source, inputs=inputs_of, models={"m": model}, depth=number)
        (found,) = lake.compare("fraud:v1", "fraud:v2").models
        return found

    return compare


def test_labels_that_flipped_are_counted_and_shown(told):
    one = LogisticRegression().fit(X, Y)
    other = LogisticRegression(C=0.001).fit(X, Y)
    other.intercept_ = other.intercept_ + 0.5
    (found,) = told(one, other).predictions
    before, after = one.predict(X), other.predict(X)
    wanted = np.flatnonzero(before != after)
    assert len(wanted)
    assert (found.data, found.on.value, found.rows) == ("X_test", "both", 200)
    assert (found.labels.flipped, found.labels.share) == (len(wanted), len(wanted) / 200)
    assert [one.row for one in found.labels.flips] == wanted[:20].tolist()
    assert {(one.a, one.b) for one in found.labels.flips} <= {("yes", "no"), ("no", "yes")}
    assert sum(one.rows for one in found.labels.agreement) == 200
    assert sum(one.rows for one in found.labels.agreement if one.a != one.b) == len(wanted)


def test_numbers_that_moved_are_told_by_how_far(told):
    one = LinearRegression().fit(X, TARGET)
    other = LinearRegression().fit(X, TARGET)
    other.intercept_ = one.intercept_ + 2
    (found,) = told(one, other).predictions
    assert (found.numbers.rows, found.numbers.moved) == (200, 200)
    assert found.numbers.shift.mean == pytest.approx(2)
    assert len(found.numbers.most) == 20
