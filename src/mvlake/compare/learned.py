"""Learned: the numbers that two models learned, side by side: coefficients by feature, importances, trees, layers, centres."""

from dataclasses import dataclass
from enum import StrEnum


class WeightKind(StrEnum):
    """What learned numbers are."""

    COEFFICIENTS = "coefficients"
    INTERCEPTS = "intercepts"
    IMPORTANCES = "importances"
    TREES = "trees"
    LAYERS = "layers"
    CENTRES = "centres"


@dataclass(frozen=True, slots=True)
class WeightDiff:
    """One learned number, or of layers and centres one array of them, of which `a` and `b` are the Euclidean norms.

    `apart` is |b - a|, for arrays the norm of their difference; `relative` is apart / |a|. All are None where they cannot be said,
    `a` or `b` also where it is absent, which `note` then says.
    """

    name: str
    a: float | None
    b: float | None
    apart: float | None
    relative: float | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class WeightsDiff:
    """Learned numbers of one kind: `part` is the step or member of the model that learned them, "" for the model itself.

    `differing` of `total` differ; `rows` are those that do, the largest change first, as many as are told.
    """

    kind: WeightKind
    part: str
    total: int
    differing: int
    rows: tuple[WeightDiff, ...]
    note: str = ""
