"""Repeat: a version runs several times, each in a fresh kernel with other random states, and its metrics spread as they do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mvlake.compare.run_to_run import finite_metrics, judge_runs
from mvlake.errors import MvlakeError
from mvlake.lake.dossier import read_dossier
from mvlake.lake.open import open_parts
from mvlake.lake.parts import Parts
from mvlake.lake.prepared import Prepared
from mvlake.lake.progress import Tell, tell_nobody
from mvlake.lake.replay import begin, keep_executed, replay
from mvlake.lake.replayed import made_by, record_verdict, surroundings_of
from mvlake.lake.rerun import Rerun, rerun
from mvlake.records.answers import Verdicts
from mvlake.records.asked import Asked, Repeated
from mvlake.records.dossier import Dossier
from mvlake.records.environment import Environment
from mvlake.records.events import Difference, Verdict, VerdictItem, worst
from mvlake.records.plan import Plan
from mvlake.records.version import Version


@dataclass(frozen=True, slots=True)
class _Run:
    """One run: its metrics that are finite numbers, how long it took, what it found around it; with an `error`, that it failed."""

    metrics: dict[str, float]
    duration: float
    environment: Environment | None
    differences: tuple[Difference, ...]
    error: str = ""


def replay_or_repeat(parts: Parts, ref: str, plan: Plan, *, output: str | Path | None, tell: Tell = tell_nobody) -> Verdicts:
    """Return the verdict on a version that runs once, or as often as the plan says."""
    return (replay if plan.repeat == 1 else repeat)(parts, ref, plan, output=output, tell=tell)


def repeat(parts: Parts, ref: str, plan: Plan, *, output: str | Path | None, tell: Tell = tell_nobody) -> Verdicts:
    """Run a version several times and record what its metrics came out as; of the last run, the notebook is kept.

    No state of a generator is put back. Where the first run fails, no other follows. An interrupt ends the run under way; those
    that have ended are recorded, if there are any.
    """
    prepared = _unseeded(begin(parts, ref, plan, tell))
    runs: list[_Run] = []
    is_interrupted = False
    try:
        for run in _runs(parts, prepared, plan, None if output is None else Path(output), tell):
            runs.append(run)
            if run.error and len(runs) == 1:
                break
    except KeyboardInterrupt:
        if not runs:
            raise
        is_interrupted = True
    version, asked = prepared.entry.version, replace(prepared.asked or Asked(plan.cells), repeat=plan.repeat)
    repeats, last = _repeats(version, runs), runs[-1]
    items = _items(version, runs, repeats)
    told = last.environment, sum(run.duration for run in runs), last.differences
    replayed = record_verdict(parts, prepared.entry, worst(items), items, *told, asked=asked, repeats=repeats)
    error = next((run.error for run in runs if run.error), "")
    return Verdicts(prepared.entry.ref, replayed, notebook=str(output or ""), error=error, is_interrupted=is_interrupted)


def _unseeded(prepared: Prepared) -> Prepared:
    """Return what runs, so that nothing is put back before its cells."""
    return replace(prepared, cells=tuple(replace(cell, place=0) for cell in prepared.cells))


def _runs(parts: Parts, prepared: Prepared, plan: Plan, output: Path | None, tell: Tell) -> Iterator[_Run]:
    for count in range(1, plan.repeat + 1):
        with rerun(parts, prepared, plan, _of(tell, count, plan.repeat)) as again:
            if output is not None:
                keep_executed(parts, prepared, again, output)
            run = _run(parts, prepared, again)
        yield run


def _of(tell: Tell, count: int, runs: int) -> Tell:
    return lambda what, done, size: tell(f"run {count} of {runs}, {what}", done, size)


def _run(parts: Parts, prepared: Prepared, again: Rerun) -> _Run:
    seen, error = _seen(parts, prepared, again)
    environment, differences = surroundings_of(prepared, again, seen)
    metrics = finite_metrics(seen.version) if seen is not None else {}
    return _Run(metrics, again.execution.duration, environment, differences, error)


def _seen(parts: Parts, prepared: Prepared, again: Rerun) -> tuple[Dossier | None, str]:
    """Return what a run made, or why it made nothing."""
    execution = again.execution
    if execution.failed_cell:
        return None, f"cell {execution.failed_cell}: {execution.error}"
    try:
        scratch = open_parts(again.scratch.lake, create=False, clock=parts.clock)
        made = made_by(scratch, prepared)
        return (None, "its cells made no version") if made is None else (read_dossier(scratch, made), "")
    except MvlakeError as error:
        return None, error.message


def _repeats(version: Version, runs: Sequence[_Run]) -> tuple[Repeated, ...]:
    """Return what each metric came out as, those of the version first."""
    names = dict.fromkeys([*finite_metrics(version), *(name for run in runs for name in run.metrics)])
    values = {name: tuple(run.metrics[name] for run in runs if name in run.metrics) for name in names}
    return tuple(Repeated(name, found, len(runs) - len(found)) for name, found in values.items())


def _items(version: Version, runs: Sequence[_Run], repeats: Sequence[Repeated]) -> tuple[VerdictItem, ...]:
    failed = [VerdictItem("run", f"run {count}", Verdict.FAILED, run.error) for count, run in enumerate(runs, 1) if run.error]
    judged = judge_runs(finite_metrics(version), repeats) if any(not run.error for run in runs) else ()
    if not failed and not judged:
        judged = (VerdictItem("metric", "none", Verdict.NOT_COMPARABLE, "the version has no metric, and nothing else is compared"),)
    return (*failed, *judged)
