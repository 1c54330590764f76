"""The outline of `replay --dry-run`: what would run, in which world, and what is missing."""

from collections.abc import Sequence

from mvlake.records.foreseen import Planned, PlannedFile, Plans
from mvlake.view.blocks import Block, Column, Fold, Grid, Paragraph, Section, Span, Words, bad, code, good, joined, muted, strong
from mvlake.view.outline.asked import asked_words
from mvlake.view.outline.listings import source_listing
from mvlake.view.outline.wording import head, names_words
from mvlake.view.quantities import plural, seconds

_CELLS = 30
_FILES = (Column("file"), Column("taken from"), Column("problem"))
_LACKING = (Column("kind"), Column("name"), Column("why it cannot run"))
_DOUBTS = (Column("kind"), Column("name"), Column("how it differs"))


def plans(answer: Plans) -> Sequence[Block]:
    """Return the outline of all plans."""
    if not answer.plans:
        return (Paragraph((muted("nothing would run"),)),)
    return tuple(block for one in answer.plans for block in _plan(one))


def _plan(one: Planned) -> Sequence[Block]:
    answer = bad("cannot run") if one.lacking else good("would run")
    word = muted("only with --trust: it is not known here that you made it")
    took: Words = (Span(f"about {seconds(one.expected)}"),) if one.cells else ()
    said = joined([(Span(plural(len(one.cells), "cell")),), took, asked_words(one.asked), () if one.is_own else (word,)])
    blocks: list[Block] = [Paragraph((code(one.ref), Span("  "), answer), is_title=True), Paragraph(said)]
    if one.lacking:
        shown, more = head(one.lacking)
        rows = tuple(((Span(item.kind),), (code(item.name),), (Span(item.reason, limit=400),)) for item in shown)
        blocks.append(Section("Missing", (muted("so nothing of it would be executed"),), (Grid(_LACKING, rows, more),)))
    if one.doubts:
        differing, more = head(one.doubts)
        rows = tuple(((Span(item.kind.value),), (code(item.name),), (Span(item.reason, limit=400),)) for item in differing)
        blocks.append(
            Section("World", (muted("what differs, as far as that is known before it runs"),), (Grid(_DOUBTS, rows, more),))
        )
    if one.files:
        files, more = head(one.files)
        blocks.append(Section("Files", (), (Grid(_FILES, tuple(map(_file, files)), more),)))
    if one.modules:
        blocks.append(Section("Modules", (), (Paragraph(names_words(one.modules)),)))
    return (*blocks, *_cells(one))


def _file(one: PlannedFile) -> tuple[Words, ...]:
    return (code(one.name),), (Span(one.origin),), (Span(one.problem, limit=300),)


def _cells(one: Planned) -> tuple[Block, ...]:
    shown, more = head(one.cells, _CELLS)
    listings = tuple(
        source_listing((strong(f"cell {place}, judged") if cell.is_judged else Span(f"cell {place}"),), cell.source)
        for place, cell in enumerate(shown, 1)
    )
    count = f"{plural(len(one.cells), 'cell')} in this order" + (f", {more} of them not shown" if more else "")
    return (Fold((muted(count),), listings, is_kept=True),) if listings else ()
