"""Blocks: what a page is made of, before it is text or HTML.

An outline says what an answer shows; a renderer says how. Data goes in raw: renderers clean, clip and escape every word, so an
outline cannot forget to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from mvlake.compare.segments import Segment
from mvlake.records.digest import Digest
from mvlake.view.clean import LIMIT, PROSE


class Tone(StrEnum):
    """What a word is, for style; the word itself must say it too."""

    PLAIN = "plain"
    MUTED = "muted"
    STRONG = "strong"
    GOOD = "good"
    BAD = "bad"
    CODE = "code"
    PROSE = "prose"  # keeps its lines


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text, clipped to `limit` characters."""

    text: str
    tone: Tone = Tone.PLAIN
    limit: int = LIMIT


@dataclass(frozen=True, slots=True)
class When:
    """A moment, as records write it; a column whose heading says UTC need not say it again."""

    at: str
    says_zone: bool = True


@dataclass(frozen=True, slots=True)
class Spark:
    """A series as a small picture in a line of words; None is a gap. `low` is what the foot of the picture stands for."""

    values: tuple[float | None, ...]
    low: float | None = None


Word: TypeAlias = Span | When | Spark
Words: TypeAlias = tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words that wrap."""

    words: Words
    is_title: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Labelled facts."""

    rows: tuple[tuple[str, Words], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading and alignment."""

    heading: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; `more` rows of it are not shown."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Words, ...], ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a listing: `mark` is `+`, `-`, a space, or `⋯` where lines are left out.

    `segments` are the parts of the text where some of its words have changed, else empty.
    """

    mark: str
    text: str
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """Code or output, line by line; `is_diff` shows the marks."""

    caption: Words
    rows: tuple[Row, ...]
    is_diff: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A place for a stored picture; None where this side has none."""

    caption: str
    digest: Digest | None


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures side by side."""

    caption: Words
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Overlay:
    """Two pictures of one thing: side by side, and on one another for who asks. Text says the caption alone."""

    caption: Words
    a: Picture
    b: Picture


@dataclass(frozen=True, slots=True)
class Curve:
    """One line of a chart: points from left to right. `tone` is a letter from a to f; a is the first side and b the second."""

    name: str
    tone: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Curves:
    """Curves over one axis `x`, on one scale. Text draws each as a spark with its first and last value."""

    caption: Words
    curves: tuple[Curve, ...]
    x: str = "step"


@dataclass(frozen=True, slots=True)
class Bars:
    """Shares or counts of both sides, bar beside bar: histograms, categories. `names` are those of the sides."""

    caption: Words
    labels: tuple[str, ...]
    a: tuple[float, ...]
    b: tuple[float, ...]
    names: tuple[str, str] = ("a", "b")


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis of parallel coordinates: from `low` to `high`, or with a place for each of its categories."""

    name: str
    low: float = 0.0
    high: float = 1.0
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One thing's values on each axis: a number, a category, or None where it has none."""

    ref: str
    values: tuple[float | str | None, ...]


@dataclass(frozen=True, slots=True)
class Parallel:
    """Parallel coordinates, the first line standing out. Text draws nothing: a table stands beside it."""

    caption: Words
    axes: tuple[Axis, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Foreign:
    """HTML that somebody's library wrote: of it, HTML shows what is on our own lists of elements, and text shows `text`."""

    caption: Words
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class Fold:
    """What most readers skip: text shows the summary alone, unless the content `is_kept` there; HTML folds it."""

    summary: Words
    blocks: tuple["Block", ...]
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks under a heading."""

    heading: str
    note: Words
    blocks: tuple["Block", ...]


Chart: TypeAlias = Curves | Bars | Parallel
Leaf: TypeAlias = Paragraph | Facts | Grid | Listing | Pictures | Overlay | Chart | Foreign
Block: TypeAlias = Leaf | Fold | Section


def muted(text: str) -> Span:
    """Return words that step back."""
    return Span(text, Tone.MUTED)


def strong(text: str) -> Span:
    """Return words that stand out."""
    return Span(text, Tone.STRONG)


def good(text: str) -> Span:
    """Return good news."""
    return Span(text, Tone.GOOD)


def bad(text: str) -> Span:
    """Return bad news."""
    return Span(text, Tone.BAD)


def code(text: str) -> Span:
    """Return a name or value as code."""
    return Span(text, Tone.CODE)


def prose(text: str) -> Span:
    """Return what a person wrote, lines kept."""
    return Span(text, Tone.PROSE, PROSE)


def joined(parts: Sequence[Words], between: str = " · ") -> Words:
    """Return the parts in one line of words, empty ones left out."""
    found: list[Word] = []
    for part in parts:
        if part:
            found += [muted(between)] if found else []
            found += part
    return tuple(found)
