"""Lineage: what the data of two versions came from."""

from mvlake.compare.diff import ValueDiff
from mvlake.compare.values import compare_values
from mvlake.records.canonical import Json
from mvlake.records.lineage import Descent, Portion
from mvlake.records.version import Version


def compare_lineage(a: Version, b: Version) -> tuple[ValueDiff, ...]:
    """Return the steps side by side: child and parent are the name, how the one came from the other is the value."""
    return compare_values(_told(a), _told(b))


def _told(version: Version) -> list[tuple[str, Json]]:
    return [(f"{one.child} ← {one.parent}", _value(one)) for one in version.lineage]


def _value(one: Descent) -> str:
    rows = f"{one.rows:,} rows" if one.rows is not None else ""
    of = f"of {one.parent_rows:,}" if one.parent_rows is not None else ""
    portion = "" if one.portion is Portion.UNKNOWN else one.portion.value
    said = [part for part in (one.function, portion, f"{rows} {of}".strip()) if part]
    return ", ".join(said) or one.known_by.value
