"""Closeness: how far apart the numbers of two objects of the same form are."""

from dataclasses import dataclass

NEGLIGIBLE = 1e-12
"""An absolute distance that says nothing: 1e-17 where 0 was is no relative distance without end."""


@dataclass(frozen=True, slots=True)
class Closeness:
    """The distance between two objects, over the numbers that differ; equal NaN count as equal.

    `reason` says why there is no distance (other shape, columns, types, or differing values that are no floats); it is empty
    where there is one. `is_closed` is true where nobody may open the objects, so that there may be no difference at all.
    `max_abs` is max |a - b|; `max_rel` is max |a - b| / |a| over what is further apart than `NEGLIGIBLE`; `precision` is the
    narrowest float type that differs.
    """

    reason: str = ""
    differing: int = 0
    total: int = 0
    max_abs: float = 0.0
    max_rel: float = 0.0
    precision: str = "float64"
    is_closed: bool = False

    @property
    def is_comparable(self) -> bool:
        """True when the distance means something."""
        return not self.reason
