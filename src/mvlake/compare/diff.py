"""The Diff document: how two versions differ, aspect by aspect. `docs/spec/diff.schema.json` is its JSON.

It says everything, unchanged parts included; what is folded away is a renderer's choice.
"""

from dataclasses import dataclass
from enum import StrEnum

from mvlake.records.canonical import Json
from mvlake.records.digest import Digest

SCHEMA_VERSION = 1


class Change(StrEnum):
    """What happened to one thing between a and b."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class Direction(StrEnum):
    """Which way a metric improves."""

    HIGHER = "higher"
    LOWER = "lower"


class Outcome(StrEnum):
    """What a metric's change means, where its direction is known."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two versions."""

    ref: str
    created_at: str
    author: str
    message: str
    duration: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a cell: `op` is `" "`, `"-"` (in a only) or `"+"` (in b only)."""

    op: str
    text: str


@dataclass(frozen=True, slots=True)
class CellDiff:
    """One cell; positions count from 1 in each version's execution order, None where it is absent."""

    change: Change
    a_position: int | None
    b_position: int | None
    is_tracked: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ValueDiff:
    """A parameter, setting or fact; values are plain JSON, None where absent (`change` tells absent from null)."""

    name: str
    change: Change
    a: Json
    b: Json


@dataclass(frozen=True, slots=True)
class MetricDiff:
    """A metric: `delta` is b - a, `relative` is delta / |a|; both None where they cannot be said."""

    name: str
    change: Change
    a: Json
    b: Json
    delta: float | None
    relative: float | None
    direction: Direction | None
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class ColumnDiff:
    """A column of a frame: dtype on both sides, "" where absent; `is_moved` when its place among the columns differs."""

    name: str
    change: Change
    a_dtype: str
    b_dtype: str
    is_moved: bool = False


@dataclass(frozen=True, slots=True)
class DataDiff:
    """Data with content: a frame, array or value, by role and name. Sizes are rows for frames, shapes or types as text otherwise."""

    role: str
    name: str
    change: Change
    kind: str
    a_digest: Digest | None
    b_digest: Digest | None
    a_size: str
    b_size: str
    a_rows: int | None
    b_rows: int | None
    columns: tuple[ColumnDiff, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class ModelDiff:
    """A model: its class, its settings and its learned facts."""

    name: str
    change: Change
    a_type: str
    b_type: str
    settings: tuple[ValueDiff, ...]
    learned: tuple[ValueDiff, ...]


@dataclass(frozen=True, slots=True)
class FigureDiff:
    """A displayed figure; the digests name the stored pictures."""

    name: str
    change: Change
    a_digest: Digest | None
    b_digest: Digest | None
    a_size: str
    b_size: str


@dataclass(frozen=True, slots=True)
class PackageDiff:
    """An installed distribution; versions are "" where it is absent."""

    name: str
    change: Change
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class EnvironmentDiff:
    """Facts of the machine (python, platform, processor, …), of git (commit, branch, dirty), and packages."""

    facts: tuple[ValueDiff, ...]
    git: tuple[ValueDiff, ...]
    packages: tuple[PackageDiff, ...]


@dataclass(frozen=True, slots=True)
class StreamDiff:
    """What the cells printed."""

    name: str
    change: Change
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Diff:
    """How version b differs from version a. `problems` lists what could not be compared, because."""

    schema: int
    a: Side
    b: Side
    code: tuple[CellDiff, ...]
    params: tuple[ValueDiff, ...]
    metrics: tuple[MetricDiff, ...]
    data: tuple[DataDiff, ...]
    models: tuple[ModelDiff, ...]
    figures: tuple[FigureDiff, ...]
    environment: EnvironmentDiff
    streams: tuple[StreamDiff, ...]
    problems: tuple[str, ...]
    is_empty: bool
