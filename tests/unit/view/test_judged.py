"""The few lines of a failed item: what, how far it is off, where the replay departed, and why."""

from dataclasses import replace

from mvlake.records.answers import Verdicts
from mvlake.records.departure import Basis, Cause, CauseKind, Departed, Departure, InputKind
from mvlake.records.events import Difference, DifferenceKind, Verdict, VerdictItem
from mvlake.view.judged import failure_text, first_line

ITEM = VerdictItem("metric", "auc", Verdict.DRIFTED, "is off by 0.125 (relative 0.25): beyond 1e-09 for float64")
DEPARTURE = Departure(
    cell=3,
    is_exact=True,
    inputs=(Departed(InputKind.PACKAGE, "numpy", 2, "2.4.0 then, 2.5.0 now"),),
    causes=(Cause(CauseKind.PACKAGE, Basis.EVIDENCE, "it changed", name="numpy", advice="install numpy 2.4.0"),),
)


def test_a_failure_names_the_distance_the_cell_and_the_cause(make):
    answer = Verdicts("fraud:v3", replace(make.replayed(), departure=DEPARTURE))
    assert failure_text(answer, [ITEM], Verdict.NUMERIC).splitlines() == [
        "fraud:v3: metric auc drifted: is off by 0.125 (relative 0.25): beyond 1e-09 for float64",
        "departs in cell 3",
        "differed before it: package numpy: 2.4.0 then, 2.5.0 now",
        "cause (evidence): package numpy: it changed; install numpy 2.4.0",
    ]


def test_without_a_cause_what_differs_here_is_told(make):
    found = Difference(DifferenceKind.PACKAGE, "numpy", "2.4.0 then, 2.5.0 now")
    answer = Verdicts("fraud:v3", replace(make.replayed(), departure=None, differences=(found,)))
    assert "differs here: package numpy: 2.4.0 then, 2.5.0 now" in failure_text(answer, [ITEM], Verdict.NUMERIC)
    near = replace(ITEM, verdict=Verdict.NUMERIC)
    assert failure_text(answer, [near] * 8, Verdict.IDENTICAL).splitlines()[6:8] == ["… and 2 more", "identical or better passes"]


def test_hostile_words_stay_in_their_line():
    assert first_line("\x1b[31mred\x1b[0m\nmore") == "red"
