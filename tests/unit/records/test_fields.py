import copy

import pytest

from mvlake.records.artifact import Artifact, Role
from mvlake.records.canonical import canonical, parse
from mvlake.records.digest import Digest
from mvlake.records.environment import Author, Environment, PackageSource, SourceKind
from mvlake.records.facts import Metric, MetricSource, Param, ParamSource
from mvlake.records.fields import from_fields, read_summary, to_fields
from mvlake.records.plain import to_plain
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

D = Digest("b3:" + "0d" * 32)
VERSION = Version(
    name="fraud",
    number=2,
    parent=None,
    identity=D,
    origin=Origin.CELL,
    cells=(Cell(D, execution_count=3, is_tracked=True),),
    names=Names(read=("x",), bound=("y",)),
    params=(Param("lr", to_plain(float("nan")), ParamSource.LITERAL), Param("layers", to_plain((64, {3: 4})), ParamSource.STATED)),
    metrics=(Metric("auc", 0.5, MetricSource.FUNCTION, "roc_auc_score", 3),),
    artifacts=(Artifact(Role.INPUT, "df", "pandas", 1, D, D, 10, D),),
    omitted=(),
    environment=D,
    git=None,
    notebook="a.ipynb",
    started_at="2026-03-03T14:00:00.000000Z",
    duration=2.0,
)
SUMMARIES = [
    FrameSummary("pandas.DataFrame", 5, (Column("a", "int64", D, 0),)),
    ArraySummary("numpy.ndarray", "float64", (2, 3), -1e300, 1e22, 6.500077976591017e16),
    ArraySummary("numpy.ndarray", "object", ()),
    ModelSummary("sklearn.svm.SVC", True, (Setting("C", to_plain(1.0), True),), "sklearn", "1.7"),
    ValueSummary("dict", "{'a': 1}", 1),
    FigureSummary("matplotlib.Figure", "image/png", 3, 4),
    OpaqueSummary("x.Y", "no handler"),
]


def written(record):
    return parse(canonical(to_fields(record)))


@pytest.mark.parametrize("record", [VERSION, Environment("3.11", "CPython", "Linux", "x86", "", 2, {"a": "1"}), Author("a", "b")])
def test_a_record_comes_back_as_it_went_in(record):
    back = from_fields(type(record), written(record))
    assert back == record
    assert type(back) is type(record)


@pytest.mark.parametrize("summary", SUMMARIES, ids=lambda one: type(one).__name__)
def test_a_summary_comes_back_as_it_went_in(summary):
    assert read_summary(written(summary)) == summary


def test_types_come_back_exactly():
    back = from_fields(Version, written(VERSION))
    assert type(back.duration) is float
    assert type(back.identity) is Digest
    assert back.origin is Origin.CELL
    assert type(back.cells) is tuple


def test_fields_of_a_later_mvlake_are_passed_over():
    document = written(VERSION)
    document["later"] = {"deep": [1]}
    document["cells"][0]["later"] = None
    assert from_fields(Version, document) == VERSION


def test_fields_with_a_default_may_be_absent():
    document = written(VERSION)
    del document["message"], document["names"]["mutated"], document["metrics"][0]["steps"]
    assert from_fields(Version, document).metrics[0].steps is None


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["name"], 5, "Version.name: wanted str, found int"),
        (["name"], None, "Version.name"),
        (["number"], True, "Version.number: wanted int, found bool"),
        (["number"], 1.5, "Version.number"),
        (["number"], "1", "Version.number"),
        (["parent"], "1", "Version.parent"),
        (["identity"], "b3:00", "Version.identity: not a digest"),
        (["identity"], 5, "Version.identity"),
        (["origin"], "moon", "Version.origin: 'moon'"),
        (["cells"], {}, "Version.cells"),
        (["cells", 0], [], r"Version.cells\[0\]"),
        (["cells", 0, "failed"], 0, r"Version.cells\[0\].failed"),
        (["names"], [], "Version.names"),
        (["names", "read", 0], None, r"Version.names.read\[0\]"),
        (["artifacts", 0, "role"], "spy", r"Version.artifacts\[0\].role"),
        (["artifacts", 0, "size"], "10", r"Version.artifacts\[0\].size"),
        (["git"], [], "Version.git"),
        (["duration"], "2", "Version.duration"),
        (["duration"], False, "Version.duration"),
    ],
)
def test_a_wrong_type_is_an_error_that_names_its_path(path, value, said):
    document = copy.deepcopy(written(VERSION))
    inner = document
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    with pytest.raises((ValueError, TypeError), match=said):
        from_fields(Version, document)


@pytest.mark.parametrize("field", ["name", "number", "identity", "cells", "duration", "git"])
def test_a_missing_field_is_an_error_that_names_it(field):
    document = written(VERSION)
    del document[field]
    with pytest.raises(ValueError, match=f"Version.*{field}"):
        from_fields(Version, document)


@pytest.mark.parametrize(
    "document", [None, 5, [], {}, {"kind": "moon"}, {"kind": ["value"]}, {"kind": "value"}, {"kind": "frame", "rows": 1}]
)
def test_what_is_no_summary_is_an_error(document):
    with pytest.raises((ValueError, TypeError)):
        read_summary(document)


@pytest.mark.parametrize("value", [object(), b"x", {1, 2}, 1j])
def test_what_is_no_part_of_a_record_is_refused(value):
    with pytest.raises(TypeError):
        to_fields(value)


def test_halves_of_characters_become_escapes_wherever_a_text_stands():
    assert to_fields(PackageSource("\ud800", SourceKind.GIT, "žluť 🦜"))["name"] == "\\ud800"
    assert canonical(to_fields(PackageSource("a\udcff", SourceKind.GIT, "žluť 🦜")))
