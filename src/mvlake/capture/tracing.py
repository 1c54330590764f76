"""Tracing: which statement of the cells that ran made what a name holds, and the query in it."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from mvlake.capture.cell_facts import BindingKind, CellFacts
from mvlake.capture.facts.step import Step
from mvlake.capture.literals import literal_of
from mvlake.capture.parsing import parsed
from mvlake.records.artifact import Role
from mvlake.records.described import Described, LazyKind

_ASKING = frozenset(("sql", "query", "execute", "executemany", "executescript", "from_query", "read_sql", "read_sql_query", "text"))
_QUERIED = (LazyKind.PLAN, LazyKind.CURSOR, LazyKind.ITERATOR, LazyKind.CONNECTION)
_DEEPEST = 10


@dataclass(frozen=True, slots=True)
class CellRan:
    """One cell that ran: its facts, and the names that were seen to hold another object afterwards; None where nobody looked."""

    facts: CellFacts
    bound: frozenset[str] | None = None

    def binds(self, name: str, step: Step) -> bool:
        """True when this step, as far as one can tell, is one of those that bound the name here."""
        return name in step.targets and not step.is_change and (self.bound is None or name in self.bound)


def traced(found: Iterable[Described], cells: Sequence[CellRan], *, tracked: bool = True) -> tuple[Described, ...]:
    """Return descriptions with the statements that made what they tell of; with `tracked`, of inputs before the last cell."""
    return tuple(_traced(one, cells[:-1] if tracked and one.role is Role.INPUT else cells) for one in found)


def _traced(one: Described, cells: Sequence[CellRan]) -> Described:
    place, steps = statements_of(one.name, cells)
    if not steps:
        return one
    query = next((text for step in reversed(steps) if (text := query_of(step, cells[:place]))), "") if one.kind in _QUERIED else ""
    return replace(one, source="\n".join(step.source for step in steps), cell=place, sql=query)


def statements_of(name: str, cells: Sequence[CellRan]) -> tuple[int, list[Step]]:
    """Return the statement that made what a name holds, then the last that gave it a query; before both the cell's place, from 1.

    A name that was merely given to another is followed.
    """
    asked: list[Step] = []
    for _ in range(_DEEPEST):
        found = _binding(name, cells, asked)
        if found is None:
            return 0, []
        place, position, step = found
        if not step.is_alias:
            return place, [step, *asked]
        name = step.origins[0]
        cell = cells[place - 1]
        before = replace(cell, facts=replace(cell.facts, steps=cell.facts.steps[:position]))
        cells = [*cells[: place - 1], before]
    return 0, []


def _binding(name: str, cells: Sequence[CellRan], asked: list[Step]) -> tuple[int, int, Step] | None:
    for place in range(len(cells), 0, -1):
        cell = cells[place - 1]
        for position in range(len(cell.facts.steps) - 1, -1, -1):
            step = cell.facts.steps[position]
            if cell.binds(name, step):
                return place, position, step
            if step.owner == name and not asked and step.function.rpartition(".")[2] in _ASKING:
                asked.append(step)
    return None


def query_of(step: Step, cells: Sequence[CellRan]) -> str:
    """Return the query that a statement asks: a text in it, or the literal that a name in it holds; "" without one."""
    tree = parsed(step.source) or parsed(f"{step.source}: pass")
    for call in ast.walk(tree) if tree is not None else ():
        if isinstance(call, ast.Call) and _called(call.func) in _ASKING and call.args:
            found = _text(call.args[0], cells)
            if found:
                return found
    return ""


def _called(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _text(node: ast.expr, cells: Sequence[CellRan]) -> str:
    if isinstance(node, ast.Name):
        return next(_literals(node.id, cells), "")
    found = literal_of(node)
    return found[0] if found is not None and isinstance(found[0], str) else ""


def _literals(name: str, cells: Sequence[CellRan]) -> Iterator[str]:
    for cell in reversed(cells):
        binding = cell.facts.bindings.get(name)
        if binding is not None:
            yield binding.literal if binding.kind is BindingKind.LITERAL and isinstance(binding.literal, str) else ""
            return
