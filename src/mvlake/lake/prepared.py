"""Prepared: a version that is about to run again, with all that is known of it before anything runs."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mvlake.errors import CannotReplay
from mvlake.lake.cells_to_run import CellToRun
from mvlake.lake.chosen_cells import chosen_cells
from mvlake.lake.dossier import read_dossier
from mvlake.lake.history import find
from mvlake.lake.notebook import replayable
from mvlake.lake.parts import Parts
from mvlake.lake.past import expected_duration
from mvlake.lake.screening import columns_again
from mvlake.lake.tolerance_policy import read_tolerances
from mvlake.records.answers import Entry
from mvlake.records.asked import Asked
from mvlake.records.dossier import Dossier
from mvlake.records.events import Difference
from mvlake.records.plan import Plan
from mvlake.records.tolerance import Tolerances
from mvlake.redaction.marker import SUPPLIED
from mvlake.redaction.supply import needed_marks, supplied
from mvlake.store.keys import REDACTION_KEY


@dataclass(frozen=True, slots=True)
class Prepared:
    """A version, the cells that make it once more, and the variables that their code needs beside those of its world.

    `differences` are known before anything runs; `expected` is how many seconds the cells took, as far as that is known.
    """

    entry: Entry
    dossier: Dossier
    cells: tuple[CellToRun, ...]
    variables: Mapping[str, str]
    expected: float
    asked: Asked | None = None
    differences: tuple[Difference, ...] = ()
    tolerances: Tolerances = field(default_factory=Tolerances)

    @property
    def judged(self) -> str:
        """The text of the cell whose version is compared."""
        return next((cell.source for cell in self.cells if cell.is_judged), "")

    @property
    def notebook(self) -> Mapping[str, Any]:
        """The notebook that is to run."""
        return replayable(self.cells)


def prepare(parts: Parts, ref: str, plan: Plan) -> Prepared:
    """Return what is to run; CannotReplay when there is nothing, or when its code lacks what was redacted."""
    entry = find(parts, ref)
    dossier = read_dossier(parts, entry)
    unreadable = [problem for problem in dossier.problems if problem.startswith("cell ")]
    if unreadable or not dossier.sources:
        reason = "; ".join(unreadable) or "it holds no code"
        raise CannotReplay(entry.ref, reason="it was forgotten, and its code collected" if entry.forgotten else reason)
    chosen = chosen_cells(parts, dossier, plan)
    variables = {**_supplied(parts, entry, chosen.cells), **columns_again(dossier.version, os.environ)}
    expected = expected_duration(parts, dossier.version, plan.cells)
    beside = chosen.asked, chosen.differences, read_tolerances(parts.store)
    return Prepared(entry, dossier, chosen.cells, variables, expected, *beside)


def _supplied(parts: Parts, entry: Entry, cells: Iterable[CellToRun]) -> dict[str, str]:
    """Return the variables that give a replay's code back what marks stand for; CannotReplay where the environment has it not."""
    marks = dict.fromkeys(mark for cell in cells for mark in needed_marks(cell.source))
    key = parts.guard.key() if marks and parts.store.get(REDACTION_KEY) is not None else None  # a copy of a lake has none
    values = {mark: supplied(mark, os.environ, key) for mark in marks}
    lacking = [mark for mark, value in values.items() if value is None]
    if lacking:
        said = ", ".join(f"{mark.rule} ({mark.hash})" for mark in lacking[:4])
        raise CannotReplay(
            entry.ref,
            reason=f"its code held what was redacted, and must be supplied: {said}",
            hint=f"set {SUPPLIED}{lacking[0].hash.upper()} in the environment to what stood there, and replay again",
        )
    return {SUPPLIED + mark.hash.upper(): value for mark, value in values.items() if value is not None}
