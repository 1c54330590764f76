"""Segments: the parts of a changed line, as far as the line that took its place has them too."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a line's text; `is_changed` when the other line has something else in its place, or nothing."""

    text: str
    is_changed: bool = False
