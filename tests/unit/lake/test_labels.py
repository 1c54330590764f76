from datetime import UTC, datetime, timedelta

import pytest

from mvlake.errors import AmbiguousRef, InvalidName, InvalidTime, LabelNotFound, NothingToRollBack, VersionNotFound
from mvlake.lake.lake import Lake
from mvlake.lake.open import create_lake, parts_of
from mvlake.store.memory import MemoryStore


class Clock:
    """Noon of a day that a test turns over."""

    def __init__(self):
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self):
        return self.now

    def next_day(self):
        self.now += timedelta(days=1)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def three(clock, commit):
    store = MemoryStore()
    create_lake(store, clock())
    lake = Lake(parts_of(store, clock=clock))
    for depth in (1, 2, 3):
        commit(lake, depth=depth)
    return lake


def places(held):
    return {f"{row.move.name}@{row.move.label}": row.move.to_number for row in held}


def test_a_label_moves_by_a_record_that_says_who_when_where_and_why(three):
    assert three.promote("fraud:v1", "production", reason="approved").ref == "fraud:v1"
    done = three.promote("fraud", "@production", reason="better")
    assert "v1 → v3" in done.sentence
    first, second = three.labels("fraud").history
    assert (first.move.from_number, first.move.to_number, first.move.reason) == (None, 1, "approved")
    assert (second.move.from_number, second.move.to_number, second.move.reason) == (1, 3, "better")
    assert second.author
    assert second.at == "2026-03-01T12:00:00.000000Z"
    assert places(three.labels().current) == {"fraud@production": 3}


def test_a_promotion_to_where_the_label_is_writes_nothing(three):
    three.promote("fraud:v1", "production")
    records = three.status().records
    assert "already" in three.promote("fraud:v1", "production").sentence
    assert three.status().records == records


def test_a_promotion_by_label_or_parent_finds_its_version(three):
    three.promote("fraud:v3", "staging")
    assert three.promote("fraud@staging", "production").ref == "fraud:v3"
    assert three.promote("fraud@production~1", "fallback").ref == "fraud:v2"


def test_a_rollback_goes_back_and_further_back(three):
    for number in (1, 2, 3):
        three.promote(f"fraud:v{number}", "production")
    assert three.rollback("fraud@production", reason="alarm").ref == "fraud:v2"
    assert three.rollback("production").ref == "fraud:v1"
    with pytest.raises(NothingToRollBack):
        three.rollback("@production")
    assert three.show("@production").entry.ref == "fraud:v1"
    moves = [(row.move.from_number, row.move.to_number, str(row.move.move)) for row in three.labels().history]
    assert moves[3:] == [(3, 2, "rollback"), (2, 1, "rollback")]
    assert three.labels().history[3].move.reason == "alarm"


def test_a_rollback_of_a_label_that_is_not_there_lists_those_that_are(three):
    three.promote("fraud:v1", "production")
    for label in ("fraud@staging", "staging", "@staging"):
        with pytest.raises(LabelNotFound) as raised:
            three.rollback(label)
        assert "@production" in str(raised.value)
    with pytest.raises(VersionNotFound):
        three.rollback("frod@production")


def test_a_label_of_two_names_is_rolled_back_by_its_full_name(three, commit):
    for depth in (1, 2):
        commit(three, "churn", depth=depth)
        three.promote(f"churn:v{depth}", "production")
        three.promote(f"fraud:v{depth}", "production")
    with pytest.raises(AmbiguousRef) as raised:
        three.rollback("production")
    assert set(raised.value.candidates) == {"churn@production", "fraud@production"}
    assert three.rollback("churn@production").ref == "churn:v1"
    assert three.show("fraud@production").entry.ref == "fraud:v2"


@pytest.mark.parametrize("label", ["", "@", "latest", "@latest", "a/b", "..", "🐟", "x" * 101, "x" * 500, "a b", "@@a", "-x"])
def test_a_label_that_is_no_label_is_refused(three, label):
    records = three.status().records
    with pytest.raises(InvalidName):
        three.promote("fraud:v1", label)
    assert three.status().records == records


def test_labels_of_one_name_leave_out_the_others(three, commit):
    commit(three, "churn")
    three.promote("churn", "production")
    three.promote("fraud", "staging")
    assert places(three.labels("churn").current) == {"churn@production": 1}
    assert places(three.labels().current) == {"churn@production": 1, "fraud@staging": 3}
    assert three.labels("fraud").history[0].move.label == "staging"
    with pytest.raises(VersionNotFound) as raised:
        three.labels("frod")
    assert set(raised.value.existing) == {"churn", "fraud"}


def test_at_a_moment_the_label_is_where_it_was_then(three, clock):
    three.promote("fraud:v1", "production")
    clock.next_day()
    three.promote("fraud:v2", "production")
    clock.next_day()
    three.rollback("production")
    for moment, held in [
        ("2026-03-01T11:59", {}),
        ("2026-03-01T12:00", {"fraud@production": 1}),
        ("2026-03-01T13:00+01:00", {"fraud@production": 1}),
        ("2026-03-01T12:59+01:00", {}),
        ("2026-03-02T11:59:59.999999", {"fraud@production": 1}),
        ("2026-03-02T12:00", {"fraud@production": 2}),
        ("2026-03-02", {"fraud@production": 2}),
        ("2026-03-03", {"fraud@production": 1}),
        ("2030-01-01", {"fraud@production": 1}),
        ("1999-01-01", {}),
    ]:
        assert places(three.at(moment).rows) == held, moment
        assert places(three.at(moment, "fraud@production").rows) == held, moment
        assert places(three.at(moment, "production").rows) == held, moment


def test_a_bare_date_means_its_end(three):
    three.promote("fraud:v1", "production")
    assert places(three.at("2026-03-01").rows) == {"fraud@production": 1}
    assert three.at("2026-03-01").at == "2026-03-01T23:59:59.999999Z"
    assert three.at("2026-02-28").rows == ()


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-13-01", "2026-02-30", "03/03/2026", "x" * 500, "🐟", "0001-01-01T00:00+23:00"]
)
def test_a_text_that_is_no_time_says_how_one_is_written(three, text):
    with pytest.raises(InvalidTime) as raised:
        three.at(text)
    assert "2026-03-03T14:00" in str(raised.value)


def test_at_of_a_label_that_never_was_lists_those_that_were(three):
    three.promote("fraud:v1", "production")
    for label in ("prodution", "fraud@prodution"):
        with pytest.raises(LabelNotFound) as raised:
            three.at("2026-03-03", label)
        assert "@production" in str(raised.value)
    with pytest.raises(VersionNotFound):
        three.at("2026-03-03", "frod@production")
    with pytest.raises(InvalidName):
        three.at("2026-03-03", "a/b")


def test_a_move_says_from_where_the_label_really_went(tmp_path, commit):
    mine, theirs = Lake.open(tmp_path), Lake.open(tmp_path)
    for depth in (1, 2, 3):
        commit(mine, depth=depth)
    mine.promote("fraud:v1", "production")
    theirs.promote("fraud:v2", "production")
    mine.promote("fraud:v3", "production")
    assert [(row.move.from_number, row.move.to_number) for row in theirs.labels().history] == [(None, 1), (1, 2), (2, 3)]
    assert theirs.rollback("production").ref == "fraud:v2"
    assert mine.show("@production").entry.ref == "fraud:v2"
