"""Tolerance: how far numbers may be apart and still be called reproduced."""

from dataclasses import dataclass

from mvlake.records.closeness import NEGLIGIBLE

# Complex numbers are pairs of floats; a precision of no known name gets the strictest tolerance.
_PARTS = {"complex64": "float32", "complex128": "float64"}


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

    def accepts(self, *, max_abs: float, max_rel: float, precision: str) -> bool:
        """True when numbers are close enough: none is further off than `atol`, or none further, relatively, than `rtol`.

        Both bounds belong to the tolerance. NaN is never within one.
        """
        return max_abs <= self.atol or max_rel <= self.rtol(precision)
