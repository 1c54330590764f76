"""Summaries: what a handler says of an object without its content, for people and for comparisons."""

from dataclasses import dataclass
from typing import TypeAlias

from mvlake.records.canonical import Json
from mvlake.records.digest import Digest


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a frame: its name as people read it, its dtype as its library prints it, its content's digest."""

    name: str
    dtype: str
    digest: Digest
    nulls: int


@dataclass(frozen=True, slots=True)
class FrameSummary:
    """A table: `type` is the class (`pandas.DataFrame`), `index` the index's columns where the library has one."""

    type: str
    rows: int
    columns: tuple[Column, ...]
    index: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class ArraySummary:
    """An array or tensor; `low`, `high` and `mean` over its finite numbers, None when it has none."""

    type: str
    dtype: str
    shape: tuple[int, ...]
    low: float | None = None
    high: float | None = None
    mean: float | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of a model: its value as plain JSON (`records.plain`), and whether it differs from its class's default."""

    name: str
    value: Json
    is_default: bool


@dataclass(frozen=True, slots=True)
class ModelSummary:
    """A user's ML model: class, settings (deep names such as `clf__C`), library and version, learned facts as plain JSON.

    `learned` holds a few named facts (`n_features`, `classes`, `trees`, `parameters`), never arrays.
    """

    type: str
    is_fitted: bool
    settings: tuple[Setting, ...]
    library: str
    library_version: str
    learned: tuple[Setting, ...] = ()


@dataclass(frozen=True, slots=True)
class ValueSummary:
    """A plain value: `text` is its beginning as Python writes it, `length` its number of items where it has some."""

    type: str
    text: str
    length: int | None = None


@dataclass(frozen=True, slots=True)
class FigureSummary:
    """A picture: media type and size in pixels (0 where unknown); `position` is which of the cell's displays showed it, 0: none."""

    type: str
    media_type: str
    width: int = 0
    height: int = 0
    position: int = 0


@dataclass(frozen=True, slots=True)
class MediaSummary:
    """One media type of the display at a position, counted from 1; `text` is its first line where it is text.

    `type` is `result` for what the cell's last expression was shown as, else `display`.
    """

    type: str
    media_type: str
    position: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class SeriesSummary:
    """The values of a metric, step by step: how many, from where to where, and a few of them that show its form (null for NaN)."""

    type: str
    steps: int
    first_step: float
    last_step: float
    points: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class FileSummary:
    """The content of a file: `type` is its suffix without the dot (`file` without one), `modified_at` when it was last changed."""

    type: str
    modified_at: str = ""


@dataclass(frozen=True, slots=True)
class OpaqueSummary:
    """An object known only by its type, kept as a pickle because `reason`."""

    type: str
    reason: str


@dataclass(frozen=True, slots=True)
class CodeSummary:
    """Source: `type` is what it is of (`module`), `path` its place below the project's root.

    `state` tells what git knew of the file: `committed`, `modified`, `untracked`, or "" outside of a repository. `note` says what
    else is to be known of it.
    """

    type: str
    path: str
    lines: int
    state: str = ""
    note: str = ""


Summary: TypeAlias = (
    FrameSummary
    | ArraySummary
    | ModelSummary
    | ValueSummary
    | FigureSummary
    | MediaSummary
    | SeriesSummary
    | FileSummary
    | OpaqueSummary
    | CodeSummary
)

# The `kind` under which a summary is written. Append-only.
SUMMARY_KINDS: dict[str, type] = {
    "frame": FrameSummary,
    "array": ArraySummary,
    "model": ModelSummary,
    "value": ValueSummary,
    "figure": FigureSummary,
    "media": MediaSummary,
    "opaque": OpaqueSummary,
    "series": SeriesSummary,
    "code": CodeSummary,
    "file": FileSummary,
}
