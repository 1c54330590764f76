import dataclasses
from collections.abc import Mapping
from enum import Enum

import pytest
from model_parts import PREDICTIONS, WEIGHTS

from mvlake.compare.diff import (
    CellDiff,
    Change,
    ColumnDiff,
    DataDiff,
    Diff,
    Direction,
    EnvironmentDiff,
    FigureDiff,
    Line,
    MetricDiff,
    ModelDiff,
    Outcome,
    PackageDiff,
    Side,
    StreamDiff,
    ValueDiff,
)
from mvlake.compare.varied import Varied
from mvlake.errors import UntrustedArtifact, VersionNotFound
from mvlake.records.answers import (
    Committed,
    CorrectionRow,
    Corrections,
    Done,
    Entry,
    Finding,
    Findings,
    Held,
    History,
    LabelRow,
    Labels,
    Manual,
    Past,
    Remark,
    Replay,
    Restored,
    RestoredName,
    Script,
    Shown,
    Status,
    Table,
    Verdicts,
)
from mvlake.records.artifact import Artifact, Omission, Role
from mvlake.records.digest import Digest
from mvlake.records.dossier import Dossier
from mvlake.records.environment import Environment, Git
from mvlake.records.events import Attempt, Correction, LabelMove, Meaning, Move, Replayed, Verdict, VerdictItem
from mvlake.records.facts import Metric, MetricSource, Param, ParamSource
from mvlake.records.files import FileUse, Flow, FoundBy, PlaceKind
from mvlake.records.past import PastCell
from mvlake.records.profile import Category, ColumnProfile, Profile, Quantile, ValueKind
from mvlake.records.summary import (
    ArraySummary,
    Column,
    FigureSummary,
    FrameSummary,
    ModelSummary,
    OpaqueSummary,
    Setting,
    ValueSummary,
)
from mvlake.records.version import Cell, Names, Origin, Version

READ, FILE = Flow.READ, PlaceKind.FILE
ADDED, REMOVED, CHANGED, UNCHANGED = Change.ADDED, Change.REMOVED, Change.CHANGED, Change.UNCHANGED


def digest(number):
    return Digest(f"b3:{number:064x}")


FIT = """model = RandomForestClassifier(max_depth=max_depth, n_estimators=300)
model.fit(X_train, y_train)
auc = roc_auc_score(y_test, model.predict_proba(X_test)[:, 1])"""


def version(number=3, **changes):
    version = Version(
        name="fraud-detector",
        number=number,
        parent=number - 1 or None,
        identity=digest(7),
        origin=Origin.CELL,
        cells=(Cell(digest(31), 1), Cell(digest(32), 4, is_tracked=True)),
        names=Names(read=("X_train", "y_train"), bound=("model", "auc"), mutated=()),
        params=(
            Param("max_depth", 4 if number < 3 else 6, ParamSource.LITERAL),
            Param("n_estimators", 300, ParamSource.ESTIMATOR),
            Param("layers", {"$": "tuple", "v": [64, 32]}, ParamSource.LITERAL),
            Param("class_weight", None, ParamSource.ESTIMATOR),
        ),
        metrics=(
            Metric("auc", 0.898 if number < 3 else 0.912, MetricSource.FUNCTION, "roc_auc_score"),
            Metric("log_loss", {"$": "float", "v": "nan"}, MetricSource.CURVE, "", 200),
            Metric("threshold", 0.35, MetricSource.COMPUTED),
        ),
        artifacts=(
            Artifact(Role.INPUT, "X_train", "pandas", 1, digest(41), digest(51), 840_000, digest(61), profile=digest(68)),
            Artifact(Role.INPUT, "weights", "numpy", 1, digest(42), digest(52), 8_128, digest(62)),
            Artifact(Role.MODEL, "model", "sklearn", 1, digest(43), digest(53), 1_300_000, digest(63)),
            Artifact(Role.FIGURE, "roc", "matplotlib", 1, digest(44), digest(54), 20_480, digest(64)),
            Artifact(Role.OUTPUT, "note", "plain", 1, digest(45), digest(55), 80, digest(65)),
            Artifact(Role.OUTPUT, "thing", "opaque", 1, digest(46), digest(56), 400, digest(66)),
            Artifact(Role.STREAM, "stdout", "plain", 1, digest(47), digest(57), 26, digest(67)),
        ),
        omitted=(Omission("rows", "generator", "reading it would consume it"),),
        environment=digest(8),
        git=Git("4f2c9d1e8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d", "main", True, ("features.py",)),
        notebook="notebooks/fraud.ipynb",
        started_at="2026-03-03T13:59:48.000000Z",
        duration=12.4,
        message="deeper trees",
        files=(
            FileUse("raw/clicks.csv", READ, FILE, "raw/clicks.csv", 3_000_000, digest(72), (FoundBy.OPENED, FoundBy.WATCHED)),
            FileUse("/data/users.csv", READ, FILE, "", 12, None, (FoundBy.NAMED,), "it was changed after it was read"),
            FileUse("s3://team/x.csv", READ, PlaceKind.URL, found_by=(FoundBy.OPENED,), problem="its content is not kept"),
            FileUse("out.csv", Flow.WRITTEN, FILE, "out.csv", 80, digest(73), (FoundBy.OPENED,)),
        ),
    )
    return dataclasses.replace(version, **changes)


