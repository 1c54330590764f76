"""Why a version drifted: a seeded fault for each cause, and what is found; `python -m benchmarks causes` has more of them."""

import pytest
from benchmarks.seeded import FAULTS, recorded

from mvlake.lake.lake import Lake
from mvlake.records.departure import Basis, CauseKind, InputKind
from mvlake.records.events import Verdict

QUICK = {fault.name: fault for fault in FAULTS if fault.is_quick}
BY_EXPERIMENT = {"urandom", "now", "set-of-texts", "as-completed", "builtins", "processors"}


@pytest.fixture(scope="module")
def replays():
    """Each fault is replayed once, when a test first asks for it."""
    answers = {}
    with recorded(tuple(QUICK.values())) as replayed:

        def answer(name):
            if name not in answers:
                answers[name] = replayed(QUICK[name])
            return answers[name]

        yield answer


def test_there_is_a_fault_for_every_cause():
    causes = {kind.value for kind in CauseKind} - {CauseKind.UNKNOWN.value}
    assert {fault.cause for fault in FAULTS} - {""} == causes
    assert {fault.cause for fault in QUICK.values()} - {""} == causes


@pytest.mark.parametrize("name", QUICK)
def test_a_seeded_fault_is_named(replays, name):
    fault, told = QUICK[name], replays(name).replayed
    assert told.verdict.value == fault.verdict, told.items
    if not fault.cause:
        assert told.departure is None
        return
    found = told.departure.causes[0]
    assert found.kind.value == fault.cause, told.departure
    assert found.basis is (Basis.EXPERIMENT if name in BY_EXPERIMENT else Basis.EVIDENCE)
    assert found.reason
    assert found.advice
    if fault.cell:
        assert (told.departure.cell, told.departure.is_exact) == (fault.cell, True), told.departure


def test_what_differed_is_told_with_the_cell_that_went_by_it(replays):
    inputs = {(one.kind, one.name, one.cell) for one in replays("urandom").replayed.departure.inputs}
    assert inputs == {(InputKind.GENERATOR, "the operating system's", 2), (InputKind.VARIABLE, "salt", 2)}
    assert {(one.kind, one.name) for one in replays("package").replayed.departure.inputs} == {(InputKind.PACKAGE, "fakestats")}
    assert replays("package").replayed.departure.causes[0].advice == "pin fakestats==1.0"
    assert InputKind.CLOCK in {one.kind for one in replays("now").replayed.departure.inputs}


@pytest.fixture
def luck(tmp_path, start_kernel):
    kernel = start_kernel()
    kernel.run("import os")
    kernel.run("%%track luck\nvalue = [os.urandom(8).hex()]")
    return Lake.open(tmp_path / "lake", create=False)


def test_experiments_are_left_out_or_interrupted_and_the_verdict_says_so(luck, tmp_path, monkeypatch):
    def records():
        return len(list((tmp_path / "lake").rglob("log/*/*.json")))

    before = records()
    told = luck.replay("luck:v1", no_diagnose=True).replayed.departure
    assert told.untested == "it was not wanted"
    assert [(one.kind, one.basis) for one in told.causes] == [(CauseKind.SEED, Basis.GUESS)]
    assert luck.show("luck:v1").entry.replays[-1].replayed.departure == told

    def stop(what, done, size):
        if what.startswith("experiment"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        luck.replay("luck:v1", tell=stop)
    last = luck.show("luck:v1").entry.replays[-1].replayed
    assert (last.verdict, last.departure.untested) == (Verdict.DRIFTED, "they were interrupted")
    assert last.departure.causes == told.causes
    monkeypatch.setattr("mvlake.lake.diagnosis.LONGEST", 0.5)
    assert "they are made up to" in luck.replay("luck:v1").replayed.departure.untested
    assert records() == before + 3  # the verdicts, and no version
