"""Ancestry: what an object's class is and descends from, found without running anything of the object or of its metaclass.

`isinstance`, `obj.__class__`, `kind.__name__`, `kind == other` and `hash(kind)` can all run a stranger's code; the slots of `type`
itself and `is` cannot.
"""

import sys
from typing import Any

_MRO = type.__dict__["__mro__"]
_MODULE = type.__dict__["__module__"]
_QUALNAME = type.__dict__["__qualname__"]


def lineage(obj: Any) -> tuple[type, ...]:
    """Return the classes of the object, the most special first."""
    found: tuple[type, ...] = _MRO.__get__(type(obj))
    return found


def descends(obj: Any, known: Any) -> bool:
    """True when the object's class is this one, or derives from it; False for None, which no library is loaded for."""
    return known is not None and any(kind is known for kind in lineage(obj))


def loaded(module: str, name: str) -> Any:
    """Return what a loaded module has by this name, else None. Imports nothing, not even what a module would import lazily."""
    found = sys.modules.get(module)
    return None if found is None else vars(found).get(name)


def class_path(obj: Any) -> str:
    """Return `module.qualname` of the object's class, without the module for Python's own.

    >>> class_path(3), class_path(sys)
    ('int', 'module')
    """
    kind = type(obj)
    return f"{_MODULE.__get__(kind)}.{_QUALNAME.__get__(kind)}".removeprefix("builtins.")
