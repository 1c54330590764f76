"""Announcement: what capture has to tell after a cell. A door makes pixels of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from mvlake.compare.diff import Diff
from mvlake.lake.backlog import Progress
from mvlake.records.answers import Committed


@dataclass(frozen=True, slots=True)
class Made:
    """A version was made, or confirmed; `diff` is what changed against its parent. `was_awaited`: its card said "writing…"."""

    committed: Committed
    diff: Diff | None
    was_awaited: bool = False


@dataclass(frozen=True, slots=True)
class NotMade:
    """No version was made, because. The cell itself is unaffected."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """There is nothing to tell after all."""


@dataclass(frozen=True, slots=True)
class Late:
    """So many cells ran before the extension was loaded: their text is known, and what they did is not."""

    cells: int


Announcement: TypeAlias = Made | NotMade | Late | Nothing


class Announce(Protocol):
    """The door's way to tell."""

    def __call__(self, announcement: Announcement) -> None:
        """Tell it after the cell that has just ended."""

    def writing(self, name: str, size: int) -> Callable[[Announcement], None]:
        """Tell that a version is being written; return what takes the place of these words, from whatever thread, once."""

    def waiting(self, progress: Progress) -> None:
        """Tell what is waited for."""

    def catch_up(self) -> None:
        """Tell what could not be told in the meantime, where a thread must not write on the screen."""
