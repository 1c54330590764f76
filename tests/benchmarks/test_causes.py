"""How causes are counted: the printed figures are those of `python -m benchmarks causes`; tests/kernel/test_causes.py replays some."""

from benchmarks.causes import Found, rates
from benchmarks.seeded import FAULTS, Fault

from mvlake.records.departure import CauseKind
from mvlake.records.events import Verdict


def found(expected, named):
    return Found(Fault("x", expected, ("x = 1",)), "drifted", named, "guess" if named else "", 1, True)


def test_precision_is_of_the_named_and_recall_of_the_faults():
    results = [found("seed", "seed"), found("time", "seed"), found("order", ""), found("", "time"), found("", "")]
    assert rates(results) == (1 / 3, 1 / 3)
    assert rates([found("", "")]) == (1.0, 1.0)
    assert rates([found("seed", "")]) == (1.0, 0.0)


def test_a_fault_is_right_by_cause_and_verdict():
    assert found("seed", "seed").is_right
    assert not found("seed", "time").is_right
    assert "NOT" in found("seed", "").line
    assert "unknown" in found("seed", "").line


def test_faults_have_names_of_their_own_causes_and_verdicts_that_there_are():
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 50
    assert {fault.cause for fault in FAULTS} <= {"", *CauseKind}
    assert {fault.verdict for fault in FAULTS} <= set(Verdict)
    assert sum(not fault.cause for fault in FAULTS) >= 9
