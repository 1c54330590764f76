"""Secret variables: texts of variables that are named like secrets, or wrapped as ones. They are only told to the lake."""

import sys
from collections.abc import Iterator, Mapping
from itertools import islice
from types import MemberDescriptorType
from typing import Any

from mvlake.capture.attributes import attributes_of
from mvlake.records.kinds import Kinds
from mvlake.redaction.known import rule_of
from mvlake.redaction.secret_names import is_secret_name

_INSIDE = "_secret_value"
_APART = ("__pydantic_private__", "__pydantic_extra__")
_CONTAINERS = Kinds(dict, list, tuple, set, frozenset)
_MOST = 2000  # parts that are looked at, of all variables together
_MOST_OF_ONE = 200
_DEEPEST = 6
_MOST_KINDS = 5000
_mro = type.__dict__["__mro__"].__get__
_members = type.__dict__["__dict__"].__get__
_name = type.__dict__["__name__"].__get__


def secret_variables(namespace: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (rule, value) of each such variable: what `getpass()` gave is known by the name that it was given."""
    for name, value in list(namespace.items()):
        kind = type(value)
        if type(name) is str and (kind is str or kind is bytes) and is_secret_name(name):
            yield rule_of("variable", name), _text(value)
    if "pydantic" in sys.modules:
        for name, value in _wrapped(namespace):
            yield rule_of("variable", name), value


def _wrapped(namespace: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (name, value) of pydantic's secrets, wherever they lie: in containers, models and plain objects."""
    waiting = [(name, value, 0) for name, value in list(namespace.items()) if type(name) is str and _is_looked_into(type(value))]
    seen, left = set[int](), _MOST
    while waiting and left > 0:
        name, value, depth = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        kind = type(value)
        if _is_wrapper(kind):
            inside = attributes_of(value).get(_INSIDE)
            if type(inside) is str or type(inside) is bytes:
                yield name, _text(inside)
        elif depth < _DEEPEST:
            parts = list(islice(_parts(value), min(left, _MOST_OF_ONE)))
            left -= len(parts)
            waiting += [(part or name, one, depth + 1) for part, one in parts if _is_looked_into(type(one))]


def _parts(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield what a container or an instance holds, each with its name where that is one."""
    kind = type(value)
    try:
        if kind is dict:
            yield from ((key if type(key) is str else "", item) for key, item in value.items())
        elif kind in _CONTAINERS:
            yield from (("", item) for item in value)
        else:
            yield from _parts(dict(attributes_of(value)))
            for base in _mro(kind):
                for name in _APART:
                    slot = _members(base).get(name)
                    held = slot.__get__(value) if type(slot) is MemberDescriptorType else None
                    yield from _parts(held) if type(held) is dict else ()
    except (RuntimeError, AttributeError):  # another thread changes it; a slot that was never filled
        return


class _Kind:
    """What a class is to this search; looked up once for each."""

    __slots__ = ("is_looked_into", "is_wrapper", "kind")

    def __init__(self, kind: type) -> None:
        tops = [(_module(base), _name(base)) for base in _mro(kind)]
        self.kind = kind  # kept alive, or else its identity could come again
        self.is_wrapper = any(module == "pydantic.types" and name.lstrip("_").startswith("Secret") for module, name in tops)
        is_model = any(module.partition(".")[0] in ("pydantic", "pydantic_settings") for module, _ in tops)
        is_plain = tops[0][0] == "__main__" or "__dataclass_fields__" in _members(kind)
        self.is_looked_into = self.is_wrapper or is_model or is_plain or kind in _CONTAINERS


_KINDS: dict[int, _Kind] = {}


def _known(kind: type) -> _Kind:
    found = _KINDS.get(id(kind))
    if found is None:
        if len(_KINDS) > _MOST_KINDS:
            _KINDS.clear()
        found = _KINDS[id(kind)] = _Kind(kind)
    return found


def _is_looked_into(kind: type) -> bool:
    return _known(kind).is_looked_into


def _is_wrapper(kind: type) -> bool:
    return _known(kind).is_wrapper


def _module(kind: type) -> str:
    module = _members(kind).get("__module__")
    return module if type(module) is str else ""


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
