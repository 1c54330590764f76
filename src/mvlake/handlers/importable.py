"""Importable: functions and classes of installed libraries, which their qualified name says completely.

A function of the user's notebook, or of a module beside it, is not one: its name stays while its code changes.
"""

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from mvlake.handlers.ancestry import class_path, descends

# Where a ufunc is found, which does not say so itself.
_UFUNC_MODULES = ("numpy", "scipy.special")
_INSTALLED = frozenset({"site-packages", "dist-packages"})


def importable_name(obj: Any) -> str | None:
    """Return `module.qualname` of a function or class of an installed library, None for anything else.

    Nothing is imported, and no attribute hook of a foreign object is run.

    >>> importable_name(len), importable_name(lambda: 1)
    ('builtins.len', None)
    """
    qualname = _text(obj, "__qualname__") or _text(obj, "__name__")
    for module_name in _modules_of(obj):
        module = sys.modules.get(module_name)
        if module is not None and qualname and is_installed(module_name) and _reach(module, qualname) is obj:
            return f"{module_name}.{qualname}"
    return None


def is_installed(module_name: str) -> bool:
    """True when the module came with Python or with an installed distribution, not from beside the notebook."""
    top = module_name.partition(".")[0]
    if top in sys.stdlib_module_names:
        return top != "__main__"
    file = getattr(sys.modules.get(top), "__file__", None)
    return isinstance(file, str) and not _INSTALLED.isdisjoint(Path(file).parts)


def _modules_of(obj: Any) -> tuple[str, ...]:
    if class_path(obj) == "numpy.ufunc":
        return _UFUNC_MODULES
    name = _text(obj, "__module__")
    return (name,) if name else ()


def _text(obj: Any, name: str) -> str:
    try:
        found = type.__getattribute__(obj, name) if descends(obj, type) else object.__getattribute__(obj, name)
    except AttributeError:
        return ""
    return found if type(found) is str else ""


def _reach(module: ModuleType, qualname: str) -> Any:
    found: Any = module
    for part in qualname.split("."):
        names = getattr(found, "__dict__", {})
        if part not in names:
            return None
        found = names[part]
    return found
