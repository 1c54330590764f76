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

    `places` says where each of them stands in `session`, which is every cell that ran in this kernel.
    """

    cells: Sequence[DraftCell]
    facts: Sequence[CellFacts]
    places: Sequence[int]
    session: Sequence[DraftCell]
    namespace: Mapping[str, Any]
    notebook: str
    modules: Sequence[LocalModule] = ()
