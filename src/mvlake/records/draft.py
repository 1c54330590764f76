"""Draft: what capture hands over, before it is committed as a version."""

from dataclasses import dataclass

from mvlake.records.artifact import DraftArtifact, Omission
from mvlake.records.column_rule import ColumnRule
from mvlake.records.described import Described
from mvlake.records.environment import Environment, Git, Import
from mvlake.records.facts import Metric, Param
from mvlake.records.files import FileUse
from mvlake.records.hint import Hint
from mvlake.records.lineage import Descent
from mvlake.records.past import PastBlock
from mvlake.records.randomness import DraftDraw, DraftSeed
from mvlake.records.redaction import Redaction
from mvlake.records.usage import Usage
from mvlake.records.version import Names, Origin
from mvlake.records.warned import Warned


@dataclass(frozen=True, slots=True)
class DraftCell:
    """An executed cell with its text."""

    source: str
    execution_count: int | None = None
    cell_id: str = ""
    is_tracked: bool = False
    failed: bool = False
    draws: tuple[DraftDraw, ...] = ()
    seeds: tuple[DraftSeed, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A version without number, identity or place in the log. `parent` None means: nothing to build on.

    `columns` are the rules that its maker asked for, beside those of the lake: they are no part of the version.
    """

    name: str
    parent: int | None
    origin: Origin
    cells: tuple[DraftCell, ...]
    names: Names
    params: tuple[Param, ...]
    metrics: tuple[Metric, ...]
    artifacts: tuple[DraftArtifact, ...]
    omitted: tuple[Omission, ...]
    environment: Environment
    git: Git | None
    notebook: str
    started_at: str
    duration: float
    message: str = ""
    hints: tuple[Hint, ...] = ()
    past: tuple[PastBlock, ...] = ()
    warnings: tuple[Warned, ...] = ()
    peak_memory: int | None = None
    redacted: tuple[Redaction, ...] = ()
    files: tuple[FileUse, ...] = ()
    imports: tuple[Import, ...] = ()
    usage: Usage | None = None
    columns: tuple[ColumnRule, ...] = ()
    folder: str = ""
    described: tuple[Described, ...] = ()
    lineage: tuple[Descent, ...] = ()


@dataclass(frozen=True, slots=True)
class FailedDraft:
    """An execution that raised: it is remembered as an attempt, and makes no version."""

    name: str
    cells: tuple[DraftCell, ...]
    error_type: str
    error_message: str
    started_at: str
    duration: float
    redacted: tuple[Redaction, ...] = ()
