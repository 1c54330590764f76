"""Chosen cells: what a plan lets run of a version, in which manner, and what of it is known to be otherwise than it was."""

from dataclasses import dataclass

from mvlake.lake.assigned import with_params
from mvlake.lake.cells_from_inputs import cells_from_inputs
from mvlake.lake.cells_of_a_file import cells_of_file
from mvlake.lake.cells_to_run import CellToRun, session_cells, slice_cells
from mvlake.lake.notebook_file import read_notebook
from mvlake.lake.parts import Parts
from mvlake.records.asked import Asked, Extent
from mvlake.records.dossier import Dossier
from mvlake.records.events import Difference
from mvlake.records.plan import Plan


@dataclass(frozen=True, slots=True)
class ChosenCells:
    """The cells, the manner as the record tells it (None: the usual one), and what differs already before anything runs."""

    cells: tuple[CellToRun, ...]
    asked: Asked | None = None
    differences: tuple[Difference, ...] = ()


def chosen_cells(parts: Parts, dossier: Dossier, plan: Plan) -> ChosenCells:
    """Return what runs; CannotReplay or Invalid where that cannot be."""
    if plan.notebook is not None:
        file = read_notebook(plan.notebook)
        cells, differences = cells_of_file(dossier, file, parts.guard.text)
        return ChosenCells(cells, Asked(plan.cells, file.name, file.digest), differences)
    if plan.cells is Extent.ALL:
        cells, differences = session_cells(parts, dossier)
        return ChosenCells(cells, Asked(plan.cells), differences)
    if plan.from_frames:
        cells, differences = cells_from_inputs(parts, dossier)
        return ChosenCells(cells, Asked(plan.cells, from_frames=True), differences)
    return ChosenCells(with_params(dossier.ref, slice_cells(dossier), plan.params))
