"""Situation: what hints are found from: a tracked cell that has ended, the cells that it needs, and the kernel around it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mvlake.capture.cell_facts import CellFacts
from mvlake.capture.modules import LocalModule
from mvlake.records.draft import DraftCell


@dataclass(frozen=True, slots=True)
class Situation:
    """`cells` are the version's, in the order in which they ran, the tracked one last; `facts` are theirs.

    `places` says where each of them stands in `session`, which is every earlier cell that ran in this kernel; `session_facts` and
    `ended_at` (seconds since 1970, None where unknown) go with it.
    """

    cells: Sequence[DraftCell]
    facts: Sequence[CellFacts]
    places: Sequence[int]
    session: Sequence[DraftCell]
    namespace: Mapping[str, Any]
    notebook: str
    modules: Sequence[LocalModule] = ()
    session_facts: Sequence[CellFacts] = ()
    ended_at: Sequence[float | None] = ()
