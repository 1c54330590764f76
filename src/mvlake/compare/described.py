"""Described: the lazy things of two versions, by what they are and by the statements that made them."""

from mvlake.compare.diff import ValueDiff
from mvlake.compare.values import compare_values
from mvlake.records.canonical import Json
from mvlake.records.described import Described
from mvlake.records.version import Version


def compare_described(a: Version, b: Version) -> tuple[ValueDiff, ...]:
    """Return lazy things side by side: role and variable are the name, the statement, the query or else the type is the value."""
    return compare_values(described_things(a), described_things(b))


def described_things(version: Version) -> list[tuple[str, Json]]:
    """Return role and variable of each lazy thing of a version, with what it is."""
    return [(f"{one.role.value} {one.name}", _value(one)) for one in version.described]


def _value(one: Described) -> str:
    query = one.sql if one.sql not in one.source else ""
    traits = ", ".join(f"{trait.name} {trait.value}" for trait in one.traits)
    return "; ".join(part for part in (one.source or one.type, query, traits) if part)
