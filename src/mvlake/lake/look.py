"""Look: what the steps of a deepened comparison look at."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from mvlake.compare.diff import Diff
from mvlake.lake.parts import Parts
from mvlake.lake.progress import Tell, tell_nobody
from mvlake.records.dossier import Dossier


@dataclass(frozen=True, slots=True)
class Look:
    """What a step looks at: both versions, and how it is asked to.

    `key` names the columns by which rows are known. `exact`: what is else taken of a sample, or estimated, is counted row by row.
    """

    parts: Parts
    a: Dossier
    b: Dossier
    key: tuple[str, ...] = ()
    tell: Tell = tell_nobody
    exact: bool = False


Step: TypeAlias = Callable[[Look, Diff], Diff]
