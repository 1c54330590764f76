"""Cell names: which names the text of a cell reads, binds and may change, as far as text tells: rather too many than too few."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from mvlake.lake.cell_text import line_magics, parsed, readable, untimed

_SHOWING = frozenset({"print", "display", "repr", "len", "help", "type"})  # they change nothing of what they are given
_BINDING = frozenset({"exec", "globals", "vars", "setattr", "get_ipython"})  # what they bind, no text tells
_QUIET = frozenset({"time", "timeit", "autoreload", "config", "who", "whos", "pwd", "ls", "pip"})  # magics that bind nothing
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class CellNames:
    """`reads` are names that the cell itself reads, `binds` those that it binds, `changes` those whose objects it may change.

    `calls` are functions that it calls for their effect. `later` tells, by name, what functions of the cell read when they are
    called, and `later_changes` what they change. With `is_open`, it may bind or set more than its text says.
    """

    reads: frozenset[str]
    binds: frozenset[str]
    changes: frozenset[str]
    calls: frozenset[str]
    later: Mapping[str, frozenset[str]]
    later_changes: Mapping[str, frozenset[str]]
    is_open: bool = False


def names_of(source: str) -> CellNames | None:
    r"""Return the names of a cell; None where its text is no Python that can be read.

    >>> names = names_of("import numpy as np\nrows.append(3)")
    >>> sorted(names.reads), sorted(names.changes), sorted(names.binds)
    (['rows'], ['rows'], ['np'])
    """
    text = untimed(source)
    tree = parsed(readable(text))
    if tree is None:
        return None
    found = _Finder()
    try:
        for statement in tree.body:
            found.visit(statement)
    except RecursionError:
        return None
    told = (frozenset(one) for one in (found.reads, found.binds, found.changes, found.calls))
    reads, binds, changes, calls = told
    is_open = "*" in binds or bool(reads & _BINDING) or bool(line_magics(text) - _QUIET)
    return CellNames(reads, binds, changes, calls, found.later, found.later_changes, is_open)


class _Finder(ast.NodeVisitor):
    """Collects names at a cell's own level. What stands in a function is read when it is called."""

    def __init__(self) -> None:
        self.reads: set[str] = set()
        self.binds: set[str] = set()
        self.changes: set[str] = set()
        self.calls: set[str] = set()
        self.declared: set[str] = set()
        self.later: dict[str, frozenset[str]] = {}
        self.later_changes: dict[str, frozenset[str]] = {}

    def visit_Name(self, node: ast.Name) -> None:
        (self.reads if isinstance(node.ctx, ast.Load) else self.binds).add(node.id)

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        for one in node.names:
            self.binds.add(one.asname or one.name.partition(".")[0])

    visit_ImportFrom = visit_Import  # noqa: N815

    def visit_FunctionDef(self, node: _Function) -> None:
        self.binds.add(node.name)
        for now in (*node.decorator_list, *node.args.defaults, *(one for one in node.args.kw_defaults if one is not None)):
            self.visit(now)
        self.later[node.name] = self.later.get(node.name, frozenset()) | _loads(node)
        inner = _Finder()
        for statement in node.body:
            inner.visit(statement)
        self.later_changes[node.name] = frozenset(inner.changes | (inner.binds & inner.declared))

    def visit_Global(self, node: ast.Global) -> None:
        self.declared.update(node.names)

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.reads |= _loads(node)  # whoever gets it may call it at once

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.binds.add(node.name)
        self.reads |= {one for part in (*node.bases, *node.keywords, *node.decorator_list) for one in _loads(part)}
        self.later[node.name] = self.later.get(node.name, frozenset()) | _loads(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._changed(node)
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self._changed(node)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self.reads.add(node.target.id)
            self.changes.add(node.target.id)
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        """A call whose value nobody takes is there for what it changes: the object whose method it is, or what it is given."""
        call = node.value.value if isinstance(node.value, ast.Await) else node.value
        if isinstance(call, ast.Call):
            given = [] if _name_of(call.func) in _SHOWING else [*call.args, *(one.value for one in call.keywords)]
            of = [call.func] if isinstance(call.func, ast.Attribute) else []
            self.calls |= {call.func.id} if isinstance(call.func, ast.Name) else set()
            self.changes |= {root for one in (*of, *given) if (root := _root(one))}
        self.generic_visit(node)

    def _changed(self, node: ast.Attribute | ast.Subscript) -> None:
        if not isinstance(node.ctx, ast.Load) and (root := _root(node)):
            self.changes.add(root)


def _loads(node: ast.AST) -> frozenset[str]:
    return frozenset(one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load))


def _name_of(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _root(node: ast.AST) -> str:
    """Return the variable that an expression begins with: `df` of `df.loc[0].values`."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        node = node.value
    return _name_of(node)
