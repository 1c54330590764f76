import pickle
from dataclasses import replace

import pytest

from mvlake.errors import DamagedRecord, FormatTooNew
from mvlake.records.artifact import Role
from mvlake.records.asked import Asked, Extent, Repeated
from mvlake.records.canonical import canonical, parse
from mvlake.records.described import Described, LazyKind, Trait
from mvlake.records.digest import Digest
from mvlake.records.environment import Author
from mvlake.records.events import (
    Attempt,
    Confirmation,
    Correction,
    Forgotten,
    LabelMove,
    Meaning,
    Move,
    Note,
    Repacked,
    Replayed,
    Tag,
    Verdict,
    VerdictItem,
)
from mvlake.records.hint import Hint, HintCode
from mvlake.records.lineage import Descent, KnownBy, ParentKind, Portion
from mvlake.records.randomness import Draw, GeneratorKind, Seed
from mvlake.records.record import BODY_KINDS, FORMAT, Record, Unknown, read_record, record_bytes
from mvlake.records.version import Cell, Names, Origin, Version

D = Digest("b3:" + "0d" * 32)
AT = "2026-03-03T14:00:00.000000Z"
BODIES = {
    "version": Version("a", 1, None, D, Origin.AUTO, (Cell(D),), Names(), (), (), (), (), D, None, "", AT, 0.5),
    "confirmation": Confirmation("a", 1, AT, 1.0),
    "attempt": Attempt("a", (Cell(D, failed=True),), "ValueError", "no", AT, 0.25),
    "label": LabelMove("a", "production", None, 1, Move.PROMOTE, "because"),
    "note": Note("a", 1, "text \U0001f600"),
    "tag": Tag("a", 1, "good", is_removed=True),
    "replay": Replayed("a", 1, Verdict.DRIFTED, (VerdictItem("metric", "auc", Verdict.DRIFTED, "0.1 off"),), D, 3.5, "mvlake 1"),
    "forgotten": Forgotten("a", 1, "leaked rows"),
    "correction": Correction("a", 1, "scores.auc", Meaning.NOTHING),
    "repacked": Repacked((D,)),
}


def record(body, **changed):
    return Record(**{"seq": 7, "prev": D, "at": AT, "by": Author("ana", "lab"), "body": body, **changed})


def changed(field, value):
    document = parse(record_bytes(record(BODIES["note"])))
    if value is KeyError:
        del document[field]
    else:
        document[field] = value
    return canonical(document)


def test_every_kind_of_body_is_among_the_samples():
    assert set(BODIES) == set(BODY_KINDS)


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize("packs", [(), (D,), (D, D)])
def test_a_record_comes_back_as_it_went_in(kind, packs):
    one = record(BODIES[kind], packs=packs)
    assert one.kind == kind
    assert read_record(record_bytes(one), 7) == one


def test_hints_come_back_as_they_went_in():
    hints = (Hint(HintCode.HIDDEN_STATE, "it rests on In [2]", ("df",), (1, 3)), Hint(HintCode.TIME_DEPENDENT, "now()"))
    one = record(replace(BODIES["version"], hints=hints))
    assert read_record(record_bytes(one), 7) == one


def test_lazy_things_come_back_as_they_went_in():
    plan = Described(Role.INPUT, "lf", "polars.LazyFrame", LazyKind.PLAN, "lf = scan('a')", 1, "select 1", (Trait("columns", "a"),))
    one = record(replace(BODIES["version"], described=(plan, Described(Role.OUTPUT, "it", "generator", LazyKind.ITERATOR))))
    assert read_record(record_bytes(one), 7) == one


def test_lineage_comes_back_as_it_went_in():
    step = Descent("train", "df", ParentKind.VARIABLE, KnownBy.CONTENT, Portion.ROWS, "sample", 2, 80, 100, D)
    one = record(replace(BODIES["version"], lineage=(step, Descent("df", "a.csv", ParentKind.FILE, KnownBy.TEXT, Portion.UNKNOWN))))
    assert read_record(record_bytes(one), 7) == one


