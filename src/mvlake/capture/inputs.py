"""Inputs: what a tracked cell is about to read, held as it is now, so that a change in place shows and its content is not lost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mvlake.capture.namespace import is_data, is_users
from mvlake.errors import MvlakeError, Unsupported
from mvlake.handlers.contract import Handler
from mvlake.handlers.lookup import handler_for

_SCALARS = frozenset({int, float, str, bool, bytes, complex, type(None)})


@dataclass(frozen=True, slots=True)
class Held:
    """One input: which object it was, and a stand-in with its content of before the cell; without one, `problem` says why."""

    name: str
    identity: int
    handler: Handler | None
    content: Any = None
    problem: str = ""


def hold_inputs(names: Iterable[str], namespace: Mapping[str, Any]) -> dict[str, Held]:
    """Return what the named variables hold now. Nothing of the user's is kept alive, save what nothing can change."""
    held = {}
    for name in sorted(names):
        if is_users(name) and name in namespace and is_data(namespace[name]):
            held[name] = _hold(name, namespace[name])
    return held


def is_mutated(held: Held, value: Any, *, may_be: bool) -> bool:
    """True when an object's content is not what was held. Where content cannot be told apart, the cell's text decides: `may_be`."""
    if type(value) in _SCALARS:
        return False
    if held.handler is None:
        return may_be
    if held.handler.is_same(held.content, value):
        return False
    try:
        return held.handler.fingerprint(held.content) != held.handler.fingerprint(value)
    except Unsupported:
        return may_be


def _hold(name: str, value: Any) -> Held:
    if type(value) in _SCALARS:
        return Held(name, id(value), None, value)
    try:
        handler = handler_for(value)
        if not handler.is_inert:
            # Pickling runs the object's code: once, after the cell, is enough.
            return Held(name, id(value), None, problem="only its state after the cell can be kept")
        return Held(name, id(value), handler, handler.hold(value))
    except MvlakeError as error:
        return Held(name, id(value), None, problem=error.message)
