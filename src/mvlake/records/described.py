"""Described: what a cell read or made that is no data but a way to it. What it is, is said; nothing is computed or used up."""

from dataclasses import dataclass
from enum import StrEnum

from mvlake.records.artifact import Role
from mvlake.records.sparse import sparse


class LazyKind(StrEnum):
    """In which way it is no data yet. Append-only."""

    PLAN = "plan"  # a lazy frame, a relation: to look at it computes it
    ITERATOR = "iterator"  # to read it uses it up
    CURSOR = "cursor"  # the rows of a query, fetched as they are read
    CONNECTION = "connection"  # to a database
    FILE = "file"  # an open one
    DATASET = "dataset"  # it makes its items when it is asked for them
    MAPPED = "mapped"  # an array that lies in a file


@dataclass(frozen=True, slots=True)
class Trait:
    """One thing that is known of it without asking it anything: the `shape` of a mapped array, the `columns` of a cursor."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Described:
    """`source` is the statement that made it, as it was written, and `cell` its place in `cells` of the version, from 1.

    `sql` is the query, where that statement has one.
    """

    role: Role
    name: str
    type: str
    kind: LazyKind
    source: str = sparse("")
    cell: int | None = sparse(None)
    sql: str = sparse("")
    traits: tuple[Trait, ...] = sparse(())
