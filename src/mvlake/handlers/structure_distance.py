"""Structure distance: how far apart the numbers of two object graphs of the same form are."""

from itertools import zip_longest
from typing import Any

from mvlake.errors import CannotFingerprint
from mvlake.handlers.structure import Leaf, walk
from mvlake.records.closeness import Closeness


def distance(a: Any, b: Any) -> Closeness:
    """Return the distance over all floats of both graphs; the first part that differs otherwise is the reason for none."""
    from mvlake.handlers.distance import Distance  # loads numpy, which a graph without numbers does not need

    leaves: tuple[list[Leaf], list[Leaf]] = ([], [])
    try:
        walk(a, leaves[0].append)
        walk(b, leaves[1].append)
    except CannotFingerprint as error:
        return Closeness(reason=error.message)
    tally = Distance()
    for left, right in zip_longest(*leaves):
        problem = _compare(left, right, tally)
        if problem:
            return Closeness(reason=problem)
    return tally.closeness()


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
    return "" if left.value == right.value else f"{place} differs and is no float"


def _arrays(left: Any, right: Any, place: str, tally: Any) -> str:
    if left.dtype != right.dtype or left.shape != right.shape:
        return f"{place} has another shape or dtype"
    if left.dtype.kind in "fc":
        tally.add(left.reshape(-1), right.reshape(-1))
        return ""
    return "" if left.tobytes() == right.tobytes() else f"{place} differs and is no float"
