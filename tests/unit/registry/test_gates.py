from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mvlake.records.answers import Entry, Replay
from mvlake.records.asked import Asked, Extent
from mvlake.records.environment import Author
from mvlake.records.events import Replayed, Verdict, VerdictItem
from mvlake.records.gate import Gate
from mvlake.records.moment import to_text
from mvlake.records.record import Record
from mvlake.records.version import Names, Origin, Version
from mvlake.registry.gates import passage, why_closed
from mvlake.store.hashing import digest_of

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
D = digest_of(b"x")
DAY = 86_400.0

LEVELS = [verdict for verdict in Verdict if verdict.is_reproduced]
BESIDE = [Asked(Extent.SLICE, notebook="n.ipynb"), Asked(Extent.ALL, from_frames=True), Asked(Extent.SLICE, repeat=3)]
OF_VERSION = [None, Asked(Extent.ALL)]

verdicts = st.sampled_from(list(Verdict))
levels = st.sampled_from(LEVELS)
ages = st.floats(0, 90 * DAY)
gates = st.builds(Gate, st.just("production"), levels, within=st.none() | ages, within_text=st.just("so long"))


def replay(verdict, age=0.0, asked=None, items=None):
    judged = (VerdictItem("output", "x", verdict, "because"),) if items is None else items
    at = to_text(NOW - timedelta(seconds=age))
    return Replay(Replayed("fraud", 1, verdict, judged, D, 1.0, "0.1", asked=asked), at, "ana")


replays = st.builds(replay, verdicts, ages, st.sampled_from([*BESIDE, *OF_VERSION]))


def entry(*replays, name="fraud"):
    version = Version(name, 1, None, D, Origin.CELL, (), Names(), (), (), (), (), D, None, "", "", 1.0)
    record = Record(1, D, to_text(NOW), Author("ana", "lab"), version)
    return Entry(version, 1, D, record.at, "ana", (), (), (), tuple(replays), 0)


@given(gates, st.lists(replays, max_size=6))
def test_only_the_last_replay_of_the_version_itself_counts(gate, said):
    one = entry(*said)
    assert passage([gate], one, "production", NOW).reason == why_closed(gate, one.judged, NOW)
    beside = [replay(Verdict.IDENTICAL, 0.0, asked) for asked in BESIDE]
    assert passage([gate], entry(*said, *beside), "production", NOW) == passage([gate], one, "production", NOW)


@given(gates, verdicts, verdicts, ages)
def test_a_better_verdict_never_closes_a_gate(gate, better, worse, age):
    better, worse = sorted([better, worse], key=lambda one: one.severity)
    assert not why_closed(gate, replay(better, age), NOW) or why_closed(gate, replay(worse, age), NOW)


@given(gates, levels, ages)
def test_a_younger_replay_never_closes_a_gate(gate, verdict, age):
    assert not why_closed(gate, replay(verdict, age / 2), NOW) or why_closed(gate, replay(verdict, age), NOW)


@given(st.lists(gates, min_size=2, max_size=4), replays)
def test_all_gates_before_a_label_count(several, one):
    each = [passage([gate], entry(one), "production", NOW).reason for gate in several]
    assert bool(passage(several, entry(one), "production", NOW).reason) == any(each)


@given(gates, st.sampled_from(list(Verdict)))
def test_no_gate_opens_for_what_did_not_reproduce(gate, verdict):
    assert verdict.is_reproduced or why_closed(gate, replay(verdict), NOW)


@given(gates)
def test_what_was_never_replayed_passes_no_gate(gate):
    assert passage([gate], entry(), "production", NOW).reason == "it was never replayed"


@given(gates, levels)
def test_a_verdict_that_its_items_do_not_bear_out_opens_nothing(gate, verdict):
    drifted = (VerdictItem("output", "x", Verdict.DRIFTED, "1 off"),)
    assert "does not follow" in why_closed(gate, replay(verdict, items=drifted), NOW)
    assert "does not follow" in why_closed(gate, replay(verdict, items=()), NOW)


def test_the_time_that_a_replay_may_have_been_ago_is_met_to_the_second():
    gate = Gate("production", Verdict.NUMERIC, within=30 * DAY, within_text="30 days")
    assert why_closed(gate, replay(Verdict.NUMERIC, 30 * DAY), NOW) == ""
    assert "is of 2026-03-01" in why_closed(gate, replay(Verdict.NUMERIC, 30 * DAY + 1), NOW)


def test_a_replay_of_the_future_or_of_no_time_is_not_taken_for_a_new_one():
    gate = Gate("production", Verdict.NUMERIC, within=DAY)
    assert "not before now" in why_closed(gate, replay(Verdict.IDENTICAL, -3600), NOW)
    for at in ("9999-99-99T99:99:99.999999Z", "", "2026-03-31T11:00:00.000000"):
        judged = Replay(replay(Verdict.IDENTICAL).replayed, at, "mallory")
        assert "not before now" in why_closed(gate, judged, NOW)


def test_a_gate_stands_before_its_label_for_the_names_that_it_fits():
    gate = Gate("production", Verdict.IDENTICAL, name="fraud*")
    assert passage([gate], entry(name="fraud-2"), "production", NOW).reason
    assert passage([gate], entry(name="churn"), "production", NOW) is None
    assert passage([gate], entry(name="fraud-2"), "staging", NOW) is None
