"""A builder of dossiers, by hand and at random, out of real records."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from blake3 import blake3
from hypothesis import strategies as st

from mvlake.records.artifact import Artifact, Role
from mvlake.records.digest import Digest
from mvlake.records.dossier import Dossier
from mvlake.records.environment import Environment, Git
from mvlake.records.facts import Metric, MetricSource, Param, ParamSource
from mvlake.records.plain import to_plain
from mvlake.records.summary import (
    ArraySummary,
    Column,
    FigureSummary,
    FrameSummary,
    ModelSummary,
    OpaqueSummary,
    SeriesSummary,
    Setting,
    ValueSummary,
)
from mvlake.records.version import Cell, Names, Origin, Version

ENVIRONMENT = Environment("3.13.1", "CPython", "Linux-6.8", "x86_64", "AMD EPYC", 8, {"numpy": "2.3.0", "pandas": "3.0.0"})


def digest(content: object) -> Digest:
    return Digest.of_hash(blake3(repr(content).encode("utf-8", "surrogatepass")).digest())


def piece(role, name, summary, content="", *, handler="pandas", stored=None):
    identity = digest((type(summary).__name__, content))
    return (
        Artifact(Role(role), name, handler, 1, identity, digest(stored or identity), 100, digest(summary)),
        summary,
    )


def frame(role, name, columns, *, rows=3, index=(), kind="pandas.DataFrame"):
    """A frame: `columns` are (name, dtype, content)."""
    made = tuple(Column(column, dtype, digest((dtype, content)), 0) for column, dtype, content in columns)
    levels = tuple(Column(column, dtype, digest((dtype, content)), 0) for column, dtype, content in index)
    return piece(role, name, FrameSummary(kind, rows, made, levels), (made, levels, rows))


def model(name, settings, *, kind="sklearn.linear_model.LogisticRegression", learned=(), content="", version="1.6.1"):
    """A model: `settings` are (name, value, is_default)."""
    summary = ModelSummary(
        kind,
        True,
        tuple(Setting(key, to_plain(value), is_default) for key, value, is_default in settings),
        "scikit-learn",
        version,
        tuple(Setting(key, to_plain(value), False) for key, value in learned),
    )
    return piece("model", name, summary, (settings, content), handler="sklearn")


def dossier(
    *cells,
    number=1,
    params=None,
    metrics=None,
    artifacts=(),
    streams=None,
    environment=ENVIRONMENT,
    git=None,
    tracked=-1,
    failed=(),
    forget=(),
    problems=(),
):
    """A version `fraud:vNUMBER`; a cell is a text, or (text, cell id); `forget` are the places of unreadable texts."""
    told = [one if isinstance(one, tuple) else (one, "") for one in cells]
    ran = tuple(
        Cell(digest(text), place + 1, cell_id, tracked is not None and place == tracked % len(told), place in failed)
        for place, (text, cell_id) in enumerate(told)
    )
    printed = [piece("stream", name, ValueSummary("str", ""), text, handler="plain") for name, text in (streams or {}).items()]
    kept = [*artifacts, *printed]
    measured = [Metric(k, to_plain(v), MetricSource.STATED) if not isinstance(v, Metric) else v for k, v in (metrics or {}).items()]
    version = Version(
        name="fraud",
        number=number,
        parent=None,
        identity=digest((cells, params, metrics)),
        origin=Origin.CELL,
        cells=ran,
        names=Names(),
        params=tuple(Param(k, to_plain(v), ParamSource.LITERAL) for k, v in (params or {}).items()),
        metrics=tuple(measured),
        artifacts=tuple(artifact for artifact, _ in kept),
        omitted=(),
        environment=digest(environment),
        git=git,
        notebook="fraud.ipynb",
        started_at=f"2026-03-03T14:00:{number:02}.000000Z",
        duration=1.5,
    )
    return Dossier(
        version=version,
        created_at=f"2026-03-03T14:01:{number:02}.000000Z",
        author="ana",
        sources=tuple(None if place in forget else text for place, (text, _) in enumerate(told)),
        summaries={artifact.summary: summary for artifact, summary in kept if summary is not None},
        environment=environment,
        streams=streams or {},
        problems=problems,
    )


LINES = st.lists(st.sampled_from(["", "x = 1", "y = 2", "fit(x)", "}", "\r", "é\x1b[31m", "</script>"]), max_size=8)
TEXTS = LINES.map("\n".join)
NAMES = st.one_of(st.sampled_from(["a", "b", "lr", "val_loss"]), st.text(max_size=4))
FLOATS = st.one_of(st.floats(), st.integers(), st.sampled_from([0.0, -0.0, 1, 1.0, 10**400, 1e308, -1e308, 5e-324]))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), FLOATS, st.text(max_size=3), st.binary(max_size=2)),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=2), inner, max_size=2)),
    max_leaves=3,
)
COLUMNS = st.lists(st.tuples(NAMES, st.sampled_from(["int64", "float64"]), st.integers(0, 2)), max_size=5)
ROLES = st.sampled_from(["input", "output", "file"])


@st.composite
def artifacts(draw):
    name = draw(NAMES)
    content = draw(st.integers(0, 1))
    role = draw(ROLES)
    return draw(
        st.one_of(
            st.builds(frame, st.just(role), st.just(name), COLUMNS, rows=st.integers(0, 2), index=COLUMNS),
            st.just(piece(role, name, ArraySummary("numpy.ndarray", "float32", (content, 3), 0.0, 1.0, 0.5), content)),
            st.just(piece(role, name, ValueSummary("list", "[1, 2", 9), content)),
            st.just(piece(role, name, OpaqueSummary("Odd", "no handler"), content, handler="opaque")),
            st.just(piece("figure", name, FigureSummary("Figure", "image/png", 640, 480), content)),
            st.just(piece("series", name, SeriesSummary("series", 2, 0.0, 1.0, (1.0, None)), content, handler="plain")),
            st.builds(model, st.just(name), st.lists(st.tuples(NAMES, VALUES, st.booleans()), max_size=3)),
        )
    )


@st.composite
def dossiers(draw):
    texts = draw(st.lists(st.tuples(TEXTS, st.sampled_from(["", "id-1", "id-2"])), min_size=1, max_size=5))
    packages = st.dictionaries(st.sampled_from(["numpy", "NumPy", "a_b", "a-b"]), st.sampled_from(["1", "2"]))
    environment = st.one_of(st.none(), packages.map(lambda some: Environment("3.11", "CPython", "Linux", "x86_64", "", 2, some)))
    git = st.one_of(st.none(), st.builds(Git, st.text(max_size=3), st.text(max_size=3), st.booleans()))
    made = dossier(
        *texts,
        number=draw(st.integers(1, 9)),
        params=draw(st.dictionaries(NAMES, VALUES, max_size=4)),
        metrics=draw(st.dictionaries(NAMES, st.one_of(FLOATS, VALUES), max_size=4)),
        artifacts=draw(st.lists(artifacts(), max_size=5)),
        streams=draw(st.dictionaries(st.sampled_from(["stdout", "stderr"]), TEXTS)),
        environment=draw(environment),
        git=draw(git),
        forget=draw(st.sets(st.integers(0, 4), max_size=1)),
        problems=draw(st.lists(st.text(max_size=3), max_size=1).map(tuple)),
    )
    if draw(st.integers(0, 4)):
        return made
    return Dossier(made.version, made.created_at, made.author, made.sources[:1], {}, made.environment, {}, made.problems)


@pytest.fixture(scope="session")
def build() -> SimpleNamespace:
    return SimpleNamespace(dossier=dossier, frame=frame, model=model, piece=piece, digest=digest, environment=ENVIRONMENT)


@pytest.fixture(scope="session")
def some_dossier() -> st.SearchStrategy[Dossier]:
    return dossiers()


@pytest.fixture(scope="session")
def before() -> Callable:
    return lambda lines: "\n".join(line.text for line in lines if line.op != "+")


@pytest.fixture(scope="session")
def after() -> Callable:
    return lambda lines: "\n".join(line.text for line in lines if line.op != "-")
