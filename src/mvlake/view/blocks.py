"""Blocks: what a page is made of, before it is text or HTML.

An outline says what an answer shows; a renderer says how. Data goes in raw: renderers clean, clip and escape every word, so an
outline cannot forget to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

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


Words: TypeAlias = tuple[Span | When, ...]


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
    """A line of a listing: `mark` is `+`, `-`, a space, or `⋯` where lines are left out."""

    mark: str
    text: str


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


Block: TypeAlias = Paragraph | Facts | Grid | Listing | Pictures | Foreign | Fold | Section


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
    found: list[Span | When] = []
    for part in parts:
        if part:
            found += [muted(between)] if found else []
            found += part
    return tuple(found)
