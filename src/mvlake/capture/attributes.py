"""Attributes: what an instance holds in its own dictionary, past what its class may say of it."""

from collections.abc import Mapping
from types import GetSetDescriptorType
from typing import Any

_mro = type.__dict__["__mro__"].__get__
_members = type.__dict__["__dict__"].__get__


def attributes_of(value: Any) -> Mapping[str, Any]:
    """Return an instance's own dictionary; an empty one where its class would have to be asked for it."""
    for base in _mro(type(value)):
        descriptor = _members(base).get("__dict__")
        if descriptor is not None:
            held = descriptor.__get__(value) if type(descriptor) is GetSetDescriptorType else None
            return held if type(held) is dict else {}
    return {}
