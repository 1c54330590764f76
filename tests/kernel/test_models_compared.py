"""Models of two tracked cells, compared by what they say: as a data scientist writes such cells, through a real kernel."""

from mvlake.lake.lake import Lake
from mvlake.view.text import as_text

DATA = """
import numpy as np, pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
rng = np.random.default_rng(0)
df = pd.DataFrame(rng.normal(size=(600, 4)), columns=["age", "fare", "size", "noise"])
df["sex"] = rng.choice(["f", "m"], 600)
df["target"] = ((df["age"] + df["fare"] * (df["sex"] == "f")) > 0).astype(int)
train, test = train_test_split(df, random_state=0)
features = [name for name in df.columns if name not in ("sex", "target")]
"""
FRAMES = """%%track forest
model = RandomForestClassifier(10, max_depth={depth}, random_state=0).fit(train[features], train["target"])
auc = roc_auc_score(test["target"], model.predict_proba(test[features])[:, 1])
"""
WITHIN = """%%track whole
X_train, X_test, y_train, y_test = train_test_split(df[["age", "fare"]], df["target"], random_state=1)
model = LogisticRegression(C={c}).fit(X_train, y_train)
accuracy = model.score(X_test, y_test)
"""


def compared(kernel, name):
    lake = Lake.open(kernel.folder / "lake", create=False)
    diff = lake.compare(f"{name}:v1", f"{name}:v2")
    (model,) = [one for one in diff.models if one.name == "model"]
    return diff, model


def test_models_of_tracked_cells_are_asked_about_what_the_cells_evaluate(kernel):
    assert kernel.run(DATA).status == "ok"
    for cell in (FRAMES.format(depth=2), FRAMES.format(depth=8), WITHIN.format(c=1), WITHIN.format(c=0.001)):
        assert kernel.run(cell).status == "ok"

    diff, model = compared(kernel, "forest")
    (found,) = model.predictions
    assert (found.data, found.on.value, found.rows, found.truth) == ("test", "both", 150, "test[target]")
    assert found.labels.flipped == int(found.labels.share * 150) > 0
    assert found.labels.a_calibration.of == "1"
    assert {row.name for one in model.weights if one.kind.value == "importances" for row in one.rows} <= {
        "age",
        "fare",
        "size",
        "noise",
    }
    text = " ".join(as_text(diff, width=200).split())
    assert f"predictions for test · {found.labels.flipped} of 150 labels flipped" in text

    _, model = compared(kernel, "whole")
    (found,) = model.predictions
    assert (found.data, found.on.value, found.rows, found.truth) == ("X_test", "both", 150, "y_test")
    assert {one.kind.value for one in model.weights} == {"coefficients", "intercepts"}
