"""Vary: a version's cells run with other parameters, and what they make becomes a new version with the old one as its parent."""

from collections.abc import Mapping
from pathlib import Path

from mvlake.compare.varied import Varied
from mvlake.errors import CannotReplay, ReadOnlyLake
from mvlake.errors.root import clipped
from mvlake.lake.adopt import adopt
from mvlake.lake.compare import compare_two
from mvlake.lake.history import find
from mvlake.lake.open import open_parts
from mvlake.lake.parameters import literal
from mvlake.lake.parts import Parts
from mvlake.lake.progress import Tell, tell_nobody
from mvlake.lake.replay import begin, keep_executed
from mvlake.lake.replayed import made_by
from mvlake.lake.rerun import Rerun, rerun
from mvlake.lake.status import is_writable
from mvlake.records.plan import Plan

_LONGEST = 200


def vary(parts: Parts, ref: str, plan: Plan, *, output: Path | None, tell: Tell = tell_nobody) -> Varied:
    """Return the new version and how it differs; CannotReplay, and nothing is written, where the cells do not make one."""
    if not is_writable(parts.store):
        raise ReadOnlyLake(parts.store.location, reason="a replay with parameters makes a version")
    prepared = begin(parts, ref, plan, tell)
    parent, said = prepared.entry.version, parts.guard.text(_said(plan.params))  # a value may be a secret
    with rerun(parts, prepared, plan, tell) as again:
        if output is not None:
            keep_executed(parts, prepared, again, output)
        _check(parent.ref, said, again)
        scratch = open_parts(again.scratch.lake, create=False, clock=parts.clock)
        made = made_by(scratch, prepared)
        if made is None:
            reason = f"with {said} its cells ran, but made no version"
            raise CannotReplay(parent.ref, reason=reason, hint=f"`replay {parent.ref} -o ran.ipynb` shows what they do")
        message = f"{parent.ref} with {said}"
        committed = adopt(parts, scratch, made, prepared.entry, folder=again.world.folder, message=message)
    new = committed.version.ref
    diff = compare_two(parts, find(parts, parent.ref), find(parts, new))
    return Varied(parent.ref, new, said, diff, committed.is_confirmation, notebook=str(output or ""))


def _check(ref: str, said: str, again: Rerun) -> None:
    failed, error = again.execution.failed_cell, again.execution.error
    if failed:
        hint = "nothing was written; `-o ran.ipynb` keeps the executed notebook with the traceback"
        raise CannotReplay(ref, reason=f"with {said} cell {failed} raised {clipped(error)}", hint=hint)


def _said(params: Mapping[str, object]) -> str:
    text = ", ".join(f"{name} = {literal(value, name)}" for name, value in params.items())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
