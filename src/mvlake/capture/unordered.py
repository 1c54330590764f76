"""Unordered threads: numbers that are added up in an order that differs from run to run, and so in their last digits.

Said only of what was seen to differ: sums by group in polars and DuckDB, and torch on a graphics card without its deterministic
algorithms. scikit-learn, XGBoost and LightGBM give the same bits with the same number of threads.
"""

import re
import sys
from types import ModuleType
from typing import Any

from mvlake.capture.situation import Situation
from mvlake.records.hint import Hint, HintCode
from mvlake.records.source import without_directive

_POLARS = re.compile(r"\.group_by\([^#]*?\b(?:sum|mean|std|var)\s*\(", re.DOTALL)
_SQL = re.compile(r"(?is)\b(?:sum|avg|stddev\w*|var_\w+)\s*\(.*?\bgroup\s+by\b")
_TRAINS = re.compile(r"\.backward\(|\.step\(|Trainer\(")
_DICTIONARY: Any = vars(ModuleType)["__dict__"]


def unordered_threads(situation: Situation) -> Hint | None:
    """Return a hint where a needed cell adds numbers up so."""
    imported = {module.partition(".")[0] for facts in situation.facts for module in facts.imports.values()}
    found: dict[str, list[int]] = {}
    for place, cell in enumerate(situation.cells, 1) if imported & {"polars", "duckdb", "torch"} else ():
        text = without_directive(cell.source)
        if "polars" in imported and _POLARS.search(text):
            found.setdefault("polars adds up groups in no fixed order", []).append(place)
        if "duckdb" in imported and _SQL.search(text):
            found.setdefault("DuckDB adds up groups in no fixed order", []).append(place)
        if "torch" in imported and _TRAINS.search(text) and _is_free_to_differ(sys.modules.get("torch")):
            found.setdefault("torch may use algorithms that are not deterministic", []).append(place)
    if not found:
        return None
    return Hint(
        HintCode.UNORDERED_THREADS, "; ".join(found), cells=tuple(sorted({one for places in found.values() for one in places}))
    )


def _is_free_to_differ(torch: object) -> bool:
    """True when torch has used a graphics card, and was not told to be deterministic."""
    if type(torch) is not ModuleType:
        return False
    inside = _DICTIONARY.__get__(torch)
    cuda, is_deterministic = inside.get("cuda"), inside.get("are_deterministic_algorithms_enabled")
    has_card = issubclass(type(cuda), ModuleType) and _DICTIONARY.__get__(cuda).get("_initialized") is True
    return has_card and callable(is_deterministic) and not is_deterministic()
