"""Restored: the states of generators that the kernel of a replay is to put back, read from the lake and written for that kernel."""

from collections.abc import Sequence
from pathlib import Path

from mvlake.errors import CannotReplay, Damaged
from mvlake.lake.cells_to_run import CellToRun
from mvlake.lake.parts import Parts
from mvlake.records.canonical import canonical, parse
from mvlake.records.dossier import Dossier
from mvlake.records.fields import from_fields, to_fields
from mvlake.records.randomness import CellStates, Draw, GeneratorState, RecordedState


def write_states(parts: Parts, dossier: Dossier, cells: Sequence[CellToRun], path: Path) -> None:
    """Write what is to be put back before each cell that runs. CannotReplay where a kept state is unreadable."""
    wanted = {cell.place for cell in cells}
    drawn: dict[int, list[RecordedState]] = {}
    for draw in dossier.version.draws:
        if draw.state is not None and draw.cell in wanted:
            drawn.setdefault(draw.cell, []).append(RecordedState(draw.generator, draw.kind, _state(parts, dossier, draw)))
    states = [CellStates(cell.source, tuple(drawn.get(cell.place, ()))) for cell in cells]
    path.write_bytes(canonical([to_fields(one) for one in states]))


def _state(parts: Parts, dossier: Dossier, draw: Draw) -> GeneratorState:
    assert draw.state is not None
    try:
        return from_fields(GeneratorState, parse(parts.objects.read(draw.state)))
    except (Damaged, ValueError, TypeError) as error:
        reason = f"the state of {draw.generator[:100]} before cell {draw.cell} cannot be read"
        raise CannotReplay(dossier.ref, reason=reason) from error
