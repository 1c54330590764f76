"""How the values of columns moved between two versions of a lake."""

import numpy as np
import pandas as pd
import pytest

from mvlake.compare.distribution import Shift


@pytest.fixture
def both(disk, new_draft):
    def both(a, b, **asked):
        for number, frame in enumerate((a, b)):
            disk.commit(new_draft(disk, "t", source=f"x = {number}", outputs={"df": frame}))
        return disk.compare("t:v1", "t:v2", **asked)

    return both


def columns(diff):
    return {one.name: one for one in next(one for one in diff.data if one.name == "df").columns}


def frame(random, mean, countries):
    return pd.DataFrame({"age": random.normal(mean, 10, 400), "country": random.choice(countries, 400), "same": range(400)})


def test_a_column_that_changed_has_distributions_and_measures_and_an_equal_one_has_not(both):
    random = np.random.default_rng(3)
    found = columns(both(frame(random, 40, ["de", "fr"]), frame(random, 55, ["de", "it"])))
    age = {one.name: one for one in found["age"].drift}
    assert age["population_stability_index"].shift is Shift.STRONG
    assert age["kolmogorov_smirnov"].shift is Shift.STRONG
    assert len(found["age"].distribution.a) == len(found["age"].distribution.labels) > 5
    country = {one.name: one for one in found["country"].drift}
    assert country["new_category_rate"].value == pytest.approx(0.5, abs=0.1)
    assert found["same"].distribution is None
    assert found["same"].drift == ()


def test_a_quick_look_asks_for_none(both):
    random = np.random.default_rng(3)
    found = columns(both(frame(random, 40, ["de"]), frame(random, 55, ["fr"]), quick=True))
    assert all(one.distribution is None and not one.drift for one in found.values())
