"""Sparse: a field that a record leaves out when it says nothing."""

from dataclasses import field
from typing import Any

SPARSE = "sparse"


def sparse(default: Any) -> Any:
    """Return a field with this default, which is not written while it has it."""
    return field(default=default, metadata={SPARSE: True})
