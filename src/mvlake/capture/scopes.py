"""Scopes: whose name is meant, and what is surely bound where."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto

from mvlake.capture.values import Value


class Kind(Enum):
    """The kinds of scope that Python has."""

    MODULE = auto()
    FUNCTION = auto()
    CLASS = auto()
    COMPREHENSION = auto()


@dataclass(slots=True)
class Scope:
    """One scope: `names` it owns, `declared` global in it, what its names share (`env`), what is surely bound (`sure`).

    `trail` lists what became sure, in order, so that the end of a branch can take it back.
    """

    kind: Kind
    parent: "Scope | None" = None
    names: set[str] = field(default_factory=set)
    declared: set[str] = field(default_factory=set)
    env: dict[str, Value] = field(default_factory=dict)
    sure: set[str] = field(default_factory=set)
    trail: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Effects:
    """What a piece of code does to globals, collected while it is read. All but names read and bound are tokens."""

    reads: set[str] = field(default_factory=set)
    binds: set[str] = field(default_factory=set)
    mutated: set[str] = field(default_factory=set)
    patched: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)
    lent: dict[str, set[str]] = field(default_factory=dict)
    trusted: dict[str, set[str]] = field(default_factory=dict)
    reads_files: set[str] = field(default_factory=set)
    writes_files: set[str] = field(default_factory=set)
    overwrites_files: set[str] = field(default_factory=set)
    links: set[tuple[str, str]] = field(default_factory=set)
    returned: set[str] = field(default_factory=set)
    makes_functions: bool = False


def names_bound_in(nodes: Iterable[ast.AST]) -> tuple[set[str], set[str]]:
    """Return the names that statements bind in their own scope, and those that they declare global."""
    bound: set[str] = set()
    declared: set[str] = set()
    outer: set[str] = set()
    stack = list(nodes)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                bound.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            bound.add(node.name)
            stack += node.decorator_list
        elif isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            bound |= {one.target.id for one in ast.walk(node) if isinstance(one, ast.NamedExpr)}
        elif isinstance(node, ast.Import | ast.ImportFrom):
            bound |= {(one.asname or one.name).partition(".")[0] for one in node.names}
        elif isinstance(node, ast.Global):
            declared |= set(node.names)
        elif isinstance(node, ast.Nonlocal):
            outer |= set(node.names)
        elif not isinstance(node, ast.Lambda):
            name = getattr(node, "name", None) or getattr(node, "rest", None)  # except … as, match captures
            if isinstance(name, str):
                bound.add(name)
            stack += ast.iter_child_nodes(node)
    return bound - declared - outer, declared
