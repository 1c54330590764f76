"""Loaded: what a library that the user has imported holds. Nothing is ever imported to find out."""

import sys
from collections.abc import Mapping
from types import ModuleType
from typing import Any

_NOTHING: Mapping[str, Any] = {}


def loaded(module: str) -> Mapping[str, Any]:
    """Return the names of a module, none where it is not loaded; past any `__getattr__` that would import more."""
    found = sys.modules.get(module)
    return found.__dict__ if type(found) is ModuleType else _NOTHING
