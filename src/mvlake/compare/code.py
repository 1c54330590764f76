"""Code: the cells of two versions, matched and compared line by line."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mvlake.compare.alignment import Pair, aligned
from mvlake.compare.alike import dice, most_alike
from mvlake.compare.diff import CellDiff, Change, Line
from mvlake.compare.lines import ADDED, REMOVED, diff_lines
from mvlake.compare.matching import Match, change_of, in_order, moved
from mvlake.records.asked import Extent
from mvlake.records.dossier import Dossier

_ALIKE = 0.4  # below it two cells are two cells
_SAME_CELL = 0.5  # what a notebook's cell id adds to the likeness of two texts
_PAIRS = 40_000
_WORDS = 2_000_000  # looked at in all, over all pairs
_WORD = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class _Cell:
    identity: str  # its digest; of a cell of the past its text: either is equal for equal texts
    text: str | None
    cell_id: str
    is_tracked: bool


def compare_code(a: Dossier, b: Dossier, *, extent: Extent = Extent.SLICE) -> tuple[tuple[CellDiff, ...], tuple[str, ...]]:
    """Return the cells that the versions rest on, or all that ran, and a sentence for each that cannot be shown.

    The tracked cell is the tracked cell. The others are matched by equal content in order, then wherever it stands, then by the
    notebook's cell id, then by likeness (words in common) in order.
    """
    ours, theirs = _cells(a, extent), _cells(b, extent)
    matches = in_order(ours, theirs, _partners(ours, theirs))
    out_of_order = moved(matches)
    rows = tuple(_row(one, is_moved=one.b_place in out_of_order) for one in matches)
    return rows, (*_unreadable(a.ref, ours), *_unreadable(b.ref, theirs))


def _cells(dossier: Dossier, extent: Extent) -> list[_Cell]:
    # A text for each cell, also should there be fewer: what is absent could not be read.
    texts = [*dossier.sources, *[None] * len(dossier.version.cells)]
    own = [
        _Cell(str(cell.source), text, cell.cell_id, cell.is_tracked)
        for cell, text in zip(dossier.version.cells, texts, strict=False)
    ]
    if extent is Extent.SLICE or dossier.past is None:
        return own
    before = (_Cell(one.source, one.source, one.cell_id, is_tracked=False) for one in dossier.past)
    return [*before, *(one for one in own if one.is_tracked)]


def _row(one: Match[_Cell], *, is_moved: bool) -> CellDiff:
    a, b = one.a, one.b
    change = change_of(a, b, is_same=a is not None and b is not None and a.identity == b.identity)
    return CellDiff(
        change=change,
        a_position=None if one.a_place is None else one.a_place + 1,
        b_position=None if one.b_place is None else one.b_place + 1,
        is_tracked=bool((a and a.is_tracked) or (b and b.is_tracked)),
        lines=_lines(a, b, change),
        is_moved=is_moved,
    )


def _lines(a: _Cell | None, b: _Cell | None, change: Change) -> tuple[Line, ...]:
    before, after = a.text if a else "", b.text if b else ""
    if change is Change.UNCHANGED:  # one digest: either side's text is the text of both
        before = after = after if after is not None else before
    if before is None or after is None:
        return ()
    if a is None or b is None:  # an empty text has no line, an added empty cell has one
        op, text = (REMOVED, before) if b is None else (ADDED, after)
        return tuple(Line(op, line) for line in text.split("\n"))
    return diff_lines(before, after)


def _unreadable(ref: str, cells: list[_Cell]) -> list[str]:
    return [
        f"the text of cell {place} of {ref} could not be read" for place, cell in enumerate(cells, start=1) if cell.text is None
    ]


def _partners(a: list[_Cell], b: list[_Cell]) -> dict[int, int]:
    partner = _tracked(a, b)
    for find in (_equal_in_order, _equal_anywhere, _same_notebook_cell, _alike):
        free_a, free_b = [i for i in range(len(a)) if i not in partner], _left(b, partner)
        partner |= {free_a[x]: free_b[y] for x, y in find([a[i] for i in free_a], [b[j] for j in free_b])}
    return partner


def _left(b: list[_Cell], partner: dict[int, int]) -> list[int]:
    taken = set(partner.values())
    return [j for j in range(len(b)) if j not in taken]


def _tracked(a: list[_Cell], b: list[_Cell]) -> dict[int, int]:
    ours = [i for i, cell in enumerate(a) if cell.is_tracked]
    theirs = [j for j, cell in enumerate(b) if cell.is_tracked]
    return {ours[0]: theirs[0]} if len(ours) == len(theirs) == 1 else {}


def _equal_in_order(a: Sequence[_Cell], b: Sequence[_Cell]) -> list[Pair]:
    return aligned([cell.identity for cell in a], [cell.identity for cell in b])


def _equal_anywhere(a: Sequence[_Cell], b: Sequence[_Cell]) -> list[Pair]:
    places: dict[str, list[int]] = {}
    for j in reversed(range(len(b))):
        places.setdefault(b[j].identity, []).append(j)
    return [(i, places[cell.identity].pop()) for i, cell in enumerate(a) if places.get(cell.identity)]


def _same_notebook_cell(a: Sequence[_Cell], b: Sequence[_Cell]) -> list[Pair]:
    """Return the cells whose id stands once on both sides: a cell that ran twice has one id for both."""
    ours, theirs = Counter(cell.cell_id for cell in a), Counter(cell.cell_id for cell in b)
    place = {cell.cell_id: j for j, cell in enumerate(b)}
    return [(i, place[key]) for i, key in enumerate(cell.cell_id for cell in a) if key and ours[key] == theirs[key] == 1]


def _alike(a: Sequence[_Cell], b: Sequence[_Cell]) -> list[Pair]:
    """Return the pairs of places, increasing in both, whose likeness adds up to the most; none when there are too many cells."""
    if not a or not b or len(a) * len(b) > _PAIRS:
        return []
    words = _WORDS // (len(a) * len(b))
    bags = {id(cell): _bag(cell, words) for cell in (*a, *b)}

    def likeness(one: _Cell, other: _Cell) -> float:
        same = _SAME_CELL if one.cell_id and one.cell_id == other.cell_id else 0.0
        found = dice(bags[id(one)], bags[id(other)]) + same
        return found if found >= _ALIKE else 0.0

    return most_alike(a, b, likeness, key=lambda cell: cell.identity)


def _bag(cell: _Cell, words: int) -> Counter[str]:
    # A word is at least a character long, and the first words of a cell tell enough.
    return Counter(_WORD.findall((cell.text or "")[: 8 * words])[:words])
