"""Tolerance: how far numbers may be apart and still be called reproduced."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from mvlake.records.closeness import NEGLIGIBLE, Gap
from mvlake.records.column_rule import fits

PRECISIONS = ("float64", "float32", "float16", "bfloat16")
# Complex numbers are pairs of floats; a precision of no known name gets that of float64.
_PARTS = {"complex64": "float32", "complex128": "float64"}
_NOTHING: Mapping[str, float] = MappingProxyType({})
EVERY = "*"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Relative tolerances by precision, and one absolute tolerance, which is for numbers about zero.

    The defaults lie well above the noise that was measured between runs on other thread counts (float64 1e-13, float32 5e-6), and
    well below what anybody would call another result.
    """

    float64: float = 1e-9
    float32: float = 1e-4
    float16: float = 1e-2
    bfloat16: float = 1e-2
    atol: float = NEGLIGIBLE

    def rtol(self, precision: str) -> float:
        """Return the relative tolerance for a precision, given by its dtype's name.

        >>> Tolerance().rtol("float32"), Tolerance().rtol("float128")
        (0.0001, 1e-09)
        """
        name = _PARTS.get(precision, precision)
        by_name = {"float32": self.float32, "float16": self.float16, "bfloat16": self.bfloat16}
        return by_name.get(name, self.float64)

    def accepts(self, gap: Gap) -> bool:
        """True when each number of a gap is off by no more than `atol`, or, relatively, by no more than `rtol`.

        Both bounds belong to the tolerance. NaN is never within one.
        """
        return gap.max_abs <= self.atol or gap.max_rel <= self.rtol(gap.precision)

    def at(self, rtol: float) -> "Tolerance":
        """Return the tolerance with this relative one for every precision."""
        return replace(self, float64=rtol, float32=rtol, float16=rtol, bfloat16=rtol)


@dataclass(frozen=True, slots=True)
class ToleranceRule:
    """What a policy says of the versions whose names fit a pattern: by precision and `atol`, by metric, by another item."""

    version: str = EVERY
    by_precision: Mapping[str, float] = field(default_factory=lambda: _NOTHING)
    by_metric: Mapping[str, float] = field(default_factory=lambda: _NOTHING)
    by_item: Mapping[str, float] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True)
class Tolerances:
    """The tolerance for each item of one version; what stands later in `rules` counts more."""

    rules: tuple[ToleranceRule, ...] = ()

    def of_version(self, name: str) -> "Tolerances":
        """Return those that count for versions of this name."""
        return Tolerances(tuple(rule for rule in self.rules if fits(name, rule.version)))

    def of(self, kind: str, name: str) -> Tolerance:
        """Return the tolerance for one item: that of its name, else those of its precisions."""
        found = Tolerance()
        for rule in self.rules:
            found = replace(found, **rule.by_precision)
        for rule in reversed(self.rules):
            rtol = (rule.by_metric if kind == "metric" else rule.by_item).get(name)
            if rtol is not None:
                return found.at(rtol)
        return found
