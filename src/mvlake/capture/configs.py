"""Configs: the fields of argparse-like configuration objects, read without running code of theirs."""

import argparse
import types
from collections.abc import Iterator, Mapping
from typing import Any

_MAX_DEPTH = 3


def fields_of(value: object, depth: int = 0) -> Iterator[tuple[str, object]]:
    """Yield the dotted names and values of a configuration object; nothing for any other object.

    Such are `argparse.Namespace`, `types.SimpleNamespace` and instances of dataclasses that the notebook defines.
    """
    for name, item in _own_fields(value).items():
        nested = list(fields_of(item, depth + 1)) if depth < _MAX_DEPTH else []
        if nested:
            yield from ((f"{name}.{inner}", found) for inner, found in nested)
        else:
            yield name, item


def _own_fields(value: object) -> Mapping[str, Any]:
    kind = type(value)
    if kind in (argparse.Namespace, types.SimpleNamespace):
        held = object.__getattribute__(value, "__dict__")
    else:
        body = type.__getattribute__(kind, "__dict__")
        declared = body.get("__dataclass_fields__")
        if type.__getattribute__(kind, "__module__") != "__main__" or type(declared) is not dict:
            return {}
        try:
            held = object.__getattribute__(value, "__dict__")
        except AttributeError:
            # slots: a member descriptor is C and reads one field; whatever else stands there is the user's code
            slots = {name: body.get(name) for name in declared}
            held = {
                name: slot.__get__(value)
                for name, slot in slots.items()
                if type(slot) is types.MemberDescriptorType and _has(slot, value)
            }
        else:
            held = {name: held[name] for name in declared if name in held}
    return {name: item for name, item in held.items() if type(name) is str and not name.startswith("_")}


def _has(slot: types.MemberDescriptorType, value: object) -> bool:
    try:
        slot.__get__(value)
    except AttributeError:
        return False
    return True