def replayed(verdict=Verdict.DRIFTED):
    items = (
        VerdictItem("metric", "auc", Verdict.EQUIVALENT, "int became float; the value is equal"),
        VerdictItem("output", "X_train", Verdict.IDENTICAL, "same digest"),
        VerdictItem("model", "model", verdict, "3 of 300 trees differ"),
    )
    return Replayed("fraud-detector", 3, verdict, items, digest(8), 31.5, "0.1.0")


def entry(number=3, **changes):
    entry = Entry(
        version=version(number),
        seq=number + 10,
        digest=digest(90 + number),
        created_at=f"2026-03-0{number}T14:00:00.000000Z",
        author="ana@lab",
        labels=("production",) if number == 2 else (),
        tags=("team=risk",) if number == 3 else (),
        notes=(Remark("try without age", "2026-03-03T15:00:00.000000Z", "bo@lab"),) if number == 3 else (),
        replays=(Replay(replayed(Verdict.IDENTICAL), "2026-03-04T09:00:00.000000Z", "ci@runner"),) if number == 2 else (),
        confirmations=2 if number == 2 else 0,
    )
    return dataclasses.replace(entry, **changes)


def dossier(of=None):
    columns = (Column("age", "int64", digest(71), 0), Column("amount", "float64", digest(72), 12))
    setting = Setting("max_depth", 6, False)
    return Dossier(
        version=of or version(),
        created_at="2026-03-03T14:00:00.000000Z",
        author="ana@lab",
        sources=("max_depth = 6\nlayers = (64, 32)", FIT),
        summaries={
            digest(61): FrameSummary("pandas.DataFrame", 10_500, columns),
            digest(62): ArraySummary("numpy.ndarray", "float64", (1000, 8), -1.5, 2.25, 0.01),
            digest(63): ModelSummary("sklearn.ensemble.RandomForestClassifier", True, (setting,), "scikit-learn", "1.7.2"),
            digest(64): FigureSummary("matplotlib.figure.Figure", "image/png", 640, 480),
            digest(65): ValueSummary("dict", "{'threshold': 0.35}", 1),
            digest(66): OpaqueSummary("__main__.Thing", "its class lives in the notebook"),
        },
        environment=Environment("3.13.1", "CPython", "Linux 6.8", "x86_64", "EPYC", 8, {"numpy": "2.3.1", "pandas": "3.0.0"}),
        streams={"stdout": "auc 0.912\n\x1b[32mdone\x1b[0m\n"},
        problems=(),
        profiles={digest(68): profile()},
    )


def profile():
    numbers = ColumnProfile(
        "amount",
        ValueKind.NUMBER,
        10_500,
        12,
        nans=1,
        distinct=9_800,
        distinct_error=0.0156,
        low="0.5",
        high="980.25",
        mean="61.5",
        std="12",
        seen=65_536,
        quantiles=(Quantile(0.5, "60"),),
        edges=(0.5, 490.0, 980.25),
        counts=(10_000, 487),
    )
    texts = ColumnProfile(
        "country", ValueKind.TEXT, 10_500, 0, distinct=3, categories=(Category("de", 9_000), Category("fr", 1_490)), others=10
    )
    hidden = ColumnProfile(
        "mail", ValueKind.TEXT, 10_500, 10_500, withheld=("low", "high"), because="its values look like e-mail addresses"
    )
    return Profile(10_500, (numbers, texts, hidden), more=4)


