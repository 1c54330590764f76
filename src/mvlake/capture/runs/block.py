"""Block: the part of a program's text that a run tracks, and what surely ran before it."""

import ast
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from mvlake.capture.analysis import facts_of
from mvlake.capture.cell_facts import CellFacts
from mvlake.capture.parsing import parsed

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_With = ast.With | ast.AsyncWith


@dataclass(frozen=True, slots=True)
class Block:
    """The body of a `with`, or of a function, as facts and text; `before` are the statements that lead to it.

    Facts count lines as the program's file does.
    """

    text: str = ""
    facts: CellFacts = field(default_factory=CellFacts)
    text_before: str = ""
    before: CellFacts = field(default_factory=CellFacts)


@dataclass(frozen=True, slots=True)
class _Found:
    """A body, the statements before it, and the name that the `with` gives to its run."""

    body: Sequence[ast.stmt]
    before: Sequence[ast.stmt]
    name: str = ""


@lru_cache(maxsize=32)  # a run in a loop is of one text
def block_at(source: str, line: int, function: str = "") -> Block:
    """Return the body of the `with` whose head stands on a line, or of the function of a name that begins there.

    Empty where there is none: the run may have been entered in another way.
    """
    tree = parsed(source)
    found = None if tree is None else next(_find(tree.body, (), line, function), None)
    if tree is None or found is None:
        return Block()
    return Block(
        text=_text_of(found.body, source),
        facts=_without_telling(facts_of(found.body, source), found.name),
        text_before=_text_of(found.before, source),
        before=facts_of(found.before, source),
    )


def _find(body: Sequence[ast.stmt], before: Sequence[ast.stmt], line: int, function: str) -> Iterator[_Found]:
    for place, node in enumerate(body):
        if not _first_line(node) <= line <= (node.end_lineno or node.lineno):
            continue
        led = [*before, *body[:place]]
        if isinstance(node, _Function):
            led += body[place + 1 :]  # what stands below a function has run when it is called
            if function and node.name == function and line < node.body[0].lineno:
                yield _Found(node.body, led)
        elif isinstance(node, _With) and not function and line <= _end_of_head(node):
            yield _Found(node.body, led, _name_of_run(node))
        for block in _blocks(node):
            yield from _find(block, led, line, function)


def _first_line(node: ast.stmt) -> int:
    """Return where a statement begins; a decorated function, which its code object counts from, with its first decorator."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(one.lineno for one in decorators)])


def _end_of_head(node: _With) -> int:
    ends = [one.context_expr.end_lineno or 0 for one in node.items]
    return max(ends)


def _name_of_run(node: _With) -> str:
    names = [one.optional_vars.id for one in node.items if isinstance(one.optional_vars, ast.Name)]
    return names[-1] if names else ""


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """Yield the bodies of a compound statement, those of its handlers and cases too."""
    for _, value in ast.iter_fields(node):
        if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
            yield value
        elif isinstance(value, list):
            for part in value:
                if isinstance(part, ast.ExceptHandler | ast.match_case):
                    yield part.body


def _text_of(statements: Sequence[ast.stmt], source: str) -> str:
    lines = source.splitlines()
    return "\n".join(textwrap.dedent("\n".join(lines[_first_line(one) - 1 : one.end_lineno])) for one in statements)


def _without_telling(facts: CellFacts, name: str) -> CellFacts:
    """Return the facts without what the run itself is told: `run.param(depth=3)` configures nothing else."""
    given = tuple(one for one in facts.sites.given if not name or one.function.partition(".")[0] != name)
    return facts if len(given) == len(facts.sites.given) else replace(facts, sites=replace(facts.sites, given=given))
