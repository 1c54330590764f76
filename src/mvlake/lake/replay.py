"""Replay: a version's cells run again, and what they make is judged against the version."""

import json
import os
from pathlib import Path

from mvlake.errors import CannotReplay, ReadOnlyLake
from mvlake.lake import variables
from mvlake.lake.foresee import foresee
from mvlake.lake.not_run import without_code, without_running
from mvlake.lake.parts import Parts
from mvlake.lake.prepared import Prepared, prepare
from mvlake.lake.progress import Tell, say, tell_nobody
from mvlake.lake.replayed import conclude
from mvlake.lake.rerun import Rerun, rerun
from mvlake.lake.screened_notebook import screened_notebook
from mvlake.lake.trust import check_trust
from mvlake.records.answers import Verdicts
from mvlake.records.foreseen import Planned
from mvlake.records.plan import Plan

_TOLD = 5  # differences that are told before anything runs; the verdict has them all


def replay(parts: Parts, ref: str, plan: Plan, *, output: str | Path | None, tell: Tell = tell_nobody) -> Verdicts:
    """Run a version again and return the verdict, which is also recorded. What cannot be rebuilt is `not run`, and says why."""
    try:
        prepared, foreseen = _look(parts, ref, plan)
    except CannotReplay as error:
        if not plan.is_usual:  # the version itself may well run
            raise
        return without_code(parts, ref, error)
    if foreseen.lacking:
        return without_running(parts, prepared, foreseen)
    _check(prepared, foreseen, plan, tell)
    with rerun(parts, prepared, plan, tell) as again:
        replayed = conclude(parts, prepared, again, plan, tell)
    if output is not None:
        keep_executed(parts, prepared, again, Path(output))
    return Verdicts(prepared.entry.ref, replayed, notebook=str(output or ""), error=again.execution.error)


def begin(parts: Parts, ref: str, plan: Plan, tell: Tell) -> Prepared:
    """Return what is about to run, and tell what is known of it; CannotReplay, which says what is missing, when it cannot.

    UntrustedCode when this user did not make it, and the plan does not say that it may run.
    """
    prepared, foreseen = _look(parts, ref, plan)
    if foreseen.lacking:
        raise CannotReplay(prepared.entry.ref, reason="; ".join(f"{one.name}: {one.reason}" for one in foreseen.lacking[:4]))
    _check(prepared, foreseen, plan, tell)
    return prepared


def _look(parts: Parts, ref: str, plan: Plan) -> tuple[Prepared, Planned]:
    """Return what is to run, and what is known of it."""
    if os.environ.get(variables.CAPTURE_TO):
        raise ReadOnlyLake(parts.store.location, reason="this is a replay already, which might come here again and again")
    prepared = prepare(parts, ref, plan)
    return prepared, foresee(parts, prepared, plan)


def _check(prepared: Prepared, foreseen: Planned, plan: Plan, tell: Tell) -> None:
    """Raise UntrustedCode where a word is missing; else say what differs, before anything runs."""
    check_trust([prepared], is_trusted=plan.is_trusted)
    for one in foreseen.doubts[:_TOLD]:
        say(tell, f"{prepared.entry.ref}, {one.name}: {one.reason}")


def keep_executed(parts: Parts, prepared: Prepared, again: Rerun, output: Path) -> None:
    """Write the executed notebook, without what is secret or hidden."""
    text = json.dumps(again.execution.notebook, indent=1, ensure_ascii=False)
    screen = parts.guard.screen(prepared.entry.version.name, again.columns)
    shown = text if screen is None else screened_notebook(text, screen)[0]
    output.write_text(parts.guard.text(shown) + "\n", encoding="utf-8")
