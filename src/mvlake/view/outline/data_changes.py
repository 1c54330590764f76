"""The data section of a comparison: what went in and came out, and of frames that changed how their rows and columns did."""

from collections.abc import Sequence

from mvlake.compare.diff import Change, ColumnDiff, DataDiff
from mvlake.compare.distribution import Shift
from mvlake.view.blocks import Block, Column, Fold, Grid, Section, Span, Words, code, joined, muted, strong
from mvlake.view.outline.changes import count_note, split, unchanged_fold
from mvlake.view.outline.data import data_words, statistics_text
from mvlake.view.outline.drift import distribution_blocks, furthest_first, measure_words, shift_of, shift_words
from mvlake.view.outline.row_changes import examples, rows_words
from mvlake.view.outline.wording import ABSENT, head
from mvlake.view.quantities import plural

_FRAMES, _COLUMNS, _CHARTS = 12, 20, 6


def data_section(data: Sequence[DataDiff], sides: tuple[str, str]) -> Section | None:
    """Return the data that went in and came out, None when there is none."""
    if not data:
        return None
    changed, same = split(data)
    shown, more = head(changed)
    columns = (Column("name"), Column("role"), Column(sides[0]), Column(sides[1]), Column("what changed"))
    rows = tuple(
        (
            (code(one.name),),
            (muted(one.role),),
            (Span(one.a_size) if one.a_size else ABSENT,),
            (Span(one.b_size) if one.b_size else ABSENT,),
            data_words(one),
        )
        for one in shown
    )
    grid = (Grid(columns, rows, more),) if changed else ()
    blocks = (*grid, *_frames(changed, sides), *unchanged_fold([one.name for one in same]))
    return Section("Data", count_note(len(changed), len(data)), blocks)


def _frames(changed: Sequence[DataDiff], sides: tuple[str, str]) -> list[Block]:
    """Return what is told of each frame that both sides have; of one content under several names, once."""
    told = list[Block]()
    known = set[tuple[object, object]]()
    for one in changed:
        key = (one.a_digest, one.b_digest)
        inside = _frame(one, sides) if key not in known and len(told) < _FRAMES else ()
        known.add(key)
        if inside:
            told.append(Fold(_summary(one), inside, is_kept=True))
    return told


def _summary(data: DataDiff) -> Words:
    shifts = [shift_of(one) for one in data.columns]
    counts = [(shifts.count(shift), shift.value) for shift in (Shift.STRONG, Shift.SLIGHT)]
    told = [f"{plural(count, 'column')} with a {word} shift" for count, word in counts if count]
    rows = rows_words(data.rows) if data.rows is not None else ()
    return joined([(strong(data.name), muted(f" {data.role}")), *[(Span(one),) for one in told], rows])


def _frame(data: DataDiff, sides: tuple[str, str]) -> tuple[Block, ...]:
    """Return the columns that changed, the most shifted first, some rows, and the distributions of the columns that shifted."""
    cells = {one.name: one.cells for one in data.rows.columns} if data.rows is not None else {}
    changed = furthest_first([one for one in data.columns if one.change is Change.CHANGED])
    shifted = [one for one in changed if shift_of(one) is not Shift.NONE]
    calm = [one for one in changed if shift_of(one) is Shift.NONE]
    blocks: list[Block] = [_columns(shifted, cells)] if shifted else []
    if calm:
        grid = _columns(calm, cells)
        blocks.append(Fold((muted(f"{plural(len(calm), 'changed column')} without a shift"),), (grid,)) if shifted else grid)
    if data.rows is not None:
        blocks += examples(data.rows, sides)
    for one in shifted[:_CHARTS]:
        blocks += distribution_blocks(one, sides)
    return (*blocks, *_more_charts([*shifted[_CHARTS:], *calm], sides))


def _more_charts(columns: Sequence[ColumnDiff], sides: tuple[str, str]) -> tuple[Block, ...]:
    shown, _ = head([one for one in columns if one.distribution is not None], _CHARTS)
    inside = tuple(block for one in shown for block in distribution_blocks(one, sides))
    return (Fold((muted(f"distributions of {plural(len(shown), 'other column')}"),), inside),) if inside else ()


def _columns(columns: Sequence[ColumnDiff], cells: dict[str, int]) -> Grid:
    shown, more = head(columns, _COLUMNS)
    heads = [Column("column"), *([Column("cells changed", is_number=True)] if cells else []), Column("shift"), Column("how far")]
    return Grid(tuple(heads), tuple(_column(one, cells) for one in shown), more)


def _column(column: ColumnDiff, cells: dict[str, int]) -> tuple[Words, ...]:
    types = () if column.a_dtype == column.b_dtype else (muted(f" {column.a_dtype} → {column.b_dtype}"),)
    statistics = statistics_text(column)
    told = joined([measure_words(column), (muted(statistics),) if statistics else (), *_note(column)])
    counted: tuple[Words, ...] = ((Span(f"{cells[column.name]:,}") if column.name in cells else ABSENT,),) if cells else ()
    return ((code(column.name), *types), *counted, shift_words(column), told)


def _note(column: ColumnDiff) -> list[Words]:
    said = column.distribution.note if column.distribution is not None else ""
    return [(muted(said),)] if said else []
