"""Rerun: the cells of a version run in a fresh kernel, in the world that they had; a scratch lake takes what they make.

The kernel never sees the lake as a place to write: what it commits goes to the scratch lake named by MVLAKE_CAPTURE_TO.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mvlake.lake import variables
from mvlake.lake.claim import claimed
from mvlake.lake.ended import ending_tidily
from mvlake.lake.interpreter import Interpreter, interpreter_for
from mvlake.lake.open import open_parts
from mvlake.lake.parts import Parts
from mvlake.lake.prepared import Prepared
from mvlake.lake.progress import Tell, tell_nobody
from mvlake.lake.restored import write_states
from mvlake.lake.runner import Execution, Limits, runner_named
from mvlake.lake.scratch import SCRATCH, Scratch, scratch_place, sweep_scratch
from mvlake.lake.world import World, lay_out
from mvlake.records.canonical import canonical
from mvlake.records.column_rule import ColumnRule, read_column_rules
from mvlake.records.fields import to_fields
from mvlake.records.instructions import Instead, Instructions
from mvlake.records.plan import Plan
from mvlake.records.steady import Steady
from mvlake.store.keys import POLICY, REDACTION_KEY


@dataclass(frozen=True, slots=True)
class Rerun:
    """What became of the cells, in which world, with which Python; what they made lies in its scratch folder.

    It is kept by the rules `columns`.
    """

    execution: Execution
    world: World
    scratch: Scratch
    columns: tuple[ColumnRule, ...]
    interpreter: Interpreter


@contextmanager
def rerun(
    parts: Parts, prepared: Prepared, plan: Plan, tell: Tell = tell_nobody, *, steady: Steady | None = None
) -> Iterator[Rerun]:
    """Run the cells, and give what came of it; its folder is removed afterwards. In an experiment the kernel holds `steady`."""
    run = runner_named(plan.runner)
    dossier, notebook = prepared.dossier, prepared.notebook
    sweep_scratch()
    with ending_tidily(), claimed(scratch_place(), SCRATCH) as folder:
        interpreter = interpreter_for(dossier, plan.env, tell)
        scratch = Scratch(folder.resolve())
        _like(parts, open_parts(scratch.lake, create=True, clock=parts.clock))
        told = interpreter.told(os.environ)
        world = lay_out(parts, dossier, scratch.root / "world", here=Path.cwd(), environment=told, tell=tell)
        write_states(parts, dossier, prepared.cells, scratch.states)
        environment = {**world.environment, **prepared.variables, **_instructed(parts, scratch, world, steady)}
        execution = run.run(
            notebook,
            python=interpreter.python,
            folder=world.folder,
            environment=environment,
            limits=Limits(plan.timeout, plan.memory),
            tell=_with_time(tell, prepared.expected),
        )
        columns = read_column_rules(environment.get(variables.COLUMNS, ""), said_by=variables.COLUMNS)
        yield Rerun(execution, world, scratch, columns, interpreter)


def _with_time(tell: Tell, expected: float) -> Tell:
    """Return what says of the cells that run how long they have, and how long they took then."""
    started = time.monotonic()
    return lambda what, done, size: tell(f"{what} in {time.monotonic() - started:.0f} s of about {expected:.0f}", done, size)


def _instructed(parts: Parts, scratch: Scratch, world: World, steady: Steady | None) -> dict[str, str]:
    """Write the kernel's instructions, and return the variables by which it finds them."""
    instead = tuple(Instead(path, content) for path, content in world.instead.items())
    told = Instructions(str(scratch.environment), str(scratch.used), str(scratch.accounts), instead, steady)
    scratch.world.write_bytes(canonical(to_fields(told)))
    return {
        variables.LAKE: parts.store.location,
        variables.CAPTURE_TO: str(scratch.lake),
        variables.RESTORE: str(scratch.states),
        variables.WORLD: str(scratch.world),
    }


def _like(parts: Parts, scratch: Parts) -> None:
    """Let the scratch lake have the key and the policy of the lake, so that both leave equal marks of equal secrets."""
    for name in (REDACTION_KEY, POLICY):
        data = parts.store.get(name)
        if data is not None:
            scratch.store.put_new(name, data)
