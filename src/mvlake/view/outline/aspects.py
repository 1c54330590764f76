"""The sections of a comparison that are texts: code and outputs."""

from collections.abc import Sequence

from mvlake.compare.diff import CellDiff, Change, DisplayDiff, Line, RedactionDiff, StreamDiff, WarningDiff
from mvlake.view.blocks import (
    Block,
    Column,
    Fold,
    Grid,
    Listing,
    Paragraph,
    Section,
    Span,
    bad,
    code,
    muted,
)
from mvlake.view.clean import without_ansi
from mvlake.view.outline.changes import count_note, split, unchanged_fold
from mvlake.view.outline.listings import cell_caption, diff_listing, source_listing
from mvlake.view.outline.wording import head
from mvlake.view.quantities import plural

_CELLS = 40
_LINES = 1000


def code_section(cells: Sequence[CellDiff]) -> Section | None:
    """Return the cells that differ, as unified diffs; None when there are no cells."""
    if not cells:
        return None
    changed = [cell for cell in cells if cell.change is not Change.UNCHANGED or cell.is_moved]
    blocks = _cells(changed)
    if len(changed) > len(blocks):
        blocks.append(Paragraph((muted(f"… and {len(changed) - len(blocks):,} more cells"),)))
    same = [cell for cell in cells if cell.change is Change.UNCHANGED and not cell.is_moved]
    if same:
        blocks.append(Fold((muted(f"{plural(len(same), 'cell')} unchanged"),), tuple(_whole(cell) for cell in same[:_CELLS])))
    return Section("Code", count_note(len(changed), len(cells)), tuple(blocks))


def notebook_section(cells: Sequence[CellDiff]) -> Section | None:
    """Return the cells of a notebook's file that have not run as they stand there; None when there are none."""
    if not cells:
        return None
    blocks: list[Block] = []
    for cell in cells[:_CELLS]:
        is_new = cell.change is Change.ADDED
        caption = (Span(f"cell {cell.b_position}"), muted(", has not run" if is_new else ", edited, and has not run since"))
        blocks.append(
            source_listing(caption, "\n".join(line.text for line in cell.lines)) if is_new else diff_listing(caption, cell.lines)
        )
    more = [Paragraph((muted(f"… and {len(cells) - _CELLS:,} more cells"),))] if len(cells) > _CELLS else []
    return Section("Notebook", (muted(f"{plural(len(cells), 'cell')} as last saved"),), (*blocks, *more))


def streams_section(streams: Sequence[StreamDiff]) -> Section | None:
    """Return what was printed, where it differs; None when nothing was."""
    return _texts_section("Output", streams)


def modules_section(modules: Sequence[StreamDiff]) -> Section | None:
    """Return the imported modules, where they differ; None when there are none."""
    return _texts_section("Modules", modules)


def _texts_section(title: str, texts: Sequence[StreamDiff]) -> Section | None:
    if not texts:
        return None
    changed, same = split(texts)
    changed.sort(key=lambda one: one.name == "stderr")  # what the cells themselves print says more than what they are warned of
    blocks: list[Block] = [diff_listing((muted(one.name),), _printed(one.lines)) for one in changed[:8]]
    if len(changed) > len(blocks):
        blocks.append(Paragraph((muted(f"… and {len(changed) - len(blocks):,} more"),)))
    return Section(title, count_note(len(changed), len(texts)), (*blocks, *unchanged_fold([one.name for one in same])))


def displays_section(displays: Sequence[DisplayDiff]) -> Section | None:
    """Return what was shown, where it differs; None when nothing was."""
    if not displays:
        return None
    changed, same = split(displays)
    blocks = [diff_listing((muted(_display_name(one)),), _printed(one.lines)) for one in changed[:8]]
    more = [Paragraph((muted(f"… and {len(changed) - 8:,} more"),))] if len(changed) > 8 else []
    equal = unchanged_fold([one.name for one in same])
    return Section("Displayed", count_note(len(changed), len(displays)), (*blocks, *more, *equal))


def _display_name(display: DisplayDiff) -> str:
    name = f"{display.name}, {display.media_type}"
    if not display.media_type.startswith("image/"):
        return name
    return f"{name}, compared as text, no picture" if display.lines else f"{name}, not looked at: of pictures PNG alone is read"


def warnings_section(warnings: Sequence[WarningDiff], sides: tuple[str, str]) -> Section | None:
    """Return the warnings that one side has and the other has not; None when there are none."""
    changed = [one for one in warnings if one.change is not Change.UNCHANGED]
    if not changed:
        return None
    shown, more = head(changed)
    columns = (Column("warning"), Column("said"), *(Column(side, is_number=True) for side in sides))
    rows = tuple(
        ((code(one.category),), (Span(one.message, limit=200),), (Span(f"{one.a_times:,}"),), (Span(f"{one.b_times:,}"),))
        for one in shown
    )
    return Section("Warnings", count_note(len(changed), len(warnings)), (Grid(columns, rows, more),))


def redactions_section(redactions: Sequence[RedactionDiff], sides: tuple[str, str]) -> Section | None:
    """Return the secrets and columns that were replaced otherwise on the two sides; None when all were alike."""
    changed = [one for one in redactions if one.change is not Change.UNCHANGED]
    if not changed:
        return None
    shown, more = head(changed)
    columns = (Column("rule"), Column("where"), *(Column(side, is_number=True) for side in sides), Column(""))
    rows = tuple(
        (
            (code(one.rule),),
            (Span(f"{one.place}, {one.column}" if one.column else one.place),),
            (Span(f"{one.a_times:,}"),),
            (Span(f"{one.b_times:,}"),),
            (muted(one.note),),
        )
        for one in shown
    )
    return Section("Redacted", count_note(len(changed), len(redactions)), (Grid(columns, rows, more),))


def _cells(changed: Sequence[CellDiff]) -> list[Block]:
    """Return the first cells, as many as a reader, and a notebook's file, can take."""
    blocks: list[Block] = []
    lines = 0
    for cell in changed[:_CELLS]:
        block = _cell(cell)
        lines += len(block.rows) if isinstance(block, Listing) else 1
        blocks.append(block)
        if lines >= _LINES:
            break
    return blocks


def _cell(cell: CellDiff) -> Block:
    if not cell.lines:
        return Paragraph((*cell_caption(cell), bad(", its text could not be read")))
    if cell.change is Change.UNCHANGED:
        return Paragraph((*cell_caption(cell), muted(", text unchanged")))
    return diff_listing(cell_caption(cell), cell.lines)


def _whole(cell: CellDiff) -> Block:
    return source_listing(cell_caption(cell), "\n".join(line.text for line in cell.lines))


def _printed(lines: Sequence[Line]) -> tuple[Line, ...]:
    return tuple(_plain(line) for line in lines)


def _plain(line: Line) -> Line:
    text = without_ansi(line.text[:2000])
    return line if text == line.text else Line(line.op, text)
