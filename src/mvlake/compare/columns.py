"""Columns: the schema and the content of two frames, column by column."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from mvlake.compare.diff import Change, ColumnDiff
from mvlake.compare.matching import Match, change_of, match, moved
from mvlake.compare.statistics import column_of, compare_statistics
from mvlake.records.digest import Digest
from mvlake.records.profile import Profile
from mvlake.records.summary import Column


def compare_columns(
    a: Sequence[Column], b: Sequence[Column], profiles: tuple[Profile | None, Profile | None] = (None, None)
) -> tuple[ColumnDiff, ...]:
    """Return the columns in b's order. Equal digests are equal content, and then nobody has to look at the rows.

    `profiles` are those of the two frames.
    """
    matches = match(a, b, name=lambda one: one.name, content=_content)
    out_of_order = moved(matches)
    return tuple(_row(one, profiles, is_moved=one.b_place in out_of_order) for one in matches)


def note_on_columns(a: Sequence[Column], b: Sequence[Column]) -> list[str]:
    """Return what the table of columns cannot say: names that stand several times, and content that has another name now."""
    notes = []
    twice = sorted(name for name, count in (Counter(_names(a)) | Counter(_names(b))).items() if count > 1)
    if twice:
        notes.append(f"several columns are called {', '.join(twice[:_SHOWN])}{_more(len(twice))}")
    renamed = _renamed(a, b)
    if renamed:
        listed = ", ".join(f"{new} has the content of {old}" for old, new in renamed[:_SHOWN])
        notes.append(listed + _more(len(renamed)))
    return notes


_SHOWN = 6


def _more(count: int) -> str:
    return f" and {count - _SHOWN} more" if count > _SHOWN else ""


def _names(columns: Sequence[Column]) -> list[str]:
    return [one.name for one in columns]


def _content(column: Column) -> tuple[Digest, str]:
    return column.digest, column.dtype


def _row(one: Match[Column], profiles: tuple[Profile | None, Profile | None], *, is_moved: bool) -> ColumnDiff:
    a, b = one.a, one.b
    name = one.either.name
    before, after = (column_of(said, place, name) for said, place in zip(profiles, (one.a_place, one.b_place), strict=True))
    return ColumnDiff(
        name=name,
        change=change_of(a, b, is_same=a is not None and b is not None and _content(a) == _content(b)),
        a_dtype=a.dtype if a else "",
        b_dtype=b.dtype if b else "",
        is_moved=is_moved,
        statistics=compare_statistics(before, after),
    )


def _renamed(a: Sequence[Column], b: Sequence[Column]) -> list[tuple[str, str]]:
    """Return pairs of a removed and an added name with one content; of several equal ones the first with the first."""
    rows = match(a, b, name=lambda one: one.name, content=_content)
    gone: dict[tuple[Digest, str], list[str]] = defaultdict(list)
    for one in rows:
        if one.a is not None and one.b is None:
            gone[_content(one.a)].append(one.a.name)
    return [
        (gone[_content(one.b)].pop(0), one.b.name)
        for one in rows
        if one.a is None and one.b is not None and gone.get(_content(one.b))
    ]


def has_changed(columns: Sequence[ColumnDiff]) -> bool:
    """True when a column came, went, changed or moved."""
    return any(one.change is not Change.UNCHANGED or one.is_moved for one in columns)