def test_how_a_replay_was_done_comes_back_as_it_went_in():
    asked = Asked(Extent.ALL, "train.ipynb", D, from_frames=True, repeat=5)
    told = replace(BODIES["replay"], asked=asked, repeats=(Repeated("auc", (0.5, 1.0), missing=3),))
    assert read_record(record_bytes(record(told)), 7).body == told
    usual = parse(record_bytes(record(BODIES["replay"])))["body"]
    assert {"asked", "repeats"}.isdisjoint(usual)


def test_draws_and_seeds_come_back_as_they_went_in():
    draws = (Draw(1, "rng", GeneratorKind.NUMPY, D), Draw(2, "torch", GeneratorKind.TORCH, is_seeded=True, problem="gone"))
    one = record(replace(BODIES["version"], draws=draws, seeds=(Seed(1, "seed", 3), Seed(1, "seed", None))))
    assert read_record(record_bytes(one), 7) == one


def test_what_most_versions_do_not_have_takes_no_room_in_their_records():
    body = parse(record_bytes(record(BODIES["version"])))["body"]
    assert {"hints", "draws", "seeds", "imports", "described", "lineage"}.isdisjoint(body)
    assert body["params"] == body["artifacts"] == []


def test_the_bytes_of_a_record_are_canonical():
    data = record_bytes(record(BODIES["version"]))
    assert canonical(parse(data)) == data


def test_a_kind_of_a_later_mvlake_keeps_its_place_and_says_nothing():
    found = read_record(changed("kind", "moon-phase"), 7)
    assert found.body == Unknown("moon-phase")
    assert found.kind == "moon-phase"
    assert found.prev == D


def test_fields_of_a_later_mvlake_are_passed_over():
    assert read_record(changed("later", {"x": 1}), 7) == record(BODIES["note"])


@pytest.mark.parametrize("format_", [FORMAT + 1, 2**40])
def test_a_later_format_says_that_it_is_later(format_):
    with pytest.raises(FormatTooNew):
        read_record(changed("format", format_), 7)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("format", 0), ("format", -1), ("format", "1"), ("format", None), ("format", KeyError),
        ("seq", 8), ("seq", "7"), ("seq", KeyError),
        ("prev", "b3:00"), ("prev", None), ("prev", str(D).upper()), ("prev", KeyError),
        ("at", 5), ("at", None), ("at", KeyError),
        ("by", "ana"), ("by", {}), ("by", {"user": 1, "host": "x"}), ("by", KeyError),
        ("kind", KeyError), ("kind", "version"), ("body", []), ("body", {}), ("body", KeyError),
        ("packs", "x"), ("packs", 0), ("packs", [""]), ("packs", None), ("packs", [[]]), ("packs", {}),
    ],
)  # fmt: skip
def test_a_field_that_is_wrong_is_a_damaged_record(field, value):
    with pytest.raises(DamagedRecord):
        read_record(changed(field, value), 7)


@pytest.mark.parametrize("data", [b"", b"null", b"[]", b"7", b'"x"', b"{}", b"\xff\xfe", b"{" * 100_000, b"\x00" * 100])
def test_bytes_that_are_no_record_are_a_damaged_record(data):
    with pytest.raises(DamagedRecord, match="record 7"):
        read_record(data, 7)


def test_every_shortened_record_is_a_damaged_record():
    data = record_bytes(record(BODIES["label"]))
    for length in range(len(data)):
        with pytest.raises(DamagedRecord):
            read_record(data[:length], 7)


def test_verdicts_are_listed_from_best_to_worst():
    told = "identical equivalent numeric statistical drifted not_comparable not_run failed"
    assert [one.value for one in sorted(Verdict, key=lambda one: one.severity)] == [word.replace("_", " ") for word in told.split()]
    assert [one for one in Verdict if one.is_reproduced] == list(Verdict)[:4]


@pytest.mark.parametrize(
    "text", ["", "b3:", "b3:" + "0" * 63, "b3:" + "0" * 65, "b3:" + "G" * 64, "b3:" + "A" * 64, f"{D}\n", "0" * 67]
)
def test_what_is_no_digest_is_refused(text):
    with pytest.raises(ValueError, match="not a digest"):
        Digest(text)


def test_a_digest_survives_a_pickle_as_a_digest():
    again = pickle.loads(pickle.dumps(D))
    assert (again, type(again)) == (D, Digest)
