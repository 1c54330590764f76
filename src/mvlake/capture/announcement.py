"""Announcement: what capture has to tell after a cell. A door makes pixels of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from mvlake.compare.diff import Diff
from mvlake.records.answers import Committed


@dataclass(frozen=True, slots=True)
class Made:
    """A version was made, or confirmed; `diff` is what changed against its parent."""

    committed: Committed
    diff: Diff | None


@dataclass(frozen=True, slots=True)
class NotMade:
    """No version was made, because. The cell itself is unaffected."""

    sentence: str


Announcement: TypeAlias = Made | NotMade
Announce: TypeAlias = Callable[[Announcement], None]
