"""A story to look at: two versions of a fraud detector, made in one real kernel, that differ in everything that people compare."""

from pathlib import Path

LOAD = "%load_ext mvlake"
IMPORTS = """
import matplotlib.pyplot as plt
import mvlake
import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import log_loss, roc_auc_score, roc_curve
from sklearn.model_selection import train_test_split
"""
DATA = """
rng = np.random.default_rng(7)
size = 4_000
transactions = pd.DataFrame({
    "amount": rng.lognormal(3, 1, size).round(2),
    "hour": rng.integers(0, 24, size),
    "country": rng.choice(["DE", "FR", "IT", "US"], size, p=[0.5, 0.25, 0.15, 0.1]),
    "age_days": rng.integers(1, 2_000, size),
    "devices": rng.poisson(1.5, size),
})
risk = 0.6 * np.log(transactions["amount"]) - 0.002 * transactions["age_days"] + 0.8 * (transactions["hour"] < 5)
transactions["is_fraud"] = (risk + rng.normal(0, 1, size) > 2.2).astype(int)
"""
MORE = """
later = transactions.sample(300, random_state=1).assign(country="BR", amount=lambda frame: frame["amount"] * 1.4)
transactions = pd.concat([transactions.drop(columns="devices"), later.drop(columns="devices")], ignore_index=True)
transactions["age_days"] = transactions["age_days"].astype("float64")
transactions.loc[:40, "amount"] *= 1.1
"""
TRAIN = """%%track fraud-detector -m "{message}"
depth, rate, rounds = {depth}, {rate}, {rounds}
features = pd.get_dummies(transactions.drop(columns="is_fraud"))
X_train, X_test, y_train, y_test = train_test_split(features, transactions["is_fraud"], test_size=0.25, random_state=3)

model = HistGradientBoostingClassifier(max_depth=depth, learning_rate=rate, max_iter=rounds, random_state=3{more})
model.fit(X_train, y_train)

for step, proba in enumerate(model.staged_predict_proba(X_test)):
    mvlake.log(validation_loss=log_loss(y_test, proba[:, 1]), step=step)
probability = model.predict_proba(X_test)[:, 1]
auc = roc_auc_score(y_test, probability)
loss = log_loss(y_test, probability)
print(f"auc {{auc:.4f}} on {{len(X_test):,}} transactions")

figure, axes = plt.subplots(figsize=(5, 3.4), layout="constrained")
axes.plot(*roc_curve(y_test, probability)[:2], label=f"auc {{auc:.3f}}")
axes.plot([0, 1], [0, 1], "--", color="gray")
axes.set(title="ROC", xlabel="false positives", ylabel="true positives")
axes.legend()
plt.show()"""
FIRST = TRAIN.format(message="a first model", depth=2, rate=0.1, rounds=40, more="")
SECOND = TRAIN.format(message="deeper trees, new country", depth=6, rate=0.05, rounds=60, more=", l2_regularization=1.0")
COMPARE = "%mv compare fraud-detector:v1 fraud-detector:v2"


def told(folder: Path) -> Path:
    """Run the story in a fresh kernel in this folder, and return the lake."""
    import nbformat
    from nbclient import NotebookClient

    cells = [nbformat.v4.new_code_cell(one.strip("\n")) for one in (LOAD, IMPORTS, DATA, FIRST, MORE, SECOND)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    folder.mkdir(parents=True, exist_ok=True)
    NotebookClient(notebook, kernel_name="python3", timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    nbformat.write(notebook, folder / "fraud.ipynb")
    return folder / ".mvlake"
