"""Fits: the settings that estimators had when they were fitted. What is set afterwards says nothing of what they have learned."""

import sys
import weakref
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mvlake.capture.cell_facts import CellFacts
from mvlake.records.summary import Setting

ESTIMATORS = frozenset(("sklearn", "xgboost", "lightgbm", "imblearn", "catboost"))
_MOST = 1_000
_MOST_A_CELL = 100
_bases = type.__dict__["__dict__"].__get__


@dataclass(slots=True)
class Fits:
    """By object, as long as it lives: nothing is kept alive."""

    _known: dict[int, tuple[weakref.ref[Any], tuple[Setting, ...]]] = field(default_factory=dict)

    def settings(self, obj: Any) -> tuple[Setting, ...] | None:
        """Return the settings with which an object was fitted, None when that was not seen."""
        found = self._known.get(id(obj))
        return found[1] if found is not None and found[0]() is obj else None

    def remember(self, obj: Any, *, without: Iterable[str] = ()) -> None:
        """Remember the settings that an estimator of a known library has now."""
        if not is_estimator(obj):
            return
        from mvlake.handlers.model_summary import settings_of  # with the first fit: loading the extension is to be quick

        left_out = frozenset(without)
        settings = tuple(one for one in settings_of(obj) if one.name not in left_out)
        self._known[id(obj)] = (weakref.ref(obj), settings)
        while len(self._known) > _MOST:
            del self._known[next(iter(self._known))]


@dataclass(slots=True)
class FitsOfCell:
    """What is fitted while one cell runs, as it is told of each fit; `seen` holds the addresses."""

    fits: Fits
    seen: set[int] = field(default_factory=set)
    _count: int = 0

    def fitted(self, obj: Any) -> None:
        """Remember an object at the end of its fit: many fits of a loop end as one object's or another's latest."""
        self._count += 1
        if self._count <= _MOST_A_CELL:
            self.fits.remember(obj)
            self.seen.add(id(obj))
        else:
            self.seen.discard(id(obj))

    def end(self, facts: CellFacts, bound: Iterable[str], namespace: Mapping[str, Any]) -> None:
        """Remember what the cell fitted where Python could not tell when: as it is now, without what was set after the fit."""
        lines = dict(facts.sites.fits)
        for name in {*lines, *bound}:
            obj = namespace.get(name)
            if id(obj) in self.seen or not is_estimator(obj) or not is_fitted(obj):
                continue
            if name not in lines and self.fits.settings(obj) is not None:
                continue  # another name for what was fitted before
            later = (one for one in facts.sites.given if one.function == f"{name}.set_params" and one.line > lines.get(name, 0))
            self.fits.remember(obj, without=(key for one in later for key in (*(key for key, _ in one.literals), *one.named)))


def is_estimator(obj: Any) -> bool:
    """True for an object whose class is a known library's own: the code of a notebook's class is not run."""
    module = _bases(type(obj)).get("__module__")
    top = module.partition(".")[0] if type(module) is str else ""
    return top in ESTIMATORS and top in sys.modules and any("get_params" in _bases(base) for base in type(obj).__mro__)


def is_fitted(obj: Any) -> bool:
    """True for an estimator that has learned something, as its own attributes or those of its parts tell."""
    own = attributes(obj)
    if any(name.endswith("_") and not name.startswith("_") for name in own) or own.get("_Booster") is not None:
        return True
    steps = own.get("steps")
    return type(steps) is list and any(
        type(one) is tuple and len(one) == 2 and is_estimator(one[1]) and is_fitted(one[1]) for one in steps
    )


def attributes(obj: Any) -> dict[str, Any]:
    """Return an object's own attributes, without asking it."""
    try:
        found = object.__getattribute__(obj, "__dict__")
    except AttributeError:
        return {}
    return found if type(found) is dict else {}
