"""Cells since: what ran in a kernel after a version was made or checked out, and which cells of its notebook have not run."""

from collections.abc import Iterator, Mapping, Sequence

from mvlake.capture.history import Executed
from mvlake.capture.notebook_order import SavedNotebook, saved_notebook
from mvlake.capture.opting_out import kept_text
from mvlake.capture.session import Session
from mvlake.lake.present import UnrunCell
from mvlake.records.dossier import Dossier
from mvlake.records.draft import DraftCell


def place_after(session: Session, then: Dossier) -> int:
    """Return the position of the first cell that ran after a version was made or checked out here; 0 where neither happened."""
    version, sources = then.version, then.sources
    place = session.places.get(version.ref, 0)
    if version.cells and sources:
        last, text = version.cells[-1], sources[-1]
        for position in reversed(range(len(session.cells))):
            if _is_same(session.cells[position], text, last.execution_count, last.cell_id):
                return max(place, position + 1)
    return place


def _is_same(cell: DraftCell, text: str | None, count: int | None, cell_id: str) -> bool:
    # The recorded text has marks where secrets stood.
    return cell.source == text or (count is not None and cell_id != "" and (cell.execution_count, cell.cell_id) == (count, cell_id))


def making(session: Session, since: int) -> list[Executed]:
    """Return the cells since then that made or changed something, as far as their text and the namespace tell."""
    return [one for one in session.executed[since:] if one.bound - one.restored or one.facts.mutates]


def present_cells(session: Session, then: Dossier, made: Sequence[Executed]) -> tuple[DraftCell, ...]:
    """Return a version's cells as the kernel has them now: one that ran again with another text as it ran last, then the new ones.

    A text that the version has already is no new cell.
    """
    latest = {session.cells[one.position].cell_id: one.position for one in made}
    known = {text for text in then.sources if text is not None}
    cells: list[DraftCell] = []
    placed: set[int] = set()
    for cell, text in zip(then.version.cells, then.sources, strict=True):
        again = latest.get(cell.cell_id) if cell.cell_id else None
        if again is not None and session.cells[again].source not in known and again not in placed:
            placed.add(again)
            cells.append(_bare(session.cells[again], is_tracked=cell.is_tracked))
        elif text is not None:
            cells.append(DraftCell(text, cell.execution_count, cell.cell_id, cell.is_tracked, cell.failed))
    new = (session.cells[one.position] for one in made if one.position not in placed)
    return (*cells, *(_bare(cell, is_tracked=False) for cell in new if cell.source not in known))


def _bare(cell: DraftCell, *, is_tracked: bool) -> DraftCell:
    return DraftCell(cell.source, cell.execution_count, cell.cell_id, is_tracked, cell.failed)


def unrun_cells(session: Session, then: Dossier, notebook: str) -> tuple[UnrunCell, ...]:
    """Return the cells of the notebook as it was last saved whose text has neither run here nor stands in the version.

    Of a cell that ran with another text, that text is told; of one that this kernel has not seen, what the version has of it.
    """
    saved = saved_notebook(notebook) if notebook else None
    return () if saved is None else tuple(_unrun(session, then, saved))


def _unrun(session: Session, then: Dossier, saved: SavedNotebook) -> Iterator[UnrunCell]:
    known = {cell.source for cell in session.cells} | {text for text in then.sources if text is not None}
    ran = _last_runs(session, then)
    for name, source in saved.sources.items():
        if source.strip() and kept_text(source) not in known and not _only_asks(source):
            position, text = ran.get(name, (None, ""))
            yield UnrunCell(saved.places[name] + 1, kept_text(source), position, text)
        elif name in ran and ran[name][1] != kept_text(source) and ran[name][1] in known and source.strip():
            position, text = ran[name]  # it was taken back to a text that ran before, and did not run again
            yield UnrunCell(saved.places[name] + 1, kept_text(source), position, text)


def _last_runs(session: Session, then: Dossier) -> Mapping[str, tuple[int | None, str]]:
    recorded = zip(then.version.cells, then.sources, strict=False)
    found: dict[str, tuple[int | None, str]] = {
        cell.cell_id: (place, text) for place, (cell, text) in enumerate(recorded, 1) if cell.cell_id and text is not None
    }
    found.update({cell.cell_id: (place, cell.source) for place, cell in enumerate(session.cells, 1) if cell.cell_id})
    return found


def _only_asks(source: str) -> bool:
    """True for a cell of nothing but questions to a lake, such as `%mv diff` itself."""
    return all(line.startswith(("%mv ", "%load_ext")) or not line.strip() for line in source.split("\n"))
