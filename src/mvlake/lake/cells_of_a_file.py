"""Cells of a file: today's notebook in place of the cells of a version: which of them is judged, and what has changed since."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath

from mvlake.errors import CannotReplay
from mvlake.lake.cells_to_run import CellToRun, tracked
from mvlake.lake.directive import directive_of
from mvlake.lake.notebook_file import FileCell, NotebookFile
from mvlake.records.dossier import Dossier
from mvlake.records.events import Difference, DifferenceKind
from mvlake.records.names import name_from
from mvlake.records.source import without_directive
from mvlake.records.version import Origin

SKIPPED = "skip-execution"
"""The tag of a cell that is left out."""

_ALIKE = 0.5  # of two texts, as a share: a cell that was edited, and no other one
_MOST = 1_000  # cells that one is compared with
_LONGEST = 10_000  # characters of a cell that are compared
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Told:
    """A cell of the file with its text as a lake would keep it."""

    cell: FileCell
    text: str


def cells_of_file(
    dossier: Dossier, file: NotebookFile, kept: Callable[[str], str]
) -> tuple[tuple[CellToRun, ...], tuple[Difference, ...]]:
    """Return what a notebook runs from top to bottom, and how it differs from the version's own cells.

    `kept` replaces secrets by marks, as in what was recorded. CannotReplay where no cell can be told to be the version's.
    """
    told = [_Told(cell, _normal(kept(cell.source))) for cell in file.cells]
    own = [_normal(source or "") for source in dossier.sources]
    places = _places(own, told)
    version = dossier.version
    judged = None if version.origin is Origin.SNAPSHOT else _judged(dossier, file, told, own)
    changed = _changed(own, told, places, judged)
    places |= {one.cell.place: place for place, one in changed.items()}  # an edited cell draws from where it did
    cells = []
    for one in told:
        body, is_judged = without_directive(one.cell.source), one.cell is judged
        source = tracked(body, version.name) if is_judged else body
        cells.append(CellToRun(source, places.get(one.cell.place, 0), one.cell.tags, is_judged=is_judged))
    if judged is None:
        cells.append(CellToRun(f"%mv snapshot {version.name}", is_judged=True))
    return tuple(cells), tuple(_differences(own, told, places, changed))


def _normal(source: str) -> str:
    return without_directive(source).strip()


def _places(own: list[str], told: list[_Told]) -> dict[int, int]:
    """Return, by place in the file, that of the recorded cell of the same text: those that follow each other first."""
    left: dict[str, list[int]] = {}
    for place, text in enumerate(own, 1):
        left.setdefault(text, []).append(place)
    return {one.cell.place: left[one.text].pop(0) for one in told if left.get(one.text)}


def _judged(dossier: Dossier, file: NotebookFile, told: list[_Told], own: list[str]) -> FileCell:
    """Return the cell that makes what is compared: the one of the version's text, or else the last that tracks its name."""
    version = dossier.version
    if version.origin is Origin.SCRIPT:
        reason = "a program made it, and no notebook"
        raise CannotReplay(version.ref, reason=reason, hint=f"`replay {version.ref}` without --notebook")
    running = [one for one in told if SKIPPED not in one.cell.tags]
    naming = [one for one in running if _name(one.cell.source, file.name) == version.name]
    same = [one for one in running if one.text == own[-1]]
    both = [one for one in naming if one.text == own[-1]]
    for found in (both, same, naming):
        if found:
            return found[-1].cell
    others = dict.fromkeys(name for one in running if (name := _name(one.cell.source, file.name)))
    tracks = f"it tracks {', '.join(list(others)[:5])}" if others else "it tracks nothing"
    raise CannotReplay(
        version.ref,
        reason=f"no cell of {file.name} has `%%track {version.name}` on top, nor the text of its tracked cell; {tracks}",
        hint=f"write `%%track {version.name}` above the cell that is to give it",
    )


def _name(source: str, file: str) -> str:
    """Return what a cell is tracked under, "" when it is not. Without a name, it is the notebook's."""
    directive = directive_of(source)
    return "" if directive is None else directive.name or name_from(PurePath(file).stem)


def _changed(own: list[str], told: list[_Told], places: dict[int, int], judged: FileCell | None) -> dict[int, _Told]:
    """Return, by place of a recorded cell that is not in the file as it was, the one that it seems to have become."""
    free = [one for one in told if one.cell.place not in places]
    found: dict[int, _Told] = {}
    for place, text in enumerate(own, 1):
        if place in places.values() or not text:
            continue
        is_last = place == len(own) and judged is not None
        now = next((one for one in free if one.cell is judged), None) if is_last else _closest(text, free[:_MOST])
        if now is not None:
            free.remove(now)
            found[place] = now
    return found


def _differences(own: list[str], told: list[_Told], places: dict[int, int], changed: dict[int, _Told]) -> Iterator[Difference]:
    """Yield what of the version's cells is not in the file as it was, and whether they stand in another order."""
    for place, text in enumerate(own, 1):
        if place in changed:
            now = changed[place]
            reason = f"cell {now.cell.place} of the notebook {_change(text, now.text)}"
            yield Difference(DifferenceKind.CODE, f"cell {place}", reason)
        elif text and place not in places.values():
            yield Difference(DifferenceKind.CODE, f"cell {place}", "it is not in the notebook")
    order = [places[one.cell.place] for one in told if one.cell.place in places]
    if order != sorted(order):
        yield Difference(DifferenceKind.CODE, "order", "its cells ran in another order than they stand in the notebook")
    for one in told:
        if one.cell.place in places and SKIPPED in one.cell.tags:
            name = f"cell {places[one.cell.place]}"
            yield Difference(DifferenceKind.CODE, name, f"cell {one.cell.place} of the notebook is tagged {SKIPPED}")


def _closest(text: str, free: Sequence[_Told]) -> _Told | None:
    """Return the cell that shares most words with a text, if that is at least half of them."""
    best, share = None, _ALIKE
    words = _words(text)
    for one in free:
        others = _words(one.text)
        alike = 2 * (words & others).total() / max(words.total() + others.total(), 1)
        if alike > share:
            best, share = one, alike
    return best


@lru_cache(maxsize=4 * _MOST)
def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text[:_LONGEST]))


def _change(then: str, now: str) -> str:
    """Return where two texts begin to differ."""
    before, after = then.splitlines(), now.splitlines()
    place = next(
        (at for at, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), min(len(before), len(after))
    )
    was, is_ = (lines[place].strip()[:100] if place < len(lines) else "" for lines in (before, after))
    return f"reads otherwise in line {place + 1}: {is_!r}, and was {was!r}"
