"""The section of `show` on what is no data but a way to it: plans, iterators, cursors, connections, mapped arrays."""

from mvlake.records.described import Described
from mvlake.records.version import Version
from mvlake.view.blocks import Block, Column, Grid, Section, Span, Words, code, joined, muted
from mvlake.view.outline.wording import head
from mvlake.view.quantities import plural

_LONGEST = 200


def described_section(version: Version) -> tuple[Block, ...]:
    """Return what the version describes, with the statements that made it."""
    if not version.described:
        return ()
    shown, more = head(version.described)
    columns = (Column("name"), Column("role"), Column("what"), Column("made by"))
    grid = Grid(columns, tuple(_row(one) for one in shown), more)
    return (Section("Described", (muted(f"{plural(len(version.described), 'thing')}, neither computed nor used up"),), (grid,)),)


def _row(one: Described) -> tuple[Words, ...]:
    traits = [(muted(f"{trait.name} "), Span(trait.value, limit=_LONGEST)) for trait in one.traits]
    what = joined([(Span(one.kind.value), muted(f" {one.type}")), *traits])
    place = (muted(f"cell {one.cell}"),) if one.cell is not None else ()
    query = (muted("query "), Span(" ".join(one.sql.split()), limit=_LONGEST)) if one.sql and one.sql not in one.source else ()
    statement = (code(" ".join(one.source.split())[:_LONGEST]),) if one.source else (muted("not known"),)
    return (code(one.name),), (muted(one.role.value),), what, joined([statement, query, place])
