"""The outlines of code: a version's as a script, every cell that ran before it, and the modules that were imported."""

from collections.abc import Sequence

from mvlake.records.answers import Past, Script
from mvlake.records.dossier import Dossier
from mvlake.records.past import PastCell
from mvlake.view.blocks import Block, Fold, Paragraph, Section, Span, Words, bad, code, muted, strong
from mvlake.view.outline.listings import source_listing
from mvlake.view.quantities import plural, seconds

_SHOWN = 100
_MODULES = 40


def script(answer: Script) -> Sequence[Block]:
    """Return the script as one listing."""
    return (source_listing((code(answer.ref), muted("  what it rests on")), answer.text),)


def past(answer: Past) -> Sequence[Block]:
    """Return the cells, oldest first, with what is known of each; of very many the latest."""
    needed = f", {len(answer.needed):,} of which it rests on" if answer.needed else ""
    title = Paragraph((code(answer.ref), muted(f"  {plural(len(answer.cells), 'cell')} ran before it{needed}")), is_title=True)
    first = max(len(answer.cells) - _SHOWN, 0)
    cells = enumerate(answer.cells[first:], first + 1)
    listings = tuple(source_listing(_caption(cell, place, is_needed=place in answer.needed), cell.source) for place, cell in cells)
    older = (Paragraph((muted(f"{plural(first, 'cell')} before these not shown; --json has all"),)),) if first else ()
    return (title, *older, Fold((muted(plural(len(listings), "cell")),), listings, is_kept=True)) if listings else (title,)


def modules(dossier: Dossier) -> tuple[Block, ...]:
    """Return the sources of the modules that a version's kernel had imported, folded."""
    if not dossier.modules:
        return ()
    listings = tuple(source_listing((muted(name),), text) for name, text in list(dossier.modules.items())[:_MODULES])
    more = (Paragraph((muted(f"… and {len(dossier.modules) - _MODULES:,} more"),)),) if len(dossier.modules) > _MODULES else ()
    count = muted(plural(len(dossier.modules), "imported module"))
    return (Section("Modules", (), (Fold((count,), (*listings, *more)),)),)


def _caption(cell: PastCell, place: int, *, is_needed: bool) -> Words:
    count = f", In [{cell.execution_count}]" if cell.execution_count is not None else ""
    took = f", {seconds(cell.duration)}" if cell.duration is not None else ""
    name = strong(f"cell {place}") if is_needed else Span(f"cell {place}")
    return (name, muted(f"{count}{took}{', needed' if is_needed else ''}"), *((bad(", raised"),) if cell.failed else ()))
