"""The Diff document: how two versions differ, aspect by aspect. `docs/spec/diff.schema.json` is its JSON.

It says everything, unchanged parts included; what is folded away is a renderer's choice.
"""

from dataclasses import dataclass
from enum import StrEnum

from mvlake.compare.course import Course
from mvlake.compare.distribution import Distribution, Drift
from mvlake.compare.learned import WeightsDiff
from mvlake.compare.likeness import Likeness
from mvlake.compare.predicted import PredictionDiff
from mvlake.compare.row_changes import RowsDiff
from mvlake.compare.run_band import RunBand
from mvlake.compare.segments import Segment
from mvlake.records.asked import Extent
from mvlake.records.canonical import Json
from mvlake.records.digest import Digest

SCHEMA_VERSION = 1
NOW = "now"
"""The ref of a side that is no version, but what a kernel and its notebook are at this moment."""


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
    WITHIN_NOISE = "within noise"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two versions; `cpu_time` in seconds of one processor. `is_live`: no version, but a frame of a kernel or a file."""

    ref: str
    created_at: str
    author: str
    message: str
    duration: float
    peak_memory: int | None = None
    cpu_time: float | None = None
    is_live: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text: `op` is `" "`, `"-"` (in a only) or `"+"` (in b only).

    Joined by newlines, the lines without `"-"` are b's text exactly, those without `"+"` a's; no line at all is the empty text.
    `segments` are the parts of a changed line that has a partner on the other side, which together are its text; else empty.
    """

    op: str
    text: str
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True)
class CellDiff:
    """One cell; positions count from 1 in each version's execution order, None where it is absent.

    `is_moved` when it ran at another place among the cells that both versions have. `lines` is empty where a text could not
    be read.
    """

    change: Change
    a_position: int | None
    b_position: int | None
    is_tracked: bool
    lines: tuple[Line, ...]
    is_moved: bool = False


@dataclass(frozen=True, slots=True)
class ValueDiff:
    """A parameter, setting or fact; values are plain JSON, None where absent (`change` tells absent from null).

    `a_is_default` and `b_is_default` say of a model's setting whether it has its class's default, and are None for all else.
    """

    name: str
    change: Change
    a: Json
    b: Json
    note: str = ""
    a_is_default: bool | None = None
    b_is_default: bool | None = None


@dataclass(frozen=True, slots=True)
class MetricDiff:
    """A metric: `delta` is b - a, `relative` is delta / |a|; both None where they cannot be said.

    `outcome` is None where the metric is on one side only, or moved in a direction of which nothing is known. Of a curve the
    values are its last ones, and the steps say how long it is. A `band` is that of the runs of one version; the outcome is
    `within noise` where the value of either version lies in the band of the other.
    """

    name: str
    change: Change
    a: Json
    b: Json
    delta: float | None
    relative: float | None
    direction: Direction | None
    outcome: Outcome | None
    note: str = ""
    a_steps: int | None = None
    b_steps: int | None = None
    a_band: RunBand | None = None
    b_band: RunBand | None = None


@dataclass(frozen=True, slots=True)
class SeriesDiff:
    """The values of a metric, step by step. Of one that differs, the courses of both sides; `note` says why there is none."""

    name: str
    change: Change
    a: Course | None = None
    b: Course | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class StatisticDiff:
    """A statistic of a column that is another one in b: both as their profiles say them, "" where one does not tell it.

    `name` is `null_share`, `distinct`, `low`, `high`, `mean`, `std`, `median` or `most_frequent` (the value and its share).
    """

    name: str
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class ColumnDiff:
    """A column of a frame: dtype on both sides, "" where absent; `is_moved` when its place among the columns differs.

    `statistics` are those of its profile that moved, where both sides have one; `distribution` and `drift` say how its values lay
    then and lie now, and how far they moved, of a column that both sides have and whose content differs.
    """

    name: str
    change: Change
    a_dtype: str
    b_dtype: str
    is_moved: bool = False
    statistics: tuple[StatisticDiff, ...] = ()
    distribution: Distribution | None = None
    drift: tuple[Drift, ...] = ()


@dataclass(frozen=True, slots=True)
class DataDiff:
    """Data with content: a frame, array or value, by role and name. Sizes are rows for frames, shapes or types as text otherwise.

    `index` is a frame's index, column by column. The texts are what is shown of the content: a value's beginning as Python
    writes it, an array's range. `rows` are None where nobody looked at rows, or where there are none to look at.
    """

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
    index: tuple[ColumnDiff, ...] = ()
    a_text: str = ""
    b_text: str = ""
    rows: RowsDiff | None = None


