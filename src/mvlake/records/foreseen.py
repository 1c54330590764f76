"""Foreseen: what is known of a replay before anything runs."""

from dataclasses import dataclass

from mvlake.records.asked import Asked
from mvlake.records.events import Difference, VerdictItem


@dataclass(frozen=True, slots=True)
class PlannedCell:
    """A cell that would run: its text, and whether what it makes is compared."""

    source: str
    is_judged: bool = False


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """Something that the version read, from where a replay would have it, and why that is not what was read."""

    name: str
    origin: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """What a replay of one version would do. `lacking` is why running it is pointless, `doubts` what differs and may not matter.

    `expected` is how many seconds its cells took when it was made. `is_own` is false for a version that runs only after a word.
    """

    ref: str
    cells: tuple[PlannedCell, ...]
    files: tuple[PlannedFile, ...]
    modules: tuple[str, ...]
    doubts: tuple[Difference, ...]
    lacking: tuple[VerdictItem, ...]
    expected: float
    is_own: bool
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class Plans:
    """Answer of `replay --dry-run`."""

    plans: tuple[Planned, ...]
