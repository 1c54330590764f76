"""Cells to run: what a replay executes, in order: a version's slice, or all that ran in its kernel."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mvlake.errors import CannotReplay, Damaged
from mvlake.lake.parts import Parts
from mvlake.lake.past import read_past
from mvlake.records.answers import Past
from mvlake.records.dossier import Dossier
from mvlake.records.events import Difference, DifferenceKind
from mvlake.records.source import DIRECTIVE, without_directive
from mvlake.records.version import Origin, Version
from mvlake.store.hashing import source_digest

MAY_RAISE = "raises-exception"
"""The tag by which users say that a cell may raise; a cell that raised when it was recorded has it too."""


@dataclass(frozen=True, slots=True)
class CellToRun:
    """One cell. `place` is that of the recorded cell that it is, from 1: what that one drew from is put back; 0 is none of them.

    `is_judged` marks the one whose version is compared with the recorded one.
    """

    source: str
    place: int = 0
    tags: tuple[str, ...] = ()
    is_judged: bool = False


def slice_cells(dossier: Dossier) -> tuple[CellToRun, ...]:
    """Return the cells that a version rests on. Its texts must all have been read."""
    version, found = dossier.version, []
    for place, (cell, source) in enumerate(zip(version.cells, dossier.sources, strict=True), 1):
        body, tags = without_directive(source or ""), (MAY_RAISE,) * cell.failed
        is_judged = cell.is_tracked and version.origin in (Origin.CELL, Origin.AUTO)
        found.append(
            CellToRun(tracked(body, version.name), place, tags, is_judged=True) if is_judged else CellToRun(body, place, tags)
        )
    return (*found, *_snapshot(version))


def session_cells(parts: Parts, dossier: Dossier) -> tuple[tuple[CellToRun, ...], tuple[Difference, ...]]:
    """Return every cell that ran in a version's kernel until it was made, in that order, and what is not kept of them."""
    version = dossier.version
    own = slice_cells(dossier)
    try:
        past = read_past(parts, version)
    except Damaged as error:
        reason = f"the cells that ran before it cannot be read: {error.message}"
        raise CannotReplay(version.ref, reason=reason, hint=f"`replay {version.ref}` runs the cells that it rests on") from error
    if version.origin not in (Origin.CELL, Origin.AUTO):
        return own, ()  # a snapshot, or a script, is all of its session
    places = _places(version, past)
    earlier = tuple(
        CellToRun(without_directive(cell.source), places.get(count, 0), (MAY_RAISE,) * cell.failed)
        for count, cell in enumerate(past.cells, 1)
    )
    return (*earlier, own[-1]), tuple(_not_kept(version, past, places))


def tracked(body: str, name: str) -> str:
    """Return the text of a cell that makes a version of this name."""
    indent = body[: len(body) - len(body.lstrip(" \t"))]  # a cell may be indented as a whole
    return f"{indent}{DIRECTIVE} {name}\n{body}"


def _snapshot(version: Version) -> Iterable[CellToRun]:
    return [CellToRun(f"%mv snapshot {version.name}", is_judged=True)] if version.origin is Origin.SNAPSHOT else []


def _places(version: Version, past: Past) -> dict[int, int]:
    """Return, by place among the past's cells, that among the version's own."""
    found: dict[int, int] = {}
    left = list(enumerate(version.cells[:-1], 1))
    for count, cell in enumerate(past.cells, 1):
        named = (source_digest(cell.source), cell.execution_count, cell.cell_id)
        own = next((one for one in left if (one[1].source, one[1].execution_count, one[1].cell_id) == named), None)
        if own is not None:
            found[count] = own[0]
            left.remove(own)
    return found


def _not_kept(version: Version, past: Past, places: dict[int, int]) -> Iterator[Difference]:
    """Yield what is not known of the cells that the version does not rest on."""
    lost = len(version.cells) - 1 - len(places)
    if lost:
        yield Difference(DifferenceKind.PAST, "cells", f"{lost} of those that the version rests on are not in its recorded past")
    others = len(past.cells) - len(places)
    if others:
        reason = f"the version does not rest on {others} of {len(past.cells)} cells: what these drew, read and imported is not kept"
        yield Difference(DifferenceKind.PAST, "other cells", reason)
