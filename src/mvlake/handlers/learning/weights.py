"""Weights: the numbers of one kind that one part of a model learned, each with its name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from mvlake.compare.learned import WeightKind

Place: TypeAlias = tuple[WeightKind, str]


@dataclass(frozen=True, slots=True)
class Tree:
    """One decision tree: its splits in order, how many leaves it has, and how deep it is (None: that cannot be told)."""

    features: Any
    thresholds: Any
    leaves: int
    depth: int | None


@dataclass(frozen=True, slots=True)
class Weights:
    """Learned numbers: `values` is an array of them, or of layers and centres an array for each name, or of trees all trees.

    `part` is the step or member of the model that learned them, "" for the model itself.
    """

    kind: WeightKind
    part: str
    names: Sequence[str]
    values: Any
    note: str = ""

    @property
    def place(self) -> Place:
        """What they are of: the same in another model is compared with them."""
        return self.kind, self.part
