"""Rows: which rows of a frame are meant, as a range, a slice, or a text such as `100:200`."""

from mvlake.errors import Invalid


def read_rows(text: str) -> slice:
    """Return the rows that a text means, written as Python writes a slice.

    >>> read_rows("100:200"), read_rows("-5:")
    (slice(100, 200, None), slice(-5, None, None))
    """
    start, colon, stop = text.partition(":")
    try:
        if colon:
            return slice(int(start) if start.strip() else None, int(stop) if stop.strip() else None)
    except ValueError:
        pass
    raise Invalid(f'"{text[:40]}" are no rows', hint="100:200, :100 or -100:")


def rows_within(rows: range | slice | None, total: int) -> range | None:
    """Return the rows that a range or slice means, as far as the frame has them; Invalid when they do not follow one another."""
    if rows is None:
        return None
    if rows.step not in (None, 1):
        raise Invalid(
            f"rows with a step of {rows.step}", hint="rows=range(100, 200) or rows=slice(-100, None)"
        )
    if isinstance(rows, range):
        rows = slice(rows.start, max(rows.stop, rows.start))
        if rows.start < 0:
            raise Invalid(f"a range of rows from {rows.start}", hint="rows=slice(-100, None) gives the last hundred")
    try:
        return range(total)[rows]
    except TypeError as error:
        raise Invalid(f"rows from {rows.start!r} to {rows.stop!r}", hint="rows=slice(100, 200)") from error
