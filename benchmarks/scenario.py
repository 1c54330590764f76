"""Scenario: what is in the lake after an ordinary notebook, run in JupyterLab's own server, beside what its peers keep by default.

Import, frame, split, fit, metric, print, figure; then refit with changed variables; in a git repository with an edit in `util.py` that
nobody has committed. The columns of others are what was found in their stores after the same notebook, with their defaults.
"""

import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.notebook_server import APPS, NotebookServer
from mvlake.lake.lake import Lake
from mvlake.records.dossier import Dossier
from mvlake.records.summary import FrameSummary
from mvlake.records.version import Version

PEERS = ("MLflow", "W&B", "W&B code", "ClearML", "Comet", "DVCLive", "Aim")
IMPORTS = """import numpy as np
import pandas as pd
import matplotlib.pyplot as plt
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import ConfusionMatrixDisplay, accuracy_score
from sklearn.model_selection import train_test_split
import util"""
FRAME = """rng = np.random.default_rng(0)
df = pd.DataFrame({"a": rng.normal(size=400), "b": rng.normal(size=400)})
df["y"] = util.label(df)"""
SPLIT = 'X_train, X_test, y_train, y_test = train_test_split(df[["a", "b"]], df["y"], random_state=1)'
FIT = """%%track churn
lr = {lr}
n_trees = {n_trees}
model = RandomForestClassifier(n_estimators=n_trees, random_state=0).fit(X_train, y_train)
train_accuracy = model.score(X_train, y_train)
accuracy = accuracy_score(y_test, model.predict(X_test))
print("accuracy", accuracy)
ConfusionMatrixDisplay.from_predictions(y_test, model.predict(X_test))
plt.show()
plt.figure(figsize=(2, 2))
plt.scatter(X_test["a"], X_test["b"])
plt.show()"""
CELLS = ("%load_ext mvlake", IMPORTS, FRAME, SPLIT, FIT.format(lr=0.1, n_trees=10), FIT.format(lr=0.2, n_trees=20))
UTIL = "def label(df):\n    return (df['a'] + df['b'] > 0).astype(int)\n"
EDIT = "\n\ndef unused():\n    return 'an edit that nobody committed'\n"


@dataclass(frozen=True)
class Row:
    """One thing that could be kept: what the peers have of it, and whether we have it, with what was found."""

    what: str
    peers: tuple[str, ...]
    has: bool
    found: str


@dataclass(frozen=True)
class Outcome:
    """What the notebook left: its lake's versions, files outside of the lake, what was shown, and how long it took in seconds."""

    lake: Lake
    files: tuple[str, ...]
    cards: tuple[str, ...]
    load: float
    fit: float

    @property
    def versions(self) -> tuple[Version, ...]:
        return tuple(entry.version for entry in self.lake.log("churn").entries[::-1])

    @property
    def dossiers(self) -> tuple[Dossier, ...]:
        return tuple(self.lake.show(one.ref).dossier for one in self.versions)


def play(folder: Path, app: str = APPS["JupyterLab"]) -> Outcome:
    """Run the notebook in a repository below this folder."""
    project = folder / "project"
    project.mkdir(parents=True)
    (project / "util.py").write_text(UTIL)
    (project / ".gitignore").write_text("__pycache__/\n")
    for words in (
        ("init", "-q", "-b", "main"),
        ("config", "user.email", "ana@example.invalid"),
        ("config", "user.name", "ana"),
        ("remote", "add", "origin", "https://ana:token@git.example.invalid/churn.git"),
        ("add", "."),
        ("commit", "-q", "-m", "first"),
    ):
        subprocess.run(["git", *words], cwd=project, check=True, capture_output=True)
    (project / "util.py").write_text(UTIL + EDIT)
    before = {path.relative_to(project).parts[0] for path in project.iterdir()}
    cards: list[str] = []
    times: list[float] = []
    with NotebookServer(project, app, MVLAKE_USER="ana") as server:
        server.open("churn.ipynb", list(CELLS))
        for place, cell in enumerate(CELLS):
            started = time.perf_counter()
            seen = server.run(cell, place)
            times.append(time.perf_counter() - started)
            if seen.status != "ok":
                raise RuntimeError(str(seen.outputs))
            cards += seen.cards
        server.run("%mv status")
    after = (
        {path.relative_to(project).parts[0] for path in project.iterdir()}
        - before
        - {"churn.ipynb", "__pycache__", ".ipynb_checkpoints"}
    )
    return Outcome(Lake.open(project, create=False), tuple(sorted(after)), tuple(cards), times[0], min(times[-2:]))


