"""Inputs: what a tracked cell is about to read, held as it is now, so that a change in place shows and its content is not lost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mvlake.capture.known import Known
from mvlake.capture.namespace import is_data, is_users
from mvlake.capture.others import run_beside
from mvlake.capture.patience import Patience
from mvlake.errors import MvlakeError, Unsupported
from mvlake.handlers.contract import Handler
from mvlake.handlers.lookup import handler_for
from mvlake.lake.preserve import UNSTABLE, described
from mvlake.records.artifact import DraftArtifact, Role
from mvlake.records.described import Described
from mvlake.records.digest import Digest
from mvlake.records.kinds import Kinds

_SCALARS = Kinds(int, float, str, bool, bytes, complex, type(None))
_LIGHT = 1 << 20  # copying what weighs less takes as little as asking whether it is known


@dataclass(frozen=True, slots=True)
class Held:
    """One input: which object it was, and a stand-in with its content of before the cell; without one, `problem` says why.

    Of what is no data but a way to it, `described` says what it was before the cell: the cell may use it up.
    `digest` is that of an object of which no stand-in is held, because its content is `known`, or because it is too large.
    """

    name: str
    identity: int
    handler: Handler | None
    content: Any = None
    problem: str = ""
    digest: Digest | None = None
    known: DraftArtifact | None = None
    described: Described | None = None


def hold_inputs(
    names: Iterable[str], namespace: Mapping[str, Any], *, known: Known, room: int, patience: Patience
) -> dict[str, Held]:
    """Return what the named variables hold now. Nothing of the user's is kept alive, save what nothing can change.

    All stand-ins together weigh no more than `room`; what is beyond is told by its digest.
    """
    held: dict[str, Held] = {}
    is_alone = not run_beside()
    for name in sorted(names):
        if is_users(name) and name in namespace and is_data(namespace[name]):
            value, left = namespace[name], room
            held[name], weight = patience.attempt(
                value,
                lambda name=name, value=value, left=left: _hold(name, value, known, left, is_alone=is_alone),  # type: ignore[misc]
                lambda reason, name=name, value=value: (Held(name, id(value), None, problem=reason), 0),  # type: ignore[misc]
            )
            room -= weight
    return held


def is_mutated(held: Held, value: Any, *, may_be: bool) -> bool:
    """True when an object's content is not what was held. Where content cannot be told apart, the cell's text decides: `may_be`."""
    if type(value) in _SCALARS:
        return False
    if held.handler is None:
        return may_be
    try:
        if held.digest is not None:
            return held.handler.fingerprint(value) != held.digest
        if held.handler.is_same(held.content, value):
            return False
        return held.handler.fingerprint(held.content) != held.handler.fingerprint(value)
    except Unsupported:
        return may_be


def _hold(name: str, value: Any, known: Known, room: int, *, is_alone: bool) -> tuple[Held, int]:
    """Return what is held of a value, and how much that weighs."""
    if type(value) in _SCALARS:
        return Held(name, id(value), None, value), 0
    try:
        handler = handler_for(value)
        if not handler.is_inert:
            # Pickling runs the object's code: once, after the cell, is enough.
            return Held(name, id(value), None, problem="only its state after the cell can be kept"), 0
        weight = handler.weight(value)
        is_copied = weight > _LIGHT and not handler.shares_memory
        if weight > room or is_copied:
            # A digest takes a fraction of the time that a copy does, and no memory.
            digest = handler.fingerprint(value)
            found = known.find(handler, digest)
            if found is not None:
                return Held(name, id(value), handler, digest=digest, known=found), 0
            if weight > room:
                return Held(name, id(value), handler, problem="it was too large to be held", digest=digest), 0
        content = handler.hold(value)
        if not (is_alone or handler.shares_memory) and handler.fingerprint(content) != handler.fingerprint(value):
            return Held(name, id(value), None, problem=UNSTABLE), 0
        return Held(name, id(value), handler, content), weight
    except MvlakeError as error:
        told = described(Role.INPUT, name, value)
        return Held(name, id(value), None, problem=error.message, described=told), 0
