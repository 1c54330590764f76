"""Asked: how a replay was done, where it was not done as usual."""

from dataclasses import dataclass
from enum import StrEnum

from mvlake.records.digest import Digest
from mvlake.records.sparse import sparse


class Extent(StrEnum):
    """Which cells of a version run again. Append-only."""

    SLICE = "slice"  # those that it rests on
    ALL = "all"  # all that ran in its kernel until then


@dataclass(frozen=True, slots=True)
class Asked:
    """What a verdict speaks of, where it is not the version's own slice, run once.

    `notebook` is the name of the file whose cells ran instead, `notebook_digest` that of its bytes. `from_frames`: the recorded
    inputs of the tracked cell took the place of the cells that made them. `repeat` is how many times it was to run.
    """

    cells: Extent
    notebook: str = sparse("")
    notebook_digest: Digest | None = sparse(None)
    from_frames: bool = sparse(default=False)
    repeat: int = sparse(1)

    @property
    def speaks_of_version(self) -> bool:
        """True when the version itself was to run again, once: its own cells, from the first of them on."""
        return self.runs_version and self.repeat == 1

    @property
    def runs_version(self) -> bool:
        """True when the version's own cells were to run, from the first of them on, however often."""
        return not (self.notebook or self.notebook_digest or self.from_frames)


@dataclass(frozen=True, slots=True)
class Repeated:
    """What a metric came out as, run by run, when a version was repeated with other random states.

    `missing` is in how many runs it was no finite number, or was not there.
    """

    metric: str
    values: tuple[float, ...]
    missing: int = sparse(0)
