"""Rows: which rows and columns of a frame are meant: a range, a slice or a text such as `100:200`; names, or a text with commas."""

from collections.abc import Sequence

from mvlake.errors import Invalid


def read_columns(columns: Sequence[str] | str | None) -> list[str] | None:
    """Return the names of columns; Invalid for what are none: a label that is no text is named as `show` names it.

    >>> read_columns("amount, country")
    ['amount', 'country']
    """
    if columns is None:
        return None
    if isinstance(columns, str):
        return [one.strip() for one in columns.split(",")]
    if not isinstance(columns, Sequence) or not all(isinstance(one, str) for one in columns):
        raise Invalid(f"{repr(columns)[:40]} are no names of columns", hint='columns=["amount"], each as `show` names it, as text')
    return list(columns)


def read_rows(rows: range | slice | str | None) -> range | slice | None:
    """Return the rows that are meant; a text is written as Python writes a slice.

    >>> read_rows("100:200"), read_rows("-5:")
    (slice(100, 200, None), slice(-5, None, None))
    """
    if rows is None or isinstance(rows, range | slice):
        return rows
    if not isinstance(rows, str):
        raise Invalid(f"{repr(rows)[:40]} are no rows", hint="rows=range(100, 200) or rows=slice(-100, None)")
    start, colon, stop = rows.partition(":")
    try:
        if colon:
            return slice(int(start) if start.strip() else None, int(stop) if stop.strip() else None)
    except ValueError:
        pass
    raise Invalid(f'"{rows[:40]}" are no rows', hint="100:200, :100 or -100:")


def rows_within(rows: range | slice | None, total: int) -> range | None:
    """Return the rows that a range or slice means, as far as the frame has them; Invalid when they do not follow one another."""
    if rows is None:
        return None
    if rows.step not in (None, 1):
        raise Invalid(f"rows with a step of {rows.step}", hint="rows=range(100, 200) or rows=slice(-100, None)")
    if isinstance(rows, range):
        rows = slice(rows.start, max(rows.stop, rows.start))
        if rows.start < 0:
            raise Invalid(f"a range of rows from {rows.start}", hint="rows=slice(-100, None) gives the last hundred")
    try:
        return range(total)[rows]
    except TypeError as error:
        raise Invalid(f"rows from {rows.start!r} to {rows.stop!r}", hint="rows=slice(100, 200)") from error
