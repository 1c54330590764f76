"""Replay: a version's cells run again in a fresh kernel; what they make is captured into a scratch lake, and judged.

The kernel never sees the lake as a place to write: what it commits goes to the scratch lake named by MVLAKE_CAPTURE_TO.
"""

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from mvlake._version import __version__
from mvlake.compare.judge import INCOMPARABLE, judge
from mvlake.errors import CannotReplay, MissingObject, MvlakeError, ReadOnlyLake
from mvlake.handlers.lookup import handler_named
from mvlake.lake import variables
from mvlake.lake.commit import put_environment
from mvlake.lake.dossier import read_dossier
from mvlake.lake.hidden import hashed_in
from mvlake.lake.hidden_alike import HiddenAlike
from mvlake.lake.history import find
from mvlake.lake.load import revive
from mvlake.lake.notebook import replayable
from mvlake.lake.open import open_parts
from mvlake.lake.parts import Parts
from mvlake.lake.restored import variables_of, write_states
from mvlake.lake.runner import Execution, runner_named
from mvlake.lake.screened_notebook import screened_notebook
from mvlake.lake.screening import columns_again
from mvlake.lake.whole import append_whole
from mvlake.records.answers import Entry, Verdicts
from mvlake.records.artifact import Artifact
from mvlake.records.closeness import Closeness
from mvlake.records.column_rule import ColumnRule, read_column_rules
from mvlake.records.dossier import Dossier
from mvlake.records.events import Replayed, Verdict, VerdictItem
from mvlake.records.version import Version
from mvlake.redaction.marker import SUPPLIED
from mvlake.redaction.supply import needed_marks, supplied
from mvlake.store.keys import POLICY, REDACTION_KEY


def replay(parts: Parts, ref: str, *, output: Path | None, timeout: int, runner: str) -> Verdicts:
    """Run a version again and return the verdict, which is also recorded; CannotReplay when there is nothing to run."""
    entry = find(parts, ref)
    dossier = read_dossier(parts, entry)
    unreadable = [problem for problem in dossier.problems if problem.startswith("cell ")]
    if unreadable or not dossier.sources:
        reason = "; ".join(unreadable) or "it holds no code"
        raise CannotReplay(entry.ref, reason="it was forgotten, and its code collected" if entry.forgotten else reason)
    secrets = _supplied(parts, entry, dossier)
    notebook = replayable(dossier)
    run = runner_named(runner)
    with tempfile.TemporaryDirectory(prefix="mvlake-replay-", ignore_cleanup_errors=True) as scratch:
        folder, lake = Path(scratch) / "work", Path(scratch) / "lake"
        folder.mkdir()
        states = Path(scratch) / "states.json"
        write_states(parts, dossier, [cell["source"] for cell in notebook["cells"]], states)
        _like(parts, open_parts(lake, create=True, clock=parts.clock))
        environment = (
            variables_of(dossier.environment)
            | secrets
            | columns_again(dossier.version, os.environ)
            | {
                variables.LAKE: parts.store.location,
                variables.CAPTURE_TO: str(lake),
                variables.RESTORE: str(states),
            }
        )
        execution = run.run(notebook, folder=folder, environment=environment, timeout=timeout)
        asked = read_column_rules(environment.get(variables.COLUMNS, ""), said_by=variables.COLUMNS)
        verdict, items, seen = _verdict(parts, dossier, execution, lake, asked)
    if output is not None:
        text = json.dumps(execution.notebook, indent=1, ensure_ascii=False)
        screen = parts.guard.screen(entry.version.name, asked)
        shown = text if screen is None else screened_notebook(text, screen)[0]
        output.write_text(parts.guard.text(shown) + "\n", encoding="utf-8")
    replayed = record_verdict(parts, entry, verdict, items, seen or dossier, execution.duration)
    return Verdicts(entry.ref, replayed, notebook=str(output or ""), error=execution.error)


