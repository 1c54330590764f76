"""Structure distance: how far apart the numbers of two object graphs of the same form are."""

from itertools import zip_longest
from typing import Any

from mvlake.errors import CannotFingerprint
from mvlake.handlers.structure import Leaf, walk
from mvlake.records.closeness import NEGLIGIBLE, Closeness


def distance(a: Any, b: Any, negligible: float = NEGLIGIBLE) -> Closeness:
    """Return the distance over all floats of both graphs; the first part that differs otherwise is the reason for none."""
    from mvlake.handlers.distance import Distance  # loads numpy, which a graph without numbers does not need

    leaves: tuple[list[Leaf], list[Leaf]] = ([], [])
    try:
        walk(a, leaves[0].append)
        walk(b, leaves[1].append)
    except CannotFingerprint as error:
        return Closeness(reason=error.message)
    tally = Distance(negligible)
    for left, right in zip_longest(*leaves):
        problem = _compare(left, right, tally)
        if problem:
            return Closeness(reason=problem)
    return tally.closeness()


_WORDS = {"str": "is another text", "int": "is another integer", "bool": "is another truth value", "bytes": "holds other bytes"}


def _compare(left: Leaf | None, right: Leaf | None, tally: Any) -> str:
    if left is None or right is None or left.kind != right.kind:
        place = (left or right or Leaf("", "")).path.lstrip(".")
        return f"another form at {place or 'the top'}"
    if left.kind in ("none", "list", "tuple") and left.value == right.value:
        return ""
    if left.kind == "float":
        import numpy as np

        tally.add(np.asarray([left.value]), np.asarray([right.value]))
        return ""
    place = left.path.lstrip(".") or "the top"
    if hasattr(left.value, "dtype"):
        return _arrays(left.value, right.value, place, tally)
    return "" if left.value == right.value else f"{place} {_WORDS.get(left.kind.removeprefix('plain '), 'is another value')}"


def _arrays(left: Any, right: Any, place: str, tally: Any) -> str:
    if left.dtype == right.dtype and left.shape == right.shape and left.dtype.kind not in "fc":
        return "" if left.tobytes() == right.tobytes() else f"{place} holds other values"
    return str(tally.add_arrays(left, right, place))


def in_order_of(a: Any, b: Any) -> Any:
    """Return b with the keys of its dictionaries in a's order, wherever both have the same keys; both are plain values."""
    if type(a) is not type(b):
        return b
    if type(a) is dict and a.keys() == b.keys():
        return {key: in_order_of(item, b[key]) for key, item in a.items()}
    if type(a) in (list, tuple) and len(a) == len(b):
        return type(a)(map(in_order_of, a, b))
    return b
