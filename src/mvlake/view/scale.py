"""Scale: where a number lies between the lowest and the highest of its kind."""

from collections.abc import Iterable
from dataclasses import dataclass

from mvlake.view.quantities import is_finite


@dataclass(frozen=True, slots=True)
class Scale:
    """From `low` to `high`, both finite."""

    low: float
    high: float

    @classmethod
    def of(cls, numbers: Iterable[float | None]) -> "Scale":
        """Return the scale of all that are finite; from 0 to 0 when none is.

        >>> Scale.of([3, None, 1, float("inf")])
        Scale(low=1, high=3)
        """
        known = [one for one in numbers if is_finite(one)]
        return cls(min(known, default=0.0), max(known, default=0.0))

    def share(self, number: float | None) -> float | None:
        """Return the place of a number: 0 at the low end, 1 at the high one, the middle where the ends are one, or None.

        >>> Scale(0, 4).share(3), Scale(2, 2).share(2), Scale(0, 1).share(float("nan")), Scale(-1.7e308, 1.7e308).share(0.0)
        (0.75, 0.5, None, 0.5)
        """
        if not is_finite(number):
            return None
        half = self.high / 2 - self.low / 2  # halves, because the distance of two floats may be none
        return min(max((number / 2 - self.low / 2) / half, 0.0), 1.0) if half > 0 else 0.5
