"""Schema: which column of a is which of b: by name, and of those that are left by content, which then were renamed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from mvlake.handlers.diffing.blocks import Blocks, whole
from mvlake.handlers.diffing.layout import Known, Selections, known_rows
from mvlake.handlers.diffing.side import Side, SideColumn
from mvlake.records.digest import Digest


@dataclass(frozen=True, slots=True)
class Pair:
    """A column of both sides. `is_equal`: all of it is, row by row; else `known` says which rows are without being read."""

    a: SideColumn
    b: SideColumn
    is_equal: bool
    is_retyped: bool
    known: Known

    def swapped(self, turned: dict[int, Blocks]) -> "Pair":
        """Return the same with a for b; `turned` are the blocks that have been turned, by the identity of those that they were."""
        known = self.known
        if id(known.equal) not in turned:
            turned[id(known.equal)] = known.equal.swapped()
        other = Known(turned[id(known.equal)], known.except_b, known.except_a, known.is_telling, known.is_selection)
        return Pair(self.b, self.a, self.is_equal, self.is_retyped, other)


@dataclass(frozen=True, slots=True)
class Schema:
    """The columns of two sides: those of both in b's order, and those of one side alone."""

    pairs: tuple[Pair, ...]
    removed: tuple[SideColumn, ...]
    added: tuple[SideColumn, ...]


def schema_of(a: Side, b: Side) -> Schema:
    """Return which columns are each other; no values are read."""
    ours = {(one.is_index, one.name): one for one in a.columns}
    theirs = {(one.is_index, one.name): one for one in b.columns}
    gone = _by_content(one for name, one in ours.items() if name not in theirs)
    pairs, added = [], []
    selections: Selections = {}
    for name, column in theirs.items():
        before = ours.get(name)
        if before is None and a.rows == b.rows and column.node is not None:
            same = gone.get((column.node, column.form), [])
            before = same.pop(0) if same else None
        if before is None:
            added.append(column)
        else:
            pairs.append(_pair(a, b, (before, column), selections))
    taken = {id(pair.a) for pair in pairs}
    return Schema(tuple(pairs), tuple(one for one in a.columns if id(one) not in taken), tuple(added))


def _by_content(columns: Iterable[SideColumn]) -> dict[tuple[Digest, bytes], list[SideColumn]]:
    found = defaultdict(list)
    for column in columns:
        if column.node is not None:
            found[column.node, column.form].append(column)
    return found


def _pair(a: Side, b: Side, columns: tuple[SideColumn, SideColumn], selections: Selections) -> Pair:
    one, other = columns
    if one.node is not None and one.node == other.node and one.form == other.form and a.rows == b.rows:
        return Pair(one, other, is_equal=True, is_retyped=False, known=Known(whole(a.rows)))
    is_retyped = one.dtype != other.dtype or one.read(0, 0).type != other.read(0, 0).type
    left, right = a.layout(one), b.layout(other)
    if left is None or right is None or one.form != other.form or is_retyped:
        return Pair(one, other, is_equal=False, is_retyped=is_retyped, known=Known(whole(0), is_telling=False))
    return Pair(one, other, is_equal=False, is_retyped=False, known=known_rows(left, right, selections))
