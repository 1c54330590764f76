"""Version: the immutable record of one execution."""

from dataclasses import dataclass
from enum import StrEnum

from mvlake.records.artifact import Artifact, Omission
from mvlake.records.described import Described
from mvlake.records.digest import Digest
from mvlake.records.environment import Git, Import
from mvlake.records.facts import Metric, Param
from mvlake.records.files import FileUse
from mvlake.records.hint import Hint
from mvlake.records.lineage import Descent
from mvlake.records.randomness import Draw, Seed
from mvlake.records.redaction import Redaction
from mvlake.records.sparse import sparse
from mvlake.records.usage import Usage
from mvlake.records.warned import Warned


class Origin(StrEnum):
    """What made a version. Append-only."""

    CELL = "cell"  # %%track
    AUTO = "auto"  # %mv auto on
    SNAPSHOT = "snapshot"  # %mv snapshot
    SCRIPT = "script"  # mvlake.track(...)


@dataclass(frozen=True, slots=True)
class Cell:
    """One executed cell: `source` names its text as an object; `is_tracked` marks the one that made the version."""

    source: Digest
    execution_count: int | None = None
    cell_id: str = ""
    is_tracked: bool = False
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """Variables that the tracked cell read from before, bound anew, and changed in place."""

    read: tuple[str, ...] = ()
    bound: tuple[str, ...] = ()
    mutated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """One execution: `name:vNUMBER`. `cells` are in the order in which they ran, the tracked one last.

    `identity` is the digest of code, inputs and outputs: an execution with the identity of an existing version
    of that name confirms it. `parent` is a number under the same name; `duration` is in seconds. `peak_memory` is the most memory
    that the process had while it ran, in bytes, as far as that was noticed (`usage` says how); None when it is not known.
    `folder` is the directory that its kernel worked in, below the one that `FileUse.relative` is told from.
    """

    name: str
    number: int
    parent: int | None
    identity: Digest
    origin: Origin
    cells: tuple[Cell, ...]
    names: Names
    params: tuple[Param, ...]
    metrics: tuple[Metric, ...]
    artifacts: tuple[Artifact, ...]
    omitted: tuple[Omission, ...]
    environment: Digest
    git: Git | None
    notebook: str
    started_at: str
    duration: float
    message: str = ""
    hints: tuple[Hint, ...] = ()
    past: Digest | None = None
    draws: tuple[Draw, ...] = ()
    seeds: tuple[Seed, ...] = ()
    warnings: tuple[Warned, ...] = ()
    peak_memory: int | None = None
    redacted: tuple[Redaction, ...] = ()
    files: tuple[FileUse, ...] = ()
    imports: tuple[Import, ...] = ()
    folder: str = ""
    lock: Digest | None = None
    usage: Usage | None = sparse(None)
    described: tuple[Described, ...] = ()
    lineage: tuple[Descent, ...] = ()

    @property
    def ref(self) -> str:
        """The ref that always names this version: `name:v47`."""
        return f"{self.name}:v{self.number}"

    def artifact(self, name: str) -> tuple[Artifact, ...]:
        """Return the artifacts of this name (an input and an output may share one)."""
        return tuple(one for one in self.artifacts if one.name == name)
