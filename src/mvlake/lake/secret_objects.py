"""Secret objects: live objects that are not kept, for what they are called or what they are. None of them is asked anything."""

import os
from collections.abc import Mapping
from typing import Any

from mvlake.records.kinds import Kinds
from mvlake.redaction.objects import class_refusal
from mvlake.redaction.secret_names import is_secret_name
from mvlake.redaction.values import can_be_secret

_MRO = type.__dict__["__mro__"].__get__
_members = type.__dict__["__dict__"].__get__
_FILLED = Kinds(bytes, bytearray, dict, list, tuple, set, frozenset)
_FEW = 5


def refused(name: str, obj: Any, environ: Mapping[str, str]) -> str:
    """Return why an object is not kept whoever could keep it; nothing where it is."""
    kind = type(obj)
    if kind is os._Environ or (kind is dict and _is_environment(obj, environ)):  # noqa: SLF001 - the class has no other name
        return "it is a copy of the environment, which holds secrets"
    if not is_secret_name(name):
        return ""
    if (kind is str and can_be_secret(obj)) or (kind in _FILLED and obj):
        return "it is called a secret"
    return ""


def refused_pickle(obj: Any) -> str:
    """Return why an object that no library's handler takes is not pickled; nothing where it is."""
    return class_refusal(_classes(type(obj)))


def _classes(kind: type) -> list[tuple[str, str]]:
    """Return the top package and the name of an object's class and its bases."""
    found = []
    for base in _MRO(kind):
        module = _members(base).get("__module__")
        if type(module) is str:
            found.append((module.partition(".")[0], type.__dict__["__name__"].__get__(base)))
    return found


def _is_environment(obj: dict[Any, Any], environ: Mapping[str, str]) -> bool:
    """True for a dictionary that says what most variables of the environment are."""
    if len(obj) < _FEW or len(obj) < len(environ) // 2 or any(type(key) is not str for key in obj):
        return False
    same = sum(1 for key, value in environ.items() if type(found := obj.get(key)) is str and found == value)
    return same >= max(_FEW, len(environ) // 2)
