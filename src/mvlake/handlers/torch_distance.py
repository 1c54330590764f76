"""Torch distance: how far apart the numbers of tensors are, name by name."""

import sys
from collections.abc import Mapping
from typing import Any

from mvlake.handlers.distance import Distance
from mvlake.records.closeness import Closeness


def distance(a: Mapping[str, Any], b: Mapping[str, Any], negligible: float) -> Closeness:
    """Return the distance over all tensors; what one side has alone is the reason for none."""
    if a.keys() != b.keys():
        return Closeness(reason=f"{', '.join(sorted(a.keys() ^ b.keys())[:3])}: on one side only")
    bfloat16 = sys.modules["torch"].bfloat16
    found = Distance(negligible)
    for name, one in a.items():
        other = b[name]
        if one.dtype is other.dtype is bfloat16 and one.shape == other.shape:
            found.add(_array(one.float()), _array(other.float()), "bfloat16")  # float32 holds every bfloat16
        elif bfloat16 in (one.dtype, other.dtype):
            return Closeness(reason=f"{name} {one.dtype} {tuple(one.shape)} became {other.dtype} {tuple(other.shape)}")
        else:
            problem = found.add_arrays(_array(one), _array(other), name)
            if problem:
                return Closeness(reason=problem)
    return found.closeness()


def _array(tensor: Any) -> Any:
    return tensor.detach().resolve_conj().resolve_neg().numpy()
