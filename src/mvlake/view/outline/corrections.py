"""The outline of `corrections`: what people say that variables are, and what was said of a version's facts since."""

from collections.abc import Sequence

from mvlake.records.answers import CorrectionRow, Corrections, Entry
from mvlake.records.events import Meaning
from mvlake.view.blocks import Block, Column, Grid, Paragraph, Section, Span, When, Words, code, muted
from mvlake.view.outline.wording import head

MEANINGS = {
    Meaning.METRIC: "a metric",
    Meaning.PARAM: "a parameter",
    Meaning.NOTHING: "neither metric nor parameter",
    Meaning.GUESS: "what it is taken for",
}


def corrections(answer: Corrections) -> Sequence[Block]:
    """Return the outline of all that holds."""
    if not answer.rows:
        return (Paragraph((muted("nothing was corrected yet: `metric VARIABLE`, `param VARIABLE` and `ignore VARIABLE` do"),)),)
    rows, more = head(answer.rows)
    columns = (Column("name"), Column("fact"), Column("is"), Column("since"), Column("said (UTC)"), Column("by"))
    return (Grid(columns, tuple((_name(row), *_said(row)) for row in rows), more),)


def corrected(entry: Entry) -> tuple[Block, ...]:
    """Return what was said of a version's facts since it was made: the versions after it follow that."""
    if not entry.corrections:
        return ()
    rows, more = head(entry.corrections)
    columns = (Column("fact"), Column("is"), Column("since"), Column("said (UTC)"), Column("by"))
    return (Section("Corrected since", (), (Grid(columns, tuple(_said(row) for row in rows), more),)),)


def _name(row: CorrectionRow) -> Words:
    return (code(row.correction.name),)


def _said(row: CorrectionRow) -> tuple[Words, ...]:
    one = row.correction
    return (
        (code(one.fact),),
        (Span(MEANINGS[one.meaning]), *((muted(f", {one.better.value} is better"),) if one.better is not None else ())),
        (muted(f"v{one.number + 1}"),),
        (When(row.at, says_zone=False),),
        (Span(row.author),),
    )
