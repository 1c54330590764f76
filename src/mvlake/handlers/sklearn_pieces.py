"""Estimator pieces: the models of other libraries within a scikit-learn model, taken out of it and put back.

A pipeline that ends in an XGBoost model is its own archive with a mark in that model's place, and the model, kept by its own
handler. What is shared stays shared: a search and its best pipeline name one model.
"""

import copy
from collections.abc import Sequence
from typing import Any

from mvlake.errors import NoHandler
from mvlake.handlers.ancestry import class_path
from mvlake.handlers.lookup import handler_for
from mvlake.handlers.sklearn_graph import parts_of
from mvlake.handlers.structure_parts import MOST_PARTS, Part

LIBRARIES = frozenset({"xgboost", "lightgbm"})
"""Whose models are pieces; their handlers, of the same names, read them."""

_MARK = "mvlake.piece"


def taken_out(obj: Any) -> tuple[Any, list[Part]]:
    """Return a copy of the model with marks in the places of its pieces, and the pieces; the model itself when it has none.

    NoHandler for a piece that its library's handler does not take, and for too many of them.
    """
    pieces = pieces_of(obj)
    if len(pieces) > MOST_PARTS:
        raise NoHandler(type(obj).__name__, reason=f"it has {len(pieces):,} models of other libraries, more than {MOST_PARTS:,}")
    marks = {id(piece): {_MARK: number} for number, piece in enumerate(pieces)}
    return copy.deepcopy(obj, marks) if pieces else obj, [Part(handler_for(piece), piece) for piece in pieces]


def put_back(skeleton: Any, pieces: Sequence[Any]) -> Any:
    """Return the model with its pieces in the places of their marks; ValueError unless the marks are those of all pieces."""
    memo: dict[int, Any] = {}
    used: set[int] = set()
    for one in _walk(skeleton):
        if type(one) is dict and len(one) == 1 and _MARK in one:
            number = one[_MARK]
            if type(number) is not int or not 0 <= number < len(pieces):
                raise ValueError(f"a mark of a piece that is not there: {str(number)[:40]}")
            memo[id(one)] = pieces[number]
            used.add(number)
    if len(used) != len(pieces):
        raise ValueError(f"a model of {len(used)} pieces that brings {len(pieces)}")
    return copy.deepcopy(skeleton, memo) if pieces else skeleton


def held(obj: Any) -> Any:
    """Return a deep copy of a model, its pieces as their own handlers hold them."""
    memo = {id(piece): handler_for(piece).hold(piece) for piece in pieces_of(obj)}
    return copy.deepcopy(obj, memo)


def pieces_of(obj: Any) -> list[Any]:
    """Return the pieces of a model, each once, in an order that depends on the model alone."""
    return [one for one in _walk(obj) if _is_piece(one)]


def _walk(obj: Any) -> list[Any]:
    pending, seen, found = [obj], set(), []
    while pending:
        one = pending.pop()
        if id(one) not in seen:
            seen.add(id(one))
            found.append(one)
            pending += [] if _is_piece(one) else reversed(parts_of(one))
    return found


def _is_piece(obj: Any) -> bool:
    return class_path(obj).partition(".")[0] in LIBRARIES
