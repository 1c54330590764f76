"""Configs: dictionaries of settings, and the fields of argparse-like objects, read without running code of theirs."""

import argparse
import types
from collections.abc import Iterator, Mapping
from typing import Any

from mvlake.capture.cell_facts import Binding, BindingKind
from mvlake.capture.metric_names import is_measuring, says_config, says_scores
from mvlake.records.canonical import Json
from mvlake.records.plain import from_plain

_MAX_DEPTH = 3


def is_settings(name: str, binding: Binding, bindings: Mapping[str, Binding], items: Mapping[tuple[str, str], Binding]) -> bool:
    """True for a dictionary of settings: by its name, or when all in it stands in the text or under names that do.

    What holds the results of measuring functions is none, nor what its name calls scores.
    """
    if binding.is_measured or is_measuring(binding.function):
        return False
    if says_config(name):
        return True
    stored = [one for (owner, _), one in items.items() if owner == name]
    if says_scores(name) or any(one.kind is not BindingKind.LITERAL for one in stored):
        return False
    if binding.kind is BindingKind.LITERAL:
        return bool(binding.literal) and not _is_to_be_filled(binding.literal)
    values = binding.sources - {"dict"}
    return binding.is_record and all(one in bindings and bindings[one].kind is BindingKind.LITERAL for one in values)


def _is_to_be_filled(literal: Json) -> bool:
    """True for a dictionary of nothing but empty lists and dictionaries."""
    value = from_plain(literal)
    return type(value) is dict and all(type(one) in (list, dict) and not one for one in value.values())


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


def settings_of_class(kind: object, depth: int = 0) -> Iterator[tuple[str, object]]:
    """Yield the dotted names and values that the body of a notebook's class sets: `class CFG: lr = 0.1`; nothing for anything else.

    Methods and descriptors are none of them, nor the defaults of a dataclass, and no attribute is asked for.
    """
    if type(kind) is not type or type.__getattribute__(kind, "__module__") != "__main__" or depth > _MAX_DEPTH:
        return
    body = dict(type.__getattribute__(kind, "__dict__"))
    for name, item in body.items() if "__dataclass_fields__" not in body else ():
        if type(name) is not str or name.startswith("_"):
            continue
        if type(item) is type:
            yield from ((f"{name}.{inner}", found) for inner, found in settings_of_class(item, depth + 1))
        else:
            yield name, item


def _own_fields(value: object) -> Mapping[str, Any]:
    kind = type(value)
    if kind is argparse.Namespace or kind is types.SimpleNamespace:
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
