"""Cell makes: what cells import whatever happens, and all names that they may make, anywhere in them. Nothing of them runs."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mvlake.lake.cell_text import parsed
from mvlake.records.source import plain_python, without_directive

_MAKES_ANYTHING = frozenset(
    (
        "exec",
        "eval",
        "globals",
        "locals",
        "vars",
        "setattr",
        "get_ipython",
        "user_ns",
        "user_global_ns",
        "__main__",
        "modules",
        "push",
        "__dict__",
    )
)
_CHANGES_PATH = (
    "sys.path",
    "pip install",
    "conda install",
    "mamba install",
    "uv add",
    "uv pip",
    "addsitedir",
    "pip._internal",
    "micropip",
)


@dataclass(frozen=True, slots=True)
class CellMakes:
    """What some cells say together. `is_open`: they can make names that their texts do not show."""

    made: frozenset[str]
    imported: tuple[str, ...]
    is_open: bool


def cell_makes(sources: Sequence[str]) -> CellMakes:
    """Return what the texts of cells say; a text that is no Python says nothing for certain, and may make anything."""
    made: set[str] = set()
    imported: dict[str, None] = {}
    is_open = any(word in source for source in sources for word in _CHANGES_PATH)
    for source in sources:
        text = without_directive(source)
        tree = parsed(text) or parsed(plain_python(text))  # a magic is a call of `get_ipython` then
        if tree is None:
            is_open = True
            continue
        for node in ast.walk(tree):
            made.update(_made(node))
            is_open |= _may_make(node)
        imported.update(dict.fromkeys(_imported(tree)))
    return CellMakes(frozenset(made), tuple(imported), is_open)


def _made(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.alias(name=name, asname=other):
            yield other or name.partition(".")[0]
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case ast.MatchMapping(rest=str(name)):
            yield name


def _may_make(node: ast.AST) -> bool:
    match node:
        case ast.alias(name="*"):
            return True
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in _MAKES_ANYTHING
    return False


def _imported(tree: ast.Module) -> Iterator[str]:
    """Yield the packages that a cell imports whatever happens: not those in a function, a condition or a `try`."""
    for node in tree.body:
        match node:
            case ast.Import(names=names):
                yield from (one.name.partition(".")[0] for one in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module.partition(".")[0]
