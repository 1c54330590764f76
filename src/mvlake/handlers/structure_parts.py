"""Structure parts: a container taken apart into its form, which is JSON, and the objects in it that other handlers keep.

A form is `["plain", value]`, `["part", number]`, `["list", forms]`, `["tuple", forms]` or `["dict", [[key, form], …]]`. A key is a
plain value or a scalar of numpy. Parts are numbered as they are met, each time that they are met: two names of one object become
two objects, as two names of one list do in a plain value.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from mvlake.errors import NoHandler
from mvlake.handlers.ancestry import class_path, descends, loaded
from mvlake.handlers.contract import Handler
from mvlake.handlers.lookup import handler_for, handler_named
from mvlake.records.canonical import Json
from mvlake.records.kinds import Kinds
from mvlake.records.plain import from_plain, to_plain

CONTAINERS = Kinds(dict, list, tuple)
"""The exact types that are taken apart; a subclass means more than its items."""

MOST_PARTS = 4096
"""A structure of more parts than these is not taken: each has a handler of its own to go through."""

_MAX_DEPTH = 30
_KEYS = Kinds(str, int)
_MAX_CONTAINERS = 1 << 16
_IMMUTABLE = Kinds(type(None), bool, int, float, complex, str, bytes)

# Named here, and nowhere else: what an artifact says of itself makes no handler safe.
INERT = frozenset({"numpy", "pandas", "polars", "pyarrow", "sklearn", "xgboost", "lightgbm", "torch"})
"""The handlers whose objects may be parts."""


@dataclass(frozen=True, slots=True)
class Part:
    """An object in a structure, and who keeps it."""

    handler: Handler
    obj: Any


def part_handler(name: object, allowed: frozenset[str] = INERT) -> Handler:
    """Return the handler that a part names; ValueError for one that may not have any, before it is looked for."""
    if type(name) is not str or name not in allowed:
        raise ValueError(f"a part of a structure that names the handler {str(name)[:40]!r}")
    handler = handler_named(name)
    if not handler.is_inert:
        raise ValueError(f"a part of a structure, which the {name} handler, that is not inert, would read")
    return handler


def take_apart(obj: Any) -> tuple[Json, list[Part]]:
    """Return a structure's form and parts; NoHandler names the first part that nobody takes. Runs no code of the object's."""
    taking = _Taking()
    return taking.container(obj, ""), taking.parts


def put_together(form: Any, parts: Sequence[Any]) -> Any:
    """Return the structure of this form and these parts; ValueError unless it is a form that has each of them once, in order."""
    building = _Building(parts)
    try:
        found = building.item(form, 0)
    except (TypeError, LookupError) as error:  # a key without a hash, a list that is too short
        raise ValueError(f"no form of a structure ({type(error).__name__}: {error})") from error
    if building.used != len(parts):
        raise ValueError(f"a structure of {building.used} parts that brings {len(parts)}")
    return found


def held(obj: Any) -> Any:
    """Return the same containers, made anew, of parts that their handlers hold."""
    known: dict[int, Any] = {}

    def hold(item: Any) -> Any:
        if type(item) in _IMMUTABLE:
            return item
        if id(item) not in known:
            known[id(item)] = _rebuilt(item, hold) if type(item) in CONTAINERS else handler_for(item).hold(item)
        return known[id(item)]

    return hold(obj)


def are_same(kept: Any, obj: Any) -> bool:
    """True when both have the same containers, and every part of one is at one glance that of the other."""
    kind = type(obj)
    if type(kept) is not kind:
        return False
    if kind in _IMMUTABLE:
        return kept is obj
    if kind not in CONTAINERS:
        return handler_for(obj).is_same(kept, obj)
    if len(kept) != len(obj):
        return False
    if kind is dict:
        return all(a is b and are_same(kept[a], obj[b]) for a, b in zip(kept, obj, strict=True))
    return all(are_same(a, b) for a, b in zip(kept, obj, strict=True))


def _rebuilt(container: Any, change: Callable[[Any], Any]) -> Any:
    if type(container) is dict:
        return {key: change(item) for key, item in container.items()}
    return type(container)(change(item) for item in container)


class _Taking:
    """One pass over a structure: the parts met so far, and where it is, so that a cycle or an endless one is refused."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self._around: list[int] = []
        self._met = 0

    def container(self, obj: Any, path: str) -> Json:
        kind = type(obj)
        self._met += 1
        if id(obj) in self._around or len(self._around) >= _MAX_DEPTH or self._met > _MAX_CONTAINERS:
            raise _refused(obj, path, "a part of itself, nested too deeply, or endless")
        self._around.append(id(obj))
        found: list[Json]
        if kind is dict:
            found = [[self._key(key, path), self._item(item, f"{path}[{_shown(key)}]")] for key, item in obj.items()]
        else:
            found = [self._item(item, f"{path}[{place}]") for place, item in enumerate(obj)]
        self._around.pop()
        return [kind.__name__, found]

    def _item(self, obj: Any, path: str) -> Json:
        try:
            return ["plain", to_plain(obj)]
        except TypeError:
            pass
        except ValueError as error:
            raise _refused(obj, path, str(error)) from None
        return self.container(obj, path) if type(obj) in CONTAINERS else self._part(obj, path)

    def _key(self, key: Any, path: str) -> Json:
        try:
            return ["plain", to_plain(key)]
        except (TypeError, ValueError):
            if class_path(key).partition(".")[0] != "numpy":
                raise _refused(key, path, "a key that is neither a plain value nor a number of numpy") from None
        return self._part(key, f"{path} key")

    def _part(self, obj: Any, path: str) -> Json:
        try:
            handler = handler_for(obj)
        except NoHandler as error:
            raise _refused(obj, path, error.reason) from None
        if handler.name not in INERT or not handler.is_inert:
            raise _refused(obj, path, f"the {handler.name} handler keeps no parts of structures")
        if handler.name == "torch" and descends(obj, loaded("torch.nn", "Module")):
            raise _refused(obj, path, "of a module only its state would come back; keep it under a name of its own")
        if len(self.parts) >= MOST_PARTS:
            raise _refused(obj, path, f"more than {MOST_PARTS} parts")
        self.parts.append(Part(handler, obj))
        return ["part", len(self.parts) - 1]