def _supplied(parts: Parts, entry: Entry, dossier: Dossier) -> dict[str, str]:
    """Return the variables that give a replay's code back what marks stand for; CannotReplay where the environment has it not."""
    marks = dict.fromkeys(mark for source in dossier.sources if source is not None for mark in needed_marks(source))
    key = parts.guard.key() if marks and parts.store.get(REDACTION_KEY) is not None else None  # a copy of a lake has none
    values = {mark: supplied(mark, os.environ, key) for mark in marks}
    lacking = [mark for mark, value in values.items() if value is None]
    if lacking:
        said = ", ".join(f"{mark.rule} ({mark.hash})" for mark in lacking[:4])
        raise CannotReplay(
            entry.ref,
            reason=f"its code held what was redacted, and must be supplied: {said}",
            hint=f"set {SUPPLIED}{lacking[0].hash.upper()} in the environment to what stood there, and replay again",
        )
    return {SUPPLIED + mark.hash.upper(): value for mark, value in values.items() if value is not None}


def _like(parts: Parts, scratch: Parts) -> None:
    """Let the scratch lake have the key and the policy of the lake, so that both leave equal marks of equal secrets."""
    for name in (REDACTION_KEY, POLICY):
        data = parts.store.get(name)
        if data is not None:
            scratch.store.put_new(name, data)


def _verdict(
    parts: Parts, dossier: Dossier, execution: Execution, lake: Path, asked: tuple[ColumnRule, ...]
) -> tuple[Verdict, tuple[VerdictItem, ...], Dossier | None]:
    if execution.failed_cell:
        item = VerdictItem("cell", f"cell {execution.failed_cell}", Verdict.FAILED, f"it raised {execution.error}")
        return Verdict.FAILED, (item,), None
    try:
        scratch = open_parts(lake, create=False, clock=parts.clock)
        made = _made(scratch, dossier)
    except MvlakeError as error:
        return Verdict.FAILED, (VerdictItem("capture", "version", Verdict.FAILED, error.message),), None
    if made is None:
        item = VerdictItem("capture", "version", Verdict.FAILED, "the cells ran, but made no version to compare")
        return Verdict.FAILED, (item,), None
    seen = read_dossier(scratch, made)
    screen = scratch.guard.screen(dossier.version.name, asked)
    alike = HiddenAlike(dossier.version, seen.version, screen, lambda artifact: revive(parts, artifact))
    verdict, items = judge(alike.dossier(dossier), seen, _closeness(parts, scratch, dossier.version, alike))
    return verdict, items, seen


def _made(scratch: Parts, dossier: Dossier) -> Entry | None:
    entries = scratch.ledger.entries(dossier.version.name)
    return entries[0] if entries else None


def _closeness(parts: Parts, scratch: Parts, version: Version, alike: HiddenAlike) -> Callable[[Artifact, Artifact], Closeness]:
    has_key = parts.store.get(REDACTION_KEY) is not None

    def measure(recorded: Artifact, replayed: Artifact) -> Closeness:
        """Return how far apart two artifacts are. What could run code is not loaded to find out; errors go to the judge."""
        handler = handler_named(recorded.handler)
        if recorded.handler != replayed.handler:
            return Closeness(reason=f"kept by {recorded.handler} then, by {replayed.handler} now")
        if not handler.is_inert:
            return Closeness(reason=f"its content {INCOMPARABLE}: loading what the {handler.name} handler keeps could run code")
        if not has_key and hashed_in(version, recorded):
            return Closeness(reason=f"its hashed columns {INCOMPARABLE}: their key is not in this copy of the lake")
        a = alike.object(recorded)
        b = revive(scratch, replayed)
        return handler.closeness(a, b)

    return measure


def record_verdict(
    parts: Parts, entry: Entry, verdict: Verdict, items: tuple[VerdictItem, ...], seen: Dossier, duration: float
) -> Replayed:
    """Record the verdict; on a read-only lake it is only told."""
    version = entry.version
    if seen.environment is None:
        raise MissingObject(version.environment, why="a verdict is to name an environment, and this one cannot be read")
    environment, objects = put_environment(seen.environment)
    replayed = Replayed(version.name, version.number, verdict, items, environment, duration, __version__)
    try:
        packs = parts.objects.write(objects)
        append_whole(parts, lambda seq, prev: parts.record(seq, prev, replayed, packs=packs), objects)
    except ReadOnlyLake:
        return replayed
    return replayed
