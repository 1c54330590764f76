"""Cells from inputs: a version's tracked cell with its recorded inputs, and of the earlier cells those that are still needed.

Which these are is read from the cells' texts: one that binds, or may change, a name that the tracked cell reads and that cannot be
restored; and those that such a cell needs in turn.
"""

from collections.abc import Iterator, Mapping, Sequence

from mvlake.errors import CannotReplay
from mvlake.lake.cell_names import CellNames, names_of
from mvlake.lake.cells_to_run import CellToRun, slice_cells
from mvlake.lake.inputs_kept import inputs_kept
from mvlake.lake.parts import Parts
from mvlake.records.dossier import Dossier
from mvlake.records.events import Difference, DifferenceKind
from mvlake.records.version import Origin


def cells_from_inputs(parts: Parts, dossier: Dossier) -> tuple[tuple[CellToRun, ...], tuple[Difference, ...]]:
    """Return what runs, and which inputs are made anew because they cannot be restored; CannotReplay where none can be."""
    version = dossier.version
    if version.origin not in (Origin.CELL, Origin.AUTO):
        reason = f"it was made by a {version.origin}, and no tracked cell has read its inputs"
        raise CannotReplay(version.ref, reason=reason, hint=f"`replay {version.ref}` runs all of it")
    told = inputs_kept(parts, version)
    restored = sorted(name for name, problem in told.items() if not problem)
    if not restored:
        why = "; ".join(f"{name}: {problem}" for name, problem in list(told.items())[:3]) or "it read none"
        reason = f"no input of its tracked cell can be restored ({why})"
        raise CannotReplay(version.ref, reason=reason, hint=f"`replay {version.ref}` runs the cells that made them")
    *earlier, judged = slice_cells(dossier)
    names = [names_of(cell.source) for cell in (*earlier, judged)]
    wanted = needed(names, frozenset(restored), also=version.names.read)
    fetch = CellToRun(f"%mv checkout {version.ref} {' '.join(restored)} --inputs")
    cells = (*(earlier[place] for place in wanted), fetch, judged)
    return cells, tuple(_made_anew(told, earlier, wanted))


def needed(names: Sequence[CellNames | None], restored: frozenset[str], *, also: Sequence[str] = ()) -> list[int]:
    """Return the places, from 0, of the cells that must run before the last one; where one's text cannot be read, all before it."""
    known = [one for one in names if one is not None]
    if len(known) < len(names):
        return list(range(len(names) - 1))
    *earlier, last = known
    later = {name: reads for one in earlier for name, reads in one.later.items()}
    makes = [one.binds | one.changes | _changed_by(one, earlier) for one in earlier]
    # What is read while the last cell runs comes from a restored input where there is one; what is read before must be made.
    wanted = ({*also, *last.reads} | _read_later(last)) - restored
    _follow(wanted, later, without=restored)
    made: set[str] = set()
    found: set[int] = set()
    always = {place for place, one in enumerate(earlier) if one.is_open}
    while more := (always | {place for place, names in enumerate(makes) if names & (wanted | made)}) - found:
        found |= more
        made |= {read for place in more for read in earlier[place].reads | earlier[place].changes}
        _follow(made, later)
        wanted |= {read for place in more for read in _read_later(earlier[place])} - restored
    return sorted(found)


def _read_later(cell: CellNames) -> frozenset[str]:
    return frozenset(read for reads in cell.later.values() for read in reads)


def _changed_by(cell: CellNames, earlier: Sequence[CellNames]) -> frozenset[str]:
    """Return what the functions change that a cell calls for their effect."""
    return frozenset(name for one in earlier for called in cell.calls for name in one.later_changes.get(called, ()))


def _follow(names: set[str], later: Mapping[str, frozenset[str]], *, without: frozenset[str] = frozenset()) -> None:
    """Add what the functions among the names read when they are called."""
    waiting = list(names)
    while waiting:
        more = later.get(waiting.pop(), frozenset()) - names - without
        names |= more
        waiting += more


def _made_anew(told: dict[str, str], earlier: Sequence[CellToRun], wanted: Sequence[int]) -> Iterator[Difference]:
    ran = ", ".join(str(earlier[place].place) for place in wanted) or "none"
    for name, problem in told.items():
        if problem:
            yield Difference(DifferenceKind.INPUT, name, f"it was made anew (cells that ran: {ran}), for {problem}")