class _Building:
    """The other way round, of a form that may be hostile."""

    def __init__(self, parts: Sequence[Any]) -> None:
        self._parts = parts
        self.used = 0

    def item(self, form: Any, depth: int) -> Any:
        if not isinstance(form, list) or len(form) != 2 or depth > _MAX_DEPTH:
            raise ValueError("no form of a structure, or one that is nested too deeply")
        kind, content = form
        if kind == "plain":
            return from_plain(content)
        if kind == "part":
            if type(content) is not int or content != self.used or content >= len(self._parts):
                raise ValueError(f"a part {str(content)[:40]} where part {self.used} of {len(self._parts)} has its place")
            self.used += 1
            return self._parts[content]
        if kind not in ("list", "tuple", "dict") or not isinstance(content, list):
            raise ValueError(f"unknown form: {str(kind)[:40]!r}")
        if kind == "dict":
            found = {self.item(key, depth + 1): self.item(item, depth + 1) for key, item in content}
            if len(found) != len(content):
                raise ValueError("a dictionary with one key twice")
            return found
        items = [self.item(item, depth + 1) for item in content]
        return items if kind == "list" else tuple(items)


def _shown(key: Any) -> str:
    return repr(key)[:40] if type(key) in _KEYS else "…"


def _refused(obj: Any, path: str, reason: str) -> NoHandler:
    return NoHandler(class_path(obj), reason=f"{path or 'itself'} is {class_path(obj)}: {reason}")
