from datetime import UTC, datetime, timedelta

import pytest

from mvlake.cli.main import main
from mvlake.errors import GateClosed, Invalid
from mvlake.lake.gate_policy import parse_gates
from mvlake.lake.lake import Lake
from mvlake.lake.open import open_parts
from mvlake.records.asked import Asked, Extent
from mvlake.records.events import Replayed, Verdict, VerdictItem
from mvlake.store.keys import POLICY
from mvlake.view.document import as_document
from mvlake.view.html import as_html
from mvlake.view.text import as_text

NOW = datetime(2026, 3, 3, 14, tzinfo=UTC)
GATED = b'[gates.production]\nreplay = "numeric"\nreplay_within = "30 days"\n'


class Clock:
    """Stands still until a test moves it; `then` is done once when somebody looks at it."""

    def __init__(self):
        self.now, self.then = NOW, None

    def __call__(self):
        if self.then is not None:
            then, self.then = self.then, None
            then()
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def gated(tmp_path, clock, commit):
    """A lake with two versions, and a gate before @production."""
    lake = Lake(open_parts(tmp_path / "lake", create=True, clock=clock))
    commit(lake)
    commit(lake, depth=2)
    lake._parts.store.put_hint(POLICY, GATED)
    return lake


def replayed(lake, verdict, *, number=1, asked=None):
    item = VerdictItem("output", "x", verdict, "because")
    environment = lake._parts.ledger.entry("fraud", number).version.environment
    lake._parts.append(Replayed("fraud", number, verdict, (item,), environment, 1.0, "0.1", asked=asked))


def test_a_version_without_the_verdict_is_refused_and_told_what_to_type(gated):
    with pytest.raises(GateClosed) as caught:
        gated.promote("fraud:v1", "production")
    error = caught.value
    assert error.reason == "it was never replayed"
    assert "a replay that gave numeric or better within 30 days" in error.message
    assert "`mvlake replay fraud:v1`" in error.hint
    assert gated.labels().current == ()
    replayed(gated, Verdict.DRIFTED)
    with pytest.raises(GateClosed, match=r"its last replay, of 2026-03-03, gave drifted"):
        gated.promote("fraud:v1", "production")


@pytest.mark.parametrize("verdict", [Verdict.IDENTICAL, Verdict.EQUIVALENT, Verdict.NUMERIC])
def test_that_verdict_or_a_better_one_opens_the_gate(gated, verdict):
    replayed(gated, verdict)
    assert "v1" in gated.promote("fraud:v1", "production").sentence


@pytest.mark.parametrize("verdict", [Verdict.STATISTICAL, Verdict.NOT_COMPARABLE, Verdict.NOT_RUN, Verdict.FAILED])
def test_a_worse_one_does_not(gated, verdict):
    replayed(gated, Verdict.IDENTICAL)
    replayed(gated, verdict)  # the last counts
    with pytest.raises(GateClosed, match=f"gave {verdict.value}"):
        gated.promote("fraud:v1", "production")


def test_an_old_replay_is_too_old(gated, clock):
    replayed(gated, Verdict.IDENTICAL)
    clock.now += timedelta(days=31)
    with pytest.raises(GateClosed, match="is of 2026-03-03"):
        gated.promote("fraud:v1", "production")
    replayed(gated, Verdict.IDENTICAL)
    gated.promote("fraud:v1", "production")


def test_what_ran_beside_the_version_opens_nothing(gated):
    replayed(gated, Verdict.IDENTICAL, asked=Asked(Extent.SLICE, notebook="today.ipynb"))
    with pytest.raises(GateClosed, match="never replayed"):
        gated.promote("fraud:v1", "production")


def test_another_label_and_a_rollback_pass_no_gate(gated, clock):
    for number in (1, 2):
        replayed(gated, Verdict.IDENTICAL, number=number)
        gated.promote(f"fraud:v{number}", "production")
    clock.now += timedelta(days=60)
    assert "v2 → v1" in gated.rollback("production").sentence
    gated.promote("fraud:v2", "staging")


def test_a_label_that_is_there_already_asks_nobody(gated, clock):
    replayed(gated, Verdict.IDENTICAL)
    gated.promote("fraud:v1", "production")
    clock.now += timedelta(days=60)
    assert "already" in gated.promote("fraud:v1", "production").sentence


