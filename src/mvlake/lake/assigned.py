"""Assigned: where the cells of a version bind names to literals, and the same cells with other values there.

The value is changed where it stands, and not in a cell of its own behind it: the cell that assigns a parameter often uses it too.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mvlake.errors import Invalid
from mvlake.errors.root import clipped, listed
from mvlake.lake.cell_text import parsed, readable
from mvlake.lake.cells_to_run import CellToRun
from mvlake.lake.parameters import literal

_Node = ast.expr | ast.stmt
_ITEMS = (ast.Tuple, ast.List)


@dataclass(frozen=True, slots=True)
class Assigned:
    """One name bound to a literal: in which cell, from 0, and the bytes of its text in whose place a value is to be written.

    Of a literal that several names share, nothing is replaced: one more assignment is `added` behind it.
    """

    name: str
    cell: int
    start: int
    end: int
    added: bool = False


def assigned_in(cells: Sequence[CellToRun]) -> dict[str, Assigned]:
    """Return, by name, the last place at a cell's own level that binds it to a literal."""
    found: dict[str, Assigned] = {}
    for place, cell in enumerate(cells):
        tree = parsed(readable(cell.source))
        for one in _assigned(tree.body, place, cell.source) if tree is not None else ():
            found[one.name] = one
    return {name: one for name, one in found.items() if not name.startswith("_")}


def with_params(ref: str, cells: Sequence[CellToRun], params: Mapping[str, Any]) -> tuple[CellToRun, ...]:
    """Return the cells with other values for these names; Invalid, with those that there are, for one that no cell assigns."""
    known = assigned_in(cells)
    changed = [cell.source.encode("utf-8", "surrogatepass") for cell in cells]
    wanted = [(_known(ref, name, known), literal(value, name)) for name, value in params.items()]
    for one, code in sorted(wanted, key=lambda pair: (pair[0].cell, pair[0].start), reverse=True):
        text = changed[one.cell]
        written = f"; {one.name} = {code}" if one.added else code
        changed[one.cell] = text[: one.start] + written.encode("utf-8", "surrogatepass") + text[one.end :]
    return tuple(replace(cell, source=text.decode("utf-8", "surrogatepass")) for cell, text in zip(cells, changed, strict=True))


def _known(ref: str, name: str, known: Mapping[str, Assigned]) -> Assigned:
    if name in known:
        return known[name]
    there = f"they assign {listed(sorted(known))}" if known else "they assign none"
    reason = f'no cell that {ref} rests on assigns a literal to "{clipped(name)}"; {there}'
    example = next(iter(sorted(known)), "")
    raise Invalid(reason, hint=f"-p {example}=VALUE" if example else "give the value a name in a cell, and track it again")


def _assigned(body: Sequence[ast.stmt], place: int, source: str) -> Iterator[Assigned]:
    """Yield the literals of statements, and of those in blocks that run at most once."""
    text = _Text(source)
    for statement in body:
        if isinstance(statement, ast.Assign) and len(statement.targets) > 1:
            names = [one.id for one in statement.targets if isinstance(one, ast.Name)]
            for name in names if _is_literal(statement.value) else ():
                yield Assigned(name, place, text.end(statement), text.end(statement), added=True)
        elif isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
            for name, value in _pairs(target, statement.value):
                yield Assigned(name, place, text.start(value), text.end(value))
        elif isinstance(statement, ast.With | ast.If | ast.Try):
            inner = [*statement.body, *getattr(statement, "orelse", ()), *getattr(statement, "finalbody", ())]
            yield from _assigned(inner, place, source)


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Name) and _is_literal(value):
        yield target.id, value
    elif isinstance(target, _ITEMS) and isinstance(value, _ITEMS) and len(target.elts) == len(value.elts):
        is_plain = not any(isinstance(one, ast.Starred) for one in (*target.elts, *value.elts))
        for inner, item in zip(target.elts, value.elts, strict=True) if is_plain else ():
            yield from _pairs(inner, item)


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


class _Text:
    """Where the parts of a text lie, in its bytes: Python's syntax trees count bytes within lines."""

    def __init__(self, source: str) -> None:
        self._data = source.encode("utf-8", "surrogatepass")
        self._starts = [0]
        for line in self._data.split(b"\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)

    def start(self, node: _Node) -> int:
        """Return where a node begins, with the brackets around a tuple's item or a value left outside."""
        return self._starts[node.lineno - 1] + node.col_offset

    def end(self, node: _Node) -> int:
        """Return where it ends."""
        return self._starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
