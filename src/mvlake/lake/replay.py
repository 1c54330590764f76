"""Replay: a version's cells run again, and what they make is judged against the version."""

import json
import os
from pathlib import Path

from mvlake.errors import ReadOnlyLake
from mvlake.lake import variables
from mvlake.lake.parts import Parts
from mvlake.lake.prepared import Prepared, prepare
from mvlake.lake.progress import Tell, say, tell_nobody
from mvlake.lake.replayed import conclude
from mvlake.lake.rerun import Rerun, rerun
from mvlake.lake.screened_notebook import screened_notebook
from mvlake.lake.trust import check_trust
from mvlake.records.answers import Verdicts
from mvlake.records.plan import Plan

_TOLD = 5  # differences that are told before anything runs; the verdict has them all


def replay(parts: Parts, ref: str, plan: Plan, *, output: str | Path | None, tell: Tell = tell_nobody) -> Verdicts:
    """Run a version again and return the verdict, which is also recorded."""
    prepared = begin(parts, ref, plan, tell)
    with rerun(parts, prepared, plan, tell) as again:
        replayed = conclude(parts, prepared, again, plan, tell)
    if output is not None:
        keep_executed(parts, prepared, again, Path(output))
    return Verdicts(prepared.entry.ref, replayed, notebook=str(output or ""), error=again.execution.error)


def begin(parts: Parts, ref: str, plan: Plan, tell: Tell) -> Prepared:
    """Return what is about to run, and tell what is known of it already; CannotReplay when there is nothing to run.

    UntrustedCode when this user did not make it, and the plan does not say that it may run.
    """
    if os.environ.get(variables.CAPTURE_TO):
        raise ReadOnlyLake(parts.store.location, reason="this is a replay already, which might come here again and again")
    prepared = prepare(parts, ref, plan)
    check_trust([prepared], is_trusted=plan.is_trusted)
    for one in prepared.differences[:_TOLD]:
        say(tell, f"{prepared.entry.ref}, {one.name}: {one.reason}")
    return prepared


def keep_executed(parts: Parts, prepared: Prepared, again: Rerun, output: Path) -> None:
    """Write the executed notebook, without what is secret or hidden."""
    text = json.dumps(again.execution.notebook, indent=1, ensure_ascii=False)
    screen = parts.guard.screen(prepared.entry.version.name, again.columns)
    shown = text if screen is None else screened_notebook(text, screen)[0]
    output.write_text(parts.guard.text(shown) + "\n", encoding="utf-8")
