"""Replay: a version's cells run again in a fresh kernel, in the world that they had; a scratch lake takes what they make.

The kernel never sees the lake as a place to write: what it commits goes to the scratch lake named by MVLAKE_CAPTURE_TO.
"""

import json
import os
import tempfile
import time
from pathlib import Path

from mvlake.errors import CannotReplay
from mvlake.lake import variables
from mvlake.lake.dossier import read_dossier
from mvlake.lake.history import find
from mvlake.lake.notebook import replayable
from mvlake.lake.open import open_parts
from mvlake.lake.parts import Parts
from mvlake.lake.past import expected_duration
from mvlake.lake.progress import Tell, tell_nobody
from mvlake.lake.replayed import conclude
from mvlake.lake.restored import write_states
from mvlake.lake.runner import runner_named
from mvlake.lake.scratch import Scratch
from mvlake.lake.screened_notebook import screened_notebook
from mvlake.lake.screening import columns_again
from mvlake.lake.world import World, lay_out
from mvlake.records.answers import Entry, Verdicts
from mvlake.records.canonical import canonical
from mvlake.records.column_rule import read_column_rules
from mvlake.records.dossier import Dossier
from mvlake.records.fields import to_fields
from mvlake.records.instructions import Instead, Instructions
from mvlake.redaction.marker import SUPPLIED
from mvlake.redaction.supply import needed_marks, supplied
from mvlake.store.keys import POLICY, REDACTION_KEY


def replay(parts: Parts, ref: str, *, output: str | Path | None, timeout: int, runner: str, tell: Tell = tell_nobody) -> Verdicts:
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
    with tempfile.TemporaryDirectory(prefix="mvlake-replay-", ignore_cleanup_errors=True) as folder:
        scratch = Scratch(Path(folder).resolve())
        _like(parts, open_parts(scratch.lake, create=True, clock=parts.clock))
        world = lay_out(parts, dossier, scratch.root / "world", here=Path.cwd(), environment=os.environ, tell=tell)
        write_states(parts, dossier, [cell["source"] for cell in notebook["cells"]], scratch.states)
        columns = columns_again(dossier.version, os.environ)
        environment = {**world.environment, **secrets, **columns, **_instructed(parts, scratch, world)}
        told = _with_time(tell, expected_duration(parts, entry.version))
        execution = run.run(notebook, folder=world.folder, environment=environment, timeout=timeout, tell=told)
        asked = read_column_rules(environment.get(variables.COLUMNS, ""), said_by=variables.COLUMNS)
        replayed = conclude(parts, entry, dossier, execution, world, scratch, asked)
    if output is not None:
        text = json.dumps(execution.notebook, indent=1, ensure_ascii=False)
        screen = parts.guard.screen(entry.version.name, asked)
        shown = text if screen is None else screened_notebook(text, screen)[0]
        Path(output).write_text(parts.guard.text(shown) + "\n", encoding="utf-8")
    return Verdicts(entry.ref, replayed, notebook=str(output or ""), error=execution.error)


def _with_time(tell: Tell, expected: float) -> Tell:
    """Return what says of the cells that run how long they have, and how long they took then."""
    started = time.monotonic()
    return lambda what, done, size: tell(f"{what} in {time.monotonic() - started:.0f} s of about {expected:.0f}", done, size)


def _instructed(parts: Parts, scratch: Scratch, world: World) -> dict[str, str]:
    """Write the kernel's instructions, and return the variables by which it finds them."""
    instead = tuple(Instead(path, content) for path, content in world.instead.items())
    told = Instructions(str(scratch.environment), str(scratch.used), instead)
    scratch.world.write_bytes(canonical(to_fields(told)))
    return {
        variables.LAKE: parts.store.location,
        variables.CAPTURE_TO: str(scratch.lake),
        variables.RESTORE: str(scratch.states),
        variables.WORLD: str(scratch.world),
    }


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
