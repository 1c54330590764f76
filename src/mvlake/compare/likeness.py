"""Likeness: how alike two pictures are to the eye."""

from dataclasses import dataclass
from enum import StrEnum


class Alike(StrEnum):
    """What is said of two pictures."""

    SAME = "same"
    NEARLY = "nearly"
    ANOTHER = "another"


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two pictures are: `distance` is how many of the 256 bits of their perceptual hashes differ.

    `share` is the share of pixels that differ, None for pictures of two sizes. `alike` and `distance` are None where a picture
    could not be read, and `note` says why.
    """

    alike: Alike | None
    distance: int | None = None
    share: float | None = None
    note: str = ""