def test_a_verdict_that_comes_between_is_heard(gated, clock, tmp_path):
    replayed(gated, Verdict.IDENTICAL)
    other = Lake.open(tmp_path / "lake")
    clock.then = lambda: replayed(other, Verdict.DRIFTED)  # after the first look, before the record
    with pytest.raises(GateClosed, match="gave drifted"):
        gated.promote("fraud:v1", "production")
    assert gated.labels().current == ()


def test_show_and_labels_tell_what_may_be_promoted_and_why_not(gated, clock):
    document = as_document(gated.show("fraud:v1"))["gates"]
    assert document == [
        {
            "label": "production",
            "ref": "fraud:v1",
            "is_open": False,
            "reason": "it was never replayed",
            "wanted": "a replay that gave numeric or better within 30 days",
        }
    ]
    replayed(gated, Verdict.NUMERIC)
    shown = as_text(gated.show("fraud:v1"), width=200, now=NOW)
    assert "yes" in shown[shown.index("Gates") :]
    assert "may have it" in as_html(gated.show("fraud:v1"), pictures={})
    gated.promote("fraud:v1", "production")
    assert as_document(gated.labels())["gates"][0]["is_open"]
    clock.now += timedelta(days=60)
    listed = as_text(gated.labels(), width=200, now=NOW)
    assert "no · its last replay, which gave numeric, is of 2026-03-03" in listed


def test_a_lake_without_gates_speaks_of_none(lake, commit):
    commit(lake)
    lake.promote("fraud:v1", "production")
    assert "Gates" not in as_text(lake.show("fraud:v1"), width=200, now=NOW)
    assert as_document(lake.labels())["gates"] == []


def test_the_command_line_gives_the_code_of_an_error(gated, tmp_path, capsys):
    assert main(["promote", "fraud:v1", "production", "--lake", str(tmp_path / "lake")]) == 2
    assert "mvlake replay fraud:v1" in capsys.readouterr().err


def test_names_have_gates_of_their_own():
    gates = parse_gates(
        b'[gates.production]\nreplay = "statistical"\n'
        b'[gates.names."fraud-*".production]\nreplay = "identical"\n[gates.names."churn".staging]\nreplay = "numeric"\nreplay_within="12h"\n'
    )
    assert [(gate.name, gate.label, gate.replay.value, gate.within) for gate in gates] == [
        ("*", "production", "statistical", None),
        ("fraud-*", "production", "identical", None),
        ("churn", "staging", "numeric", 43_200.0),
    ]


@pytest.mark.parametrize(
    "said",
    [
        b"gates = 3",
        b"[gates]\nproduction = 3",
        b"[gates.production]",
        b'[gates.production]\nreplay = "drifted"',
        b'[gates.production]\nreplay = "best"',
        b"[gates.production]\nreplay = 3",
        b'[gates.production]\nreplay = "numeric"\nreplay_within = "a while"',
        b'[gates.production]\nreplay = "numeric"\nreplay_within = 30',
        b'[gates.production]\nreply = "numeric"',
        b'[gates."a b"]\nreplay = "numeric"',
        b'[gates.latest]\nreplay = "numeric"',
        b'[gates.names]\nfraud = "x"',
        b'[gates.names.""]\nproduction = {replay = "numeric"}',
        b'[gates.names."a\\u001b[31m"]\nproduction = {replay = "numeric"}',
        b"no toml",
        b"[[[[",
    ],
)
def test_what_nobody_can_mean_closes_the_gates_and_is_said(gated, said):
    replayed(gated, Verdict.IDENTICAL)
    gated._parts.store.put_hint(POLICY, said)
    with pytest.raises(Invalid, match=r"policy\.toml|length of time"):
        gated.promote("fraud:v1", "production")
    document = as_document(gated.show("fraud:v1"))
    assert document["gates"] == []
    assert document["gates_problem"]
    assert "cannot be told" in as_text(gated.labels(), width=200, now=NOW)


def test_a_slip_in_the_gates_keeps_no_version_from_being_made(gated, commit):
    gated._parts.store.put_hint(POLICY, b"[gates.production]\nreply = 3")
    assert commit(gated, depth=3).number == 3
