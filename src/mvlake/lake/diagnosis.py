"""Diagnosis: of a replay that did not reproduce, where it left its version, what differed there, and why.

What is known without running anything comes first. Then the cells run again, while that is cheap: once with all held fixed that
differs from run to run, then with one thing at a time held at something else. What makes a difference is a cause.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mvlake.compare.causes import causes
from mvlake.compare.departure import departure
from mvlake.lake.accounts import read_accounts
from mvlake.lake.experiment import Laboratory
from mvlake.lake.parts import Parts
from mvlake.lake.prepared import Prepared
from mvlake.lake.progress import Tell, tell_nobody
from mvlake.lake.rerun import Rerun
from mvlake.lake.trials import Trials
from mvlake.records.departure import Departure
from mvlake.records.dossier import Dossier
from mvlake.records.events import Difference, Verdict, VerdictItem
from mvlake.records.plan import EXACT, Plan

LONGEST = 60.0
"""Seconds: after a replay that took longer, no experiments are made."""

_MOST = 8.0  # times as long as the replay took, all experiments together


@dataclass(frozen=True, slots=True)
class Drift:
    """A replay that did not reproduce: what came in the version's place (None: nothing), how it was judged, what differs around."""

    prepared: Prepared
    again: Rerun
    verdict: Verdict
    items: Sequence[VerdictItem]
    replayed: Dossier | None
    differences: Sequence[Difference]


def known(parts: Parts, drift: Drift) -> Departure:
    """Return where a replay left its version, and why, as far as that is known without running anything."""
    recorded, execution = drift.prepared.dossier, drift.again.execution
    accounts = read_accounts(drift.again.scratch.accounts)
    left = departure(recorded, drift.replayed, accounts, drift.differences, failed_cell=execution.failed_cell)
    return replace(left, causes=causes(recorded, left, drift.differences, parts.guard.text(execution.error)))


def tried(parts: Parts, drift: Drift, left: Departure, plan: Plan, tell: Tell = tell_nobody) -> Departure:
    """Return what is known with what experiments say of it, or why none were made."""
    untested = _untested(drift, plan)
    if untested:
        return replace(left, untested=untested)
    duration = drift.again.execution.duration
    if plan.env == EXACT:  # its environment is there by now
        plan = replace(plan, env=str(drift.again.interpreter.python))
    laboratory = Laboratory(parts, drift.prepared, plan, tell, duration, _MOST * duration, _cpus(drift))
    return Trials(laboratory, left, drift.items, drift.replayed).conducted()


def _untested(drift: Drift, plan: Plan) -> str:
    """Return why no experiment is made, "" when one is."""
    if not plan.diagnose:
        return "it was not wanted"
    if drift.again.execution.duration > LONGEST:
        return f"the replay took {drift.again.execution.duration:.0f} s, and they are made up to {LONGEST:.0f}"
    if drift.again.execution.is_cut_short:
        return "its cell was ended, and would be again"
    if drift.verdict not in (Verdict.DRIFTED, Verdict.FAILED):
        return f"nothing is to be compared where all is {drift.verdict.value}"
    return ""


def _cpus(drift: Drift) -> int:
    """Return how many processors the version had, 0 when the replay has as many, or one of both is not known."""
    then = drift.prepared.dossier.environment
    now = drift.replayed.environment if drift.replayed is not None else None
    return then.cpus if then is not None and now is not None and then.cpus != now.cpus else 0
