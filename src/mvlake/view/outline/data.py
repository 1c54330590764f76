"""What changed in one piece of data, in words: rows, columns, types, content."""

from collections.abc import Sequence

from mvlake.compare.diff import Change, ColumnDiff, DataDiff
from mvlake.view.blocks import Span, Words, code, joined, muted
from mvlake.view.outline.wording import head
from mvlake.view.quantities import MINUS, number, plural

_COLUMNS = 12
_SHIFTS, _LONGEST = 3, 30
_TELLING = ("null_share", "most_frequent", "mean", "median", "low", "high", "std", "distinct")


def data_words(data: DataDiff) -> Words:
    """Return what happened to a frame, array or value."""
    if data.change in {Change.ADDED, Change.REMOVED}:
        return joined([(muted(data.change.value),), (Span(data.a_text or data.b_text),) if data.a_text or data.b_text else ()])
    has_same_rows = data.a_rows == data.b_rows  # with other rows every column has other content: that says nothing
    named_index = [one for one in data.index if one.name]
    parts = [
        _rows(data),
        *_columns(data.columns, "", says_content=has_same_rows),
        *_columns(named_index, "index ", says_content=has_same_rows),
    ]
    if data.a_text != data.b_text:
        parts.append((Span(data.a_text), muted(" → "), Span(data.b_text)))
    if data.note:
        parts.append((muted(data.note),))
    return joined(parts) or (muted("content differs"),)


def short_data_text(data: DataDiff) -> str:
    """Return the one most telling thing about changed data, for the card.

    A column more or less says more than a row more or less, which says more than other content.
    """
    if data.change is Change.ADDED:
        return f"+ {data.name}"
    if data.change is Change.REMOVED:
        return f"{MINUS} {data.name}"
    added, removed = (sum(one.change is change for one in data.columns) for change in (Change.ADDED, Change.REMOVED))
    counts = [f"{sign}{count:,} col" for sign, count in (("+", added), (MINUS, removed)) if count]
    if data.a_rows is not None and data.b_rows is not None and data.a_rows != data.b_rows:
        counts.append(_signed_rows(data.b_rows - data.a_rows))
    if not counts:
        changed = sum(one.change is Change.CHANGED for one in data.columns)
        counts.append(f"{plural(changed, 'column')} changed" if changed else "changed")
    return f"{data.name} {' '.join(counts)}"


def _rows(data: DataDiff) -> Words:
    if data.a_rows is None or data.b_rows is None or data.a_rows == data.b_rows:
        return ()
    return (Span(_signed_rows(data.b_rows - data.a_rows)),)


def _signed_rows(delta: int) -> str:
    return f"{'+' if delta > 0 else MINUS}{plural(abs(delta), 'row')}"


def _columns(columns: Sequence[ColumnDiff], what: str, *, says_content: bool) -> list[Words]:
    added = [(code(one.name), muted(f" {one.b_dtype}")) for one in columns if one.change is Change.ADDED]
    removed = [(code(one.name),) for one in columns if one.change is Change.REMOVED]
    retyped = [one for one in columns if one.change is Change.CHANGED and one.a_dtype != one.b_dtype]
    types = [(code(one.name), muted(f" {one.a_dtype} → {one.b_dtype}")) for one in retyped]
    content = [(code(one.name),) for one in columns if one.change is Change.CHANGED and one.a_dtype == one.b_dtype]
    # Where measures of drift are told, the statistics stand beside them.
    shifted = [(code(one.name), muted(f" {statistics_text(one)}")) for one in columns if one.statistics and not one.drift]
    moved = [(code(one.name),) for one in columns if one.is_moved]
    listed = (
        (f"+ {what}", added),
        (f"{MINUS} {what}", removed),
        (what, types),
        (f"values differ in {what}", content if says_content else []),
        (f"moved {what}", moved),
        ("", shifted),
    )
    return [_list(said, parts) for said, parts in listed if parts]


def statistics_text(column: ColumnDiff) -> str:
    """Return the most telling statistics that moved: what is missing, the middle, the ends."""
    ranked = sorted(column.statistics, key=lambda one: _TELLING.index(one.name) if one.name in _TELLING else len(_TELLING))
    return ", ".join(f"{one.name.replace('_', ' ')} {_value(one.a)} → {_value(one.b)}" for one in ranked[:_SHIFTS])


def _value(text: str) -> str:
    try:
        return number(float(text), digits=4)
    except (ValueError, OverflowError):
        return text[:_LONGEST] or "not told"


def _list(said: str, parts: Sequence[Words]) -> Words:
    shown, more = head(parts, _COLUMNS)
    tail = (muted(f" … and {more:,} more"),) if more else ()
    return (*((muted(said),) if said else ()), *joined(list(shown), ", "), *tail)
