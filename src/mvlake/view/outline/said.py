"""The outlines of short answers: a sentence, a few lines, a table that was asked for."""

from collections.abc import Sequence

from mvlake.errors import MvlakeError
from mvlake.records.answers import Committed, Done, Manual, Restored, RestoredName, Table
from mvlake.view.blocks import Block, Column, Facts, Grid, Paragraph, Span, Words, bad, code, joined, muted, prose, strong
from mvlake.view.outline.wording import head, metric_text, names_words, telling_metrics
from mvlake.view.quantities import number, plural
from mvlake.view.values import value_text

_TABLE_ROWS = 200
_TABLE_COLUMNS = 60


def committed(answer: Committed) -> Sequence[Block]:
    """Return the outline of a commit."""
    version = answer.version
    if answer.is_confirmation:
        return (Paragraph((muted("confirms "), code(version.ref), muted(": same code, inputs and outputs"))),)
    metrics: list[Words] = [(muted(f"{one.name} "), Span(metric_text(one))) for one in telling_metrics(version.metrics, 3)]
    return (Paragraph(joined([(code(version.ref),), joined(metrics)], "  ")),)


def done(answer: Done) -> Sequence[Block]:
    """Return the sentence."""
    return (Paragraph((prose(answer.sentence),)),)


def error(answer: MvlakeError) -> Sequence[Block]:
    """Return the message, and the hint where there is one."""
    hint = (Paragraph((muted("Hint: "), prose(answer.hint))),) if answer.hint else ()
    return (Paragraph((prose(answer.message),)), *hint)


def restored(answer: Restored) -> Sequence[Block]:
    """Return the outline of a checkout: what came back, what was replaced, what did not come back, because."""
    back = [one for one in answer.names if not one.problem]
    failed = [one for one in answer.names if one.problem]
    where: Words = (
        (muted(" written below "), code(answer.folder)) if answer.folder else (muted(" restored from "), code(answer.ref))
    )
    rows: list[Block] = [Paragraph((Span(plural(len(back), "file" if answer.folder else "variable")), *where))]
    for said, names in (
        ("new", [one.name for one in back if not one.replaced]),
        ("replaced", [one.name for one in back if one.replaced]),
    ):
        if names:
            rows.append(Paragraph((muted(f"{said}: "), *names_words(names, 40))))
    if failed:
        rows.append(_not_restored(failed))
    columns = dict.fromkeys(f"{one.column} ({one.rule})" for one in answer.redacted if one.column)
    if columns:
        rows.append(Paragraph((muted("columns come back as the policy left them: "), Span(", ".join(columns), limit=300))))
    rules = ", ".join(dict.fromkeys(one.rule for one in answer.redacted if not one.column))
    if rules:
        said_of = "secrets were redacted when it was made, and marks stand in their places: "
        rows.append(Paragraph((muted(said_of), Span(rules, limit=300))))
    return rows


def _not_restored(failed: Sequence[RestoredName]) -> Grid:
    shown, more = head(failed)
    rows = tuple(((code(one.name),), (muted(one.handler),), (bad(one.problem),)) for one in shown)
    return Grid((Column("not restored"), Column("handler"), Column("because")), rows, more)


def table(answer: Table) -> Sequence[Block]:
    """Return the rows of a query."""
    columns, more_columns = head(answer.columns, _TABLE_COLUMNS)
    rows, more = head(answer.rows, _TABLE_ROWS)
    numeric = [_is_numeric(answer.rows, position) for position in range(len(columns))]
    headings = tuple(Column(name, is_number) for name, is_number in zip(columns, numeric, strict=True))
    grid = Grid(headings, tuple(tuple((_value(item),) for item in row[: len(columns)]) for row in rows), more)
    wide = f", {plural(more_columns, 'column')} not shown" if more_columns else ""
    return (grid, Paragraph((muted(plural(len(answer.rows), "row") + wide),)))


def _is_numeric(rows: Sequence[Sequence[object]], position: int) -> bool:
    found = [row[position] for row in rows[:_TABLE_ROWS] if row[position] is not None]
    return bool(found) and all(isinstance(item, int | float) and not isinstance(item, bool) for item in found)


def _value(item: object) -> Span:
    if item is None:
        return muted("null")
    if isinstance(item, bool | str):
        return Span(str(item))
    if isinstance(item, int):
        return Span(value_text(item))
    return Span(number(item) if isinstance(item, float) else _printed(item))


def _printed(item: object) -> str:
    # DuckDB gives dates, decimals, bytes, lists and structs: data of Python's own, whose text runs no code of a stranger's.
    return str(item)


def manual(answer: Manual) -> Sequence[Block]:
    """Return the verbs, or what one of them does."""
    about = (Paragraph((prose(answer.text),)),) if answer.text else ()
    if not answer.verbs:
        return about
    if len(answer.verbs) == 1:
        verb, usage, said = answer.verbs[0]
        if answer.text:  # it begins with both
            return (Paragraph((strong(verb),), is_title=True), *about)
        return (Paragraph((strong(verb),), is_title=True), Facts((("usage", (code(usage),)),)), Paragraph((prose(said),)))
    rows = tuple(((code(usage),), (Span(said, limit=300),)) for _, usage, said in answer.verbs)
    return (*about, Grid((Column("verb"), Column("what it does")), rows))
