"""Column table: what the columns of kept data are like, as rows for SQL: `select ref, null_share from columns where …`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mvlake.errors import MissingObject
from mvlake.handlers.table import table_of
from mvlake.lake.dossier import read_profile
from mvlake.lake.parts import Parts
from mvlake.records.canonical import parse
from mvlake.records.digest import Digest
from mvlake.records.profile import ColumnProfile, Profile, ValueKind

_VERSION = {"name": "string", "number": "int64", "ref": "string", "role": "string", "artifact": "string"}
_KINDS = _VERSION | {
    "place": "int64",
    "column_name": "string",
    "kind": "string",
    "row_count": "int64",
    "nulls": "int64",
    "null_share": "double",
    "distinct_values": "int64",
    "is_exact": "bool",
    "low": "string",
    "low_number": "double",
    "high": "string",
    "high_number": "double",
    "mean": "double",
    "std": "double",
    "q25": "double",
    "median": "double",
    "q75": "double",
    "shortest": "int64",
    "longest": "int64",
    "top": "string",
    "top_share": "double",
    "seen": "int64",
    "withheld": "string",
    "because": "string",
}
_COLUMNS = tuple(_KINDS)
_ASK = """select a.name, a.number, a.ref, a.role, a.artifact, a.profile, e.number from artifacts a
left join (select name, number from events where kind = 'forgotten') e on e.name = a.name and e.number = a.number
where a.profile is not null order by a.profile, a.seq"""


@dataclass(frozen=True, slots=True)
class ColumnTable:
    """The columns of all data of a lake that has profiles, as the index asks for a frame: each profile is read once."""

    parts: Parts
    rows: Sequence[Sequence[Any]]
    columns: tuple[str, ...] = _COLUMNS

    @classmethod
    def of(cls, parts: Parts) -> "ColumnTable":
        """Return the columns that the log speaks of now."""
        return cls(parts, parts.index.query(_ASK).rows)

    @property
    def schema(self) -> Any:
        """The Arrow schema of the columns that are wanted."""
        return table_of(dict.fromkeys(self.columns, ()), _KINDS).schema

    def blocks(self) -> Iterator[Any]:
        """Yield the columns of one artifact after another; one of a forgotten version may have no profile any more."""
        last, said = "", list[tuple[Any, ...]]()
        for *version, digest, forgotten in self.rows:
            if digest != last:
                last, said = digest, self._read(digest, is_forgotten=forgotten is not None)
            if said:
                told = [(*version, *row) for row in said]
                columns = dict(zip(_COLUMNS, zip(*told, strict=True), strict=True))
                yield table_of({key: columns[key] for key in self.columns}, _KINDS)

    def narrowed(self, columns: frozenset[str]) -> "ColumnTable":
        """Return the table with these columns."""
        wanted = tuple(one for one in _COLUMNS if one in columns) or _COLUMNS[:1]
        return ColumnTable(self.parts, self.rows, wanted)

    def _read(self, digest: str, *, is_forgotten: bool) -> list[tuple[Any, ...]]:
        try:
            found = read_profile(parse(self.parts.objects.read(Digest(digest))))
        except MissingObject:
            if is_forgotten:
                return []
            raise
        except (ValueError, TypeError):
            return []  # whole, but no writer of ours made it
        return [_row(place, one) for place, one in _places(found)]


def _places(found: Profile) -> Iterator[tuple[int, ColumnProfile]]:
    if found.whole is not None:
        yield 0, found.whole
    yield from enumerate(found.columns, 1)


def _row(place: int, one: ColumnProfile) -> tuple[Any, ...]:
    is_number = one.kind in (ValueKind.NUMBER, ValueKind.SPAN, ValueKind.TRUTH)
    quantiles = {each.at: _number(each.value) for each in one.quantiles} if is_number else {}
    top = one.categories[0] if one.categories else None
    there = one.rows - one.nulls
    return (
        place,
        one.name,
        one.kind.value,
        one.rows,
        one.nulls,
        one.nulls / one.rows if one.rows else None,
        one.distinct,
        None if one.distinct is None else one.distinct_error == 0,
        one.low or None,
        _number(one.low) if is_number else None,
        one.high or None,
        _number(one.high) if is_number else None,
        _number(one.mean) if is_number else None,
        _number(one.std),
        quantiles.get(0.25),
        quantiles.get(0.5),
        quantiles.get(0.75),
        one.shortest,
        one.longest,
        None if top is None else top.value,
        None if top is None or there <= 0 else top.rows / there,
        one.seen or None,
        ", ".join(one.withheld) or None,
        one.because or None,
    )


def _number(text: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