def diff():
    code = (
        CellDiff(UNCHANGED, 1, 1, False, (Line(" ", "import pandas as pd"), Line(" ", "df = pd.read_parquet('tx.parquet')"))),
        CellDiff(
            CHANGED,
            2,
            2,
            False,
            (
                *[Line(" ", f"features += [make_feature({number})]") for number in range(12)],
                Line("-", "X_train = df.drop(columns=['label'])"),
                Line("+", "X_train = df.drop(columns=['label', 'zip'])"),
                Line(" ", "y_train = df['label']"),
            ),
        ),
        CellDiff(ADDED, None, 3, False, (Line("+", "seed = 7"), Line("+", "np.random.seed(seed)"))),
        CellDiff(
            CHANGED,
            3,
            4,
            True,
            (
                Line("-", "model = RandomForestClassifier(max_depth=4)"),
                Line("+", "model = RandomForestClassifier(max_depth=6)"),
                Line(" ", "model.fit(X_train, y_train)"),
            ),
        ),
    )
    columns = (
        *[ColumnDiff(f"v{number}", UNCHANGED, "float64", "float64") for number in range(9)],
        ColumnDiff("age", CHANGED, "int64", "float64"),
        ColumnDiff("amount", CHANGED, "float64", "float64"),
        ColumnDiff("zip", REMOVED, "string", ""),
    )
    return Diff(
        schema=1,
        a=Side("fraud-detector:v2", "2026-03-02T14:00:00.000000Z", "ana@lab", "baseline", 10.1),
        b=Side("fraud-detector:v3", "2026-03-03T14:00:00.000000Z", "ana@lab", "deeper trees", 12.4),
        code=code,
        modules=(StreamDiff("features", UNCHANGED, (Line(" ", "SCALE = 1"),)),),
        params=(
            ValueDiff("max_depth", CHANGED, 4, 6),
            ValueDiff("criterion", CHANGED, "gini", "entropy"),
            ValueDiff("seed", ADDED, None, 7),
            *[ValueDiff(f"p{number}", UNCHANGED, number, number) for number in range(12)],
        ),
        metrics=(
            MetricDiff("auc", CHANGED, 0.898, 0.912, 0.014, 0.0155902, Direction.HIGHER, Outcome.BETTER),
            MetricDiff("log_loss", CHANGED, 0.31, 0.334, 0.024, 0.0774194, Direction.LOWER, Outcome.WORSE),
            MetricDiff("rows_flagged", CHANGED, 12_040, 11_892, -148, -0.0122924, None, None),
            MetricDiff("brier", ADDED, None, 0.081, None, None, Direction.LOWER, None),
            MetricDiff("support", UNCHANGED, 2000, 2000, 0, 0, None, Outcome.SAME),
        ),
        data=(
            DataDiff(
                "input",
                "X_train",
                CHANGED,
                "frame",
                digest(1),
                digest(2),
                "10,000 \N{MULTIPLICATION SIGN} 12",
                "10,500 \N{MULTIPLICATION SIGN} 11",
                10_000,
                10_500,
                columns,
            ),
            DataDiff(
                "input",
                "y_train",
                UNCHANGED,
                "frame",
                digest(3),
                digest(3),
                "10,000 \N{MULTIPLICATION SIGN} 1",
                "10,000 \N{MULTIPLICATION SIGN} 1",
                10_000,
                10_000,
                (),
            ),
            DataDiff("output", "scores", ADDED, "array", None, digest(4), "", "float64 (2,000,)", None, None, ()),
        ),
        models=(
            ModelDiff(
                "model",
                CHANGED,
                "sklearn.ensemble.RandomForestClassifier",
                "sklearn.ensemble.RandomForestClassifier",
                (
                    ValueDiff("max_depth", CHANGED, 4, 6, "", False, False),
                    ValueDiff("criterion", CHANGED, "gini", "entropy", "", True, False),
                    ValueDiff("bootstrap", UNCHANGED, True, True, "", True, True),
                ),
                (ValueDiff("n_features", CHANGED, 12, 11),),
                weights=WEIGHTS,
                predictions=PREDICTIONS,
            ),
        ),
        figures=(
            FigureDiff(
                "roc",
                CHANGED,
                digest(5),
                digest(6),
                "640 \N{MULTIPLICATION SIGN} 480",
                "640 \N{MULTIPLICATION SIGN} 480",
                "image/png",
                "image/png",
            ),
        ),
        environment=EnvironmentDiff(
            facts=(ValueDiff("python", UNCHANGED, "3.13.1", "3.13.1"), ValueDiff("processor", CHANGED, "EPYC 7B13", "Xeon 8481C")),
            git=(
                ValueDiff(
                    "commit", CHANGED, "4f2c9d1e8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d", "9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b"
                ),
            ),
            packages=(
                PackageDiff("numpy", CHANGED, "2.2.6", "2.3.1"),
                PackageDiff("shap", ADDED, "", "0.48.0"),
                *[PackageDiff(f"package-{number}", UNCHANGED, "1.0", "1.0") for number in range(118)],
            ),
        ),
        streams=(StreamDiff("stdout", CHANGED, (Line("-", "auc 0.898"), Line("+", "auc 0.912"))),),
        files=(
            ValueDiff("read raw/clicks.csv", CHANGED, str(digest(71)), str(digest(72))),
            ValueDiff("read s3://team/x.csv", UNCHANGED, "url, content not known", "url, content not known"),
        ),
        hints=(
            ValueDiff("hidden-state", ADDED, None, "it rests on In [2] as it was before it was changed and run again"),
            ValueDiff("time-dependent", UNCHANGED, "df reads the clock", "df reads the clock"),
        ),
        randomness=(
            ValueDiff("numpy.random", CHANGED, "unseeded, cell 2", "seeded, cells 2, 3"),
            ValueDiff("numpy.random.seed", ADDED, None, 7),
            ValueDiff("torch", UNCHANGED, "seeded, cell 3", "seeded, cell 3"),
        ),
        problems=(),
        is_empty=False,
    )