@dataclass(frozen=True, slots=True)
class ModelDiff:
    """A model: its class, its settings, its learned facts (`learned`) and numbers (`weights`), and what it predicts.

    `facts` are its library, the library's version, and whether it is fitted. `predictions` has an entry for each evaluation data.
    """

    name: str
    change: Change
    a_type: str
    b_type: str
    settings: tuple[ValueDiff, ...]
    learned: tuple[ValueDiff, ...]
    facts: tuple[ValueDiff, ...] = ()
    note: str = ""
    weights: tuple[WeightsDiff, ...] = ()
    predictions: tuple[PredictionDiff, ...] = ()


@dataclass(frozen=True, slots=True)
class FigureDiff:
    """A displayed figure; the digests name the stored pictures. `likeness` is how alike two of them are that differ."""

    name: str
    change: Change
    a_digest: Digest | None
    b_digest: Digest | None
    a_size: str
    b_size: str
    a_media_type: str = ""
    b_media_type: str = ""
    likeness: Likeness | None = None


@dataclass(frozen=True, slots=True)
class PackageDiff:
    """An installed distribution; versions are "" where it is absent. `is_imported`: the cells of either version import it.

    `is_needed`: what they import requires it, at any remove, as far as what is installed where the two are compared tells.
    """

    name: str
    change: Change
    a: str
    b: str
    is_imported: bool = False
    is_needed: bool = False


@dataclass(frozen=True, slots=True)
class EnvironmentDiff:
    """Facts of the machine (python, platform, processor, …), of git (commit, branch, dirty), and packages.

    `loaded` are libraries with thread pools that one side had loaded and the other had not: no difference of the machine.
    """

    facts: tuple[ValueDiff, ...]
    git: tuple[ValueDiff, ...]
    packages: tuple[PackageDiff, ...]
    loaded: tuple[ValueDiff, ...] = ()


@dataclass(frozen=True, slots=True)
class StreamDiff:
    """A text by name: what the cells printed, or a module that they imported."""

    name: str
    change: Change
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class DisplayDiff:
    """One media type of a display; the digests name what was shown. `lines` is empty where it is no text, or none to read here."""

    name: str
    change: Change
    media_type: str
    a_digest: Digest | None
    b_digest: Digest | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class WarningDiff:
    """A warning: how often it came on each side, 0 where it did not. Which line it came from is the code's difference."""

    category: str
    message: str
    place: str
    change: Change
    a_times: int
    b_times: int


@dataclass(frozen=True, slots=True)
class RedactionDiff:
    """What a rule replaced in one place, or hid of a `column`: how often on each side, 0 where it did not.

    `note` says whether equal values stood there, as far as marks tell.
    """

    place: str
    column: str
    rule: str
    change: Change
    a_times: int
    b_times: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Diff:
    """How version b differs from version a. `problems` lists what could not be compared, because.

    `is_empty` when nothing differs in code, modules, parameters, metrics, series, data, models, figures, streams, displays, files,
    lazy things (`described`), packages and facts of the machine. When, by whom and from which commit a version was made does not
    count: that differs between any two. `hints` go by their codes, `randomness` by generators and seeding calls; both do not count
    either: what they lead to does. Nor do warnings: Python gives many of them once in a process; nor redactions, which show where
    they stand. `files` are named by direction and path.
    `is_empty` when nothing differs in code, modules, parameters, metrics, data, models, figures, streams, displays, files, lazy
    things (`described`), packages and facts of the machine. When, by whom and from which commit a version was made does not
    count: that differs between any two. `hints` go by their codes, `randomness` by generators and seeding calls; both do not
    count either: what they lead to does. Nor do warnings: Python gives many of them once in a process; nor
    redactions, which show where they stand. `files` are named by direction and path. `cells` says which cells the code is: those
    that the versions rest on, or all that ran in their kernels until then. Where b is `NOW`, what a kernel holds, `unrun` are the
    cells of its notebook's file that have not run as they stand there: a is what ran, by its place in the kernel, b what is there.
    """

    schema: int
    a: Side
    b: Side
    code: tuple[CellDiff, ...]
    modules: tuple[StreamDiff, ...]
    params: tuple[ValueDiff, ...]
    metrics: tuple[MetricDiff, ...]
    data: tuple[DataDiff, ...]
    models: tuple[ModelDiff, ...]
    figures: tuple[FigureDiff, ...]
    environment: EnvironmentDiff
    streams: tuple[StreamDiff, ...]
    files: tuple[ValueDiff, ...]
    hints: tuple[ValueDiff, ...]
    randomness: tuple[ValueDiff, ...]
    problems: tuple[str, ...]
    is_empty: bool
    displays: tuple[DisplayDiff, ...] = ()
    warnings: tuple[WarningDiff, ...] = ()
    described: tuple[ValueDiff, ...] = ()
    lineage: tuple[ValueDiff, ...] = ()
    redactions: tuple[RedactionDiff, ...] = ()
    series: tuple[SeriesDiff, ...] = ()
    cells: Extent = Extent.SLICE
    unrun: tuple[CellDiff, ...] = ()