def rows(outcome: Outcome) -> tuple[Row, ...]:
    """Return the table: each row is looked up in the lake."""
    first, second = outcome.versions
    two = outcome.dossiers[1]
    params = [{param.name: (param.value, param.source.value) for param in version.params} for version in (first, second)]
    metrics = {metric.name: metric for metric in second.metrics}
    roles = [
        {role: [a for a in version.artifacts if a.role == role] for role in ("model", "figure", "input", "code", "patch")}
        for version in (first, second)
    ]
    frames = [s for a in roles[1]["input"] if isinstance(s := two.summaries.get(a.summary), FrameSummary)]
    git, environment = second.git, two.environment
    ran = [source or "" for source in two.sources]
    is_edited = any(
        "nobody committed" in str(outcome.lake.load(second.ref, a.name)) for a in (*roles[1]["code"], *roles[1]["patch"])
    )
    estimators = [[name for name, (_, source) in found.items() if source == "estimator"] for found in params]
    kept_rows = len(outcome.lake.load(second.ref, "X_train")) if frames else 0
    past = outcome.lake.show(second.ref).dossier
    used = [len(version.usage.samples) if version.usage is not None else 0 for version in (first, second)]

    def row(what: str, peers: str, has: object, found: str) -> Row:
        return Row(what, tuple(peers.split()), bool(has), found)

    return (
        row(
            "estimator params",
            "Y - - - Y - -",
            estimators[0] and estimators[1],
            f"{len(estimators[1])} that are not defaults, of each fit",
        ),
        row("free variables (lr)", "- - - - - - -", [p["lr"][0] for p in params] == [0.1, 0.2], "lr of each run"),
        row("training metrics", "Y - - - - - -", "train_accuracy" in metrics, "train_accuracy, by model.score"),
        row(
            "test metric from accuracy_score",
            "Y - - - - - -",
            metrics["accuracy"].function == "accuracy_score",
            str(metrics["accuracy"].value),
        ),
        row("model object", "Y - - - - - -", roles[0]["model"] and roles[1]["model"], "of each fit"),
        row("confusion, ROC, PR plots", "Y - - - - - -", len(roles[1]["figure"]) >= 1, "as the cell drew them"),
        row("displayed matplotlib figure", "- - - Y - - -", len(roles[1]["figure"]) == 2, f"{len(roles[1]['figure'])} figures"),
        row("stdout", "- - - Y Y - -", "accuracy" in two.streams.get("stdout", ""), two.streams.get("stdout", "").strip()),
        row(
            "git commit, remote, branch",
            "- P P Y Y P -",
            git and git.commit and git.branch and git.remote and "token" not in git.remote,
            git.remote if git else "",
        ),
        row("uncommitted util.py", "- - Y - Y Y -", is_edited, "the module as it was imported, and a patch"),
        row("notebook source", "- - Y Y Y - -", ran[-1] == CELLS[-1] and len(ran) >= 4, f"{len(ran)} cells that the result needs"),
        row(
            "executed-cell history",
            "- - Y - Y - -",
            second.past is not None and past is not None,
            "all cells that ran, in their order",
        ),
        row(
            "installed packages",
            "P Y Y P Y - -",
            environment and len(environment.packages) > 50,
            f"{len(environment.packages) if environment else 0} packages",
        ),
        row(
            "hardware, OS",
            "- Y Y Y Y - -",
            environment and environment.platform and environment.cpus,
            environment.platform if environment else "",
        ),
        row(
            "data frame schema and digest",
            "Y - - - - - -",
            frames and all(c.digest for f in frames for c in f.columns),
            f"{len(frames)} frames",
        ),
        row("data frame rows", "- - - - - - -", kept_rows == 300, f"{kept_rows} rows of X_train can be loaded"),
        row(
            "a record for each fit",
            "Y - - - - - -",
            [v.number for v in outcome.versions] == [1, 2] and second.parent == 1,
            "v1, v2",
        ),
        row("CPU, memory over time", "- Y Y Y Y - -", all(used), f"{', '.join(map(str, used))} samples"),
        row("nothing but one folder", "- - - Y - - -", outcome.files == (".mvlake",), ", ".join(outcome.files)),
        row("the user sees one line", "- - - - Y Y -", len(outcome.cards) == 2, outcome.cards[-1].splitlines()[0][:60]),
    )


def printed(table: tuple[Row, ...]) -> str:
    """Return the table as text."""
    wide = max(len(row.what) for row in table)
    head = f"{'kept by default':<{wide}}  {'mvlake':<7}{''.join(f'{name:<9}' for name in PEERS)} what was found in our lake"
    lines = [
        f"{row.what:<{wide}}  {'Y' if row.has else '-':<7}{''.join(f'{one:<9}' for one in row.peers)} {row.found}" for row in table
    ]
    return "\n".join([head, *lines])


def scenario() -> list[Figure]:
    """Print the table, and return how many of its rows the lake has."""
    with tempfile.TemporaryDirectory() as folder:
        outcome = play(Path(folder))
        table = rows(outcome)
    print(printed(table), end="\n\n")
    kept = sum(row.has for row in table)
    return [
        Figure(
            "an ordinary notebook in JupyterLab's server: rows of the table that the lake has",
            kept,
            len(table),
            1,
            "rows",
            is_rate=True,
        ),
        Figure("the same: until the extension is loaded", outcome.load * 1e3, None, 1),
        Figure("the same: a cell that fits a forest, draws two figures, and is tracked", outcome.fit * 1e3, None, 2),
    ]
