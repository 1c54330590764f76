"""Closeness: how far apart the numbers of two objects of the same form are."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Closeness:
    """The distance between two objects, over the numbers that differ; equal NaN count as equal.

    `reason` says why there is no distance (other shape, columns, types, or differing values that are no floats); it is empty where
    there is one. `max_abs` is max |a - b|, `max_rel` is max |a - b| / |a|; `precision` is the narrowest float type that differs.
    """

    reason: str = ""
    differing: int = 0
    total: int = 0
    max_abs: float = 0.0
    max_rel: float = 0.0
    precision: str = "float64"

    @property
    def is_comparable(self) -> bool:
        """True when the distance means something."""
        return not self.reason
