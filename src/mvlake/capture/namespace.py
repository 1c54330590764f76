"""Namespace: which of the kernel's variables are the user's, and which of them a cell has bound."""

import types
from collections.abc import Iterable, Mapping
from typing import Any

# Code is kept as code, and modules by the environment: their objects are no data.
_CODE = (
    types.ModuleType,
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    types.MethodWrapperType,
    types.WrapperDescriptorType,
    type,
)
_ancestors = type.__dict__["__mro__"].__get__
_members = type.__dict__["__dict__"].__get__  # past what a metaclass may say
_OURS = frozenset({"In", "Out", "exit", "quit", "get_ipython", "open"})


def is_users(name: str) -> bool:
    """True when a variable of this name can be the user's work: names that begin with `_` are IPython's, or private."""
    return not name.startswith("_") and name not in _OURS


def is_data(value: Any) -> bool:
    """True when a value is neither code nor a module, nor one of our own lakes, runs and answers. Looks at its class only."""
    kind = type(value)
    module = _members(kind).get("__module__")
    return not (any(issubclass(kind, code) for code in _CODE) or (type(module) is str and module.startswith("mvlake.")))


def iterators_among(names: Iterable[str], namespace: Mapping[str, Any]) -> frozenset[str]:
    """Return the names that hold an iterator, by its class alone: to read one may use it up."""
    return frozenset(name for name in names if name in namespace and _is_iterator(type(namespace[name])))


def _is_iterator(kind: type) -> bool:
    return any("__next__" in _members(one) for one in _ancestors(kind))


def identities(namespace: Mapping[str, Any]) -> dict[str, int]:
    """Return which object each of the user's names stands for, without keeping one of them alive."""
    return {name: id(value) for name, value in list(namespace.items()) if type(name) is str and is_users(name)}


def bound_since(before: Mapping[str, int], namespace: Mapping[str, Any], stored: frozenset[str]) -> frozenset[str]:
    """Return the names that stand for another object than before, and of those that the cell's code stores all that exist.

    The second half is for an object that took a freed one's address.
    """
    now = identities(namespace)
    return frozenset(name for name, identity in now.items() if before.get(name) != identity or name in stored)