def label_row(to_number=2, from_number=1, move=Move.PROMOTE):
    return LabelRow(
        LabelMove("fraud-detector", "production", from_number, to_number, move, "auc above 0.89"),
        "2026-03-02T16:00:00.000000Z",
        "ana@lab",
    )


def answers():
    attempt = Attempt("fraud-detector", (), "ValueError", "Input X contains NaN.", "2026-03-03T13:00:00.000000Z", 0.4)
    return {
        "History": History((entry(3), entry(2), entry(1)), ((attempt, "2026-03-03T13:00:00.000000Z"),)),
        "Entry": entry(2),
        "Shown": Shown(entry(), dossier()),
        "Diff": diff(),
        "Script": Script("fraud-detector:v3", "# fraud-detector:v3\nmodel.fit(X, y)\n"),
        "Past": Past(
            "fraud-detector:v3",
            (PastCell("import numpy", 1, "a", False, "2026-03-03T13:00:00.000000Z", 0.25), PastCell("1/0", 2, failed=True)),
            frozenset((1,)),
        ),
        "Committed": Committed(version(), False),
        "Confirmed": Committed(version(2), True),
        "Restored": Restored(
            "fraud-detector:v2", (RestoredName("model", "sklearn", True), RestoredName("thing", "opaque", False, "untrusted"))
        ),
        "Verdicts": Verdicts("fraud-detector:v3", replayed(), "out/fraud.ipynb", "ValueError: \x1b[31mno\x1b[0m"),
        "Varied": Varied("fraud-detector:v2", "fraud-detector:v3", "depth = 7", diff(), notebook="out/fraud.ipynb"),
        "Table": Table(("name", "auc"), (("fraud-detector", 0.912), ("churn", float("nan")))),
        "Done": Done("fraud-detector@production now points at v2", "fraud-detector:v2"),
        "Labels": Labels((label_row(),), (label_row(1, None), label_row())),
        "Corrections": Corrections(
            (CorrectionRow(Correction("fraud-detector", 3, "scores.auc", Meaning.METRIC), "2026-03-03T13:00:00.000000Z", "ana"),)
        ),
        "Held": Held("2026-03-02T23:59:59.999999Z", (label_row(),)),
        "Findings": Findings(
            42,
            310,
            9_400_000,
            (Finding("damaged-record", "record 17", "its digest is not the next one's prev"),),
            ("tmp/x",),
            digest(9),
        ),
        "Status": Status(
            "/home/ana/fraud/.mvlake", "k3j9", 42, 31, ("churn", "fraud-detector"), 9_400_000, True, (("tracking", "on"),)
        ),
        "Manual": Manual((("log", "log [NAME]", "lists versions"), ("show", "show REF", "shows one"))),
        "NotFound": VersionNotFound("fraud:v9", existing=["fraud:v1"]),
        "Refused": UntrustedArtifact("fraud:v1", "thing", why="a pickle"),
    }


def poisoned(value, payload):
    """The same record with the payload in every text that is free: not in digests and words of ours."""
    if isinstance(value, Enum | Digest):
        return value
    if isinstance(value, str):
        return payload
    if dataclasses.is_dataclass(value):
        return type(value)(
            **{field.name: _poisoned_field(field.name, getattr(value, field.name), payload) for field in dataclasses.fields(value)}
        )
    if isinstance(value, tuple):
        return tuple(poisoned(one, payload) for one in value)
    if isinstance(value, Mapping) and "$" not in value:
        return {poisoned(key, payload): poisoned(one, payload) for key, one in value.items()}
    return value


def _poisoned_field(name, value, payload):
    return value if name == "op" else poisoned(value, payload)


@pytest.fixture
def make():
    """The builders, as attributes."""
    import types

    return types.SimpleNamespace(
        answers=answers,
        diff=diff,
        digest=digest,
        dossier=dossier,
        entry=entry,
        poisoned=poisoned,
        replayed=replayed,
        version=version,
    )
