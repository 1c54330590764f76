"""Closeness: how far apart the numbers of two objects of the same form are."""

from dataclasses import dataclass

NEGLIGIBLE = 1e-12
"""An absolute distance that says nothing: 1e-17 where 0 was is no relative distance without end."""

MOST_ULP = 2**53
"""A distance of so many floats, or of more."""


@dataclass(frozen=True, slots=True)
class Gap:
    """How far apart those floats of one precision are that differ; equal NaN are equal, and so are 0 and -0.

    `max_abs` is max |a - b|; `max_rel` is max |a - b| / |a| over what is further apart than what was called negligible; `max_ulp`
    is how many floats of the precision one is from the other, at most, where both are finite: 1 for neighbours.
    """

    precision: str
    differing: int
    max_abs: float
    max_rel: float
    max_ulp: int = 0


@dataclass(frozen=True, slots=True)
class Closeness:
    """The distance between two objects: a gap for each precision of which numbers differ, none where all are equal.

    `reason` says why there is no distance (other shape, columns, or differing values that are no floats); it is empty where
    there is one. `is_closed` is true where nobody may open the objects, so that there may be no difference at all. `note` says
    what differs beside the values, and is no difference in them: the width of a type, the order of keys.
    """

    reason: str = ""
    total: int = 0
    gaps: tuple[Gap, ...] = ()
    note: str = ""
    is_closed: bool = False

    @property
    def is_comparable(self) -> bool:
        """True when the distance means something."""
        return not self.reason

    @property
    def differing(self) -> int:
        """How many numbers differ."""
        return sum(gap.differing for gap in self.gaps)

    @property
    def max_abs(self) -> float:
        """The largest distance of any precision."""
        return max((gap.max_abs for gap in self.gaps), default=0.0)

    @property
    def max_rel(self) -> float:
        """The largest relative distance of any precision."""
        return max((gap.max_rel for gap in self.gaps), default=0.0)


def joined(gaps: "list[Gap]") -> tuple[Gap, ...]:
    """Return one gap for each precision, in the order in which they come."""
    found: dict[str, Gap] = {}
    for gap in gaps:
        known = found.get(gap.precision)
        found[gap.precision] = gap if known is None else _wider(known, gap)
    return tuple(found.values())


def _wider(a: Gap, b: Gap) -> Gap:
    return Gap(
        a.precision,
        a.differing + b.differing,
        max(a.max_abs, b.max_abs),
        max(a.max_rel, b.max_rel),
        max(a.max_ulp, b.max_ulp),
    )
