"""Descent: what data was made from, by the statements of the cells that ran: other data, and the files that these cells read.

Names that hold no data (lists of columns, paths, models) are looked through to what they were made from in turn.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mvlake.capture.facts.step import Step
from mvlake.capture.files.seen import SeenPlace
from mvlake.capture.names_in_strings import names_in_sql
from mvlake.capture.tracing import CellRan
from mvlake.handlers.extent import extent_of
from mvlake.handlers.lazy import lazy_of
from mvlake.records.files import Flow, PlaceKind

MOST = 200
"""Steps from data to what it was made from that a version tells."""

_DEEPEST = 40
_READING = ("read", "scan", "load", "open", "fetch", "memmap", "genfromtxt", "file", "sql", "query", "execute")
_QUOTED = re.compile(r"'([^']{1,400})'")
_QUERYING = frozenset(("sql", "query", "execute", "from_query"))


@dataclass(frozen=True, slots=True)
class Edge:
    """One step: from a name to another, or to a place that the cell read. `is_named`: the statement names that place."""

    child: str
    parent: str
    function: str
    cell: int
    place: SeenPlace | None = None
    is_named: bool = False
    parent_rows: int | None = None


@dataclass(slots=True)
class Descents:
    """Finds edges. `cells` ran in this order, `places` are what each of them used, `namespace` is that after the last."""

    cells: Sequence[CellRan]
    places: Sequence[Sequence[SeenPlace]]
    namespace: Mapping[str, Any]
    edges: dict[tuple[str, str], Edge] = field(default_factory=dict)
    _steps: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    _done: set[tuple[str, int, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        for place, cell in enumerate(self.cells):
            for position, step in enumerate(cell.facts.steps):
                for name in step.targets:
                    if cell.bound is None or step.is_change or name in cell.bound:
                        self._steps.setdefault(name, []).append((place, position))

    def of(self, names: Sequence[str], before: Sequence[str]) -> tuple[Edge, ...]:
        """Return the edges from those of the names that hold data: as they are after the last cell, and as others are before it."""
        end = len(self.cells)
        for name, until in [*((one, (end, 0)) for one in names), *((one, (end - 1, 0)) for one in before)]:
            if self._is_data(name):
                self._follow(name, name, until, 0)
        return tuple(self.edges.values())

    def _follow(self, child: str, name: str, until: tuple[int, int], depth: int) -> None:
        """Add what a name was made from as it stood at some point, as parents of the child."""
        if (child, *until) in self._done and child == name:
            return
        self._done.add((child, *until))
        for at, step in self._making(name, until):
            if len(self.edges) >= MOST or depth > _DEEPEST:
                return
            self._read(child, step, at)  # first: what a path was made by, read nothing
            for origin in _origins(step):
                if origin in (name, child):
                    continue
                if self._is_data(origin):
                    self._add(Edge(child, origin, step.function, at[0] + 1, parent_rows=self._rows(origin, at)))
                    self._follow(origin, origin, at, depth + 1)
                else:
                    self._follow(child, origin, at, depth + 1)

    def _making(self, name: str, until: tuple[int, int]) -> Iterator[tuple[tuple[int, int], Step]]:
        """Yield the steps that made what a name holds, the last one first, down to one that owes nothing to the name itself."""
        for at in reversed(self._steps.get(name, [])):
            if at >= until:
                continue
            step = self.cells[at[0]].facts.steps[at[1]]
            yield at, step
            if name not in step.origins and not step.is_change:
                return

    def _is_data(self, name: str) -> bool:
        value = self.namespace.get(name)
        return name in self.namespace and (extent_of(value) is not None or lazy_of(value) is not None)

    def _rows(self, name: str, at: tuple[int, int]) -> int | None:
        """Return how many rows a name's data has, if it is still what it was at this point."""
        is_same = not any(one > at for one in self._steps.get(name, []))
        return extent_of(self.namespace[name]) if is_same else None

    def _read(self, child: str, step: Step, at: tuple[int, int]) -> None:
        read = [one for one in self.places[at[0]] if one.direction is Flow.READ]
        if not read or not step.function:
            return
        named = _named_places(read, self._texts(step, at))
        only = read if len(read) == 1 and self._may_read(step) and not any(map(self._is_data, step.origins)) else []
        for one in named or only:
            self._add(Edge(child, one.place, step.function, at[0] + 1, one, is_named=bool(named)))

    def _may_read(self, step: Step) -> bool:
        """True when a call reads by its name, or is of a function of the notebook, which may do anything."""
        return _reads(step.function) or any(step.function in cell.facts.functions for cell in self.cells)

    def _texts(self, step: Step, at: tuple[int, int]) -> set[str]:
        """Return the texts of a statement, and those of the names in it that hold no data."""
        found, waiting, seen = set(step.texts), [(name, at) for name in step.origins], set(step.origins)
        if _asks(step):
            found.update(quoted for text in step.texts for quoted in _QUOTED.findall(text))
        while waiting and len(seen) < MOST:
            name, until = waiting.pop()
            if self._is_data(name):
                continue
            for where, one in self._making(name, until):
                found.update(one.texts)
                fresh = [origin for origin in one.origins if origin not in seen]
                seen.update(fresh)
                waiting += [(origin, where) for origin in fresh]
        return found

    def _add(self, edge: Edge) -> None:
        known = self.edges.get((edge.child, edge.parent))
        if known is None or (edge.is_named and not known.is_named):
            self.edges[edge.child, edge.parent] = edge


def _origins(step: Step) -> tuple[str, ...]:
    if not _asks(step):
        return step.origins
    in_query = sorted({name for text in step.texts for name in names_in_sql(text)})
    return (*step.origins, *(name for name in in_query if name not in step.origins))


def _asks(step: Step) -> bool:
    return not _QUERYING.isdisjoint(step.function.split("."))


def _reads(function: str) -> bool:
    said = function.lower()
    return any(word in said for word in _READING)


def _named_places(read: Sequence[SeenPlace], texts: set[str]) -> list[SeenPlace]:
    """Return the places of which one of the texts is the end, or a folder on the way: `data/` of a data set of many files."""
    ends = {text.replace(os.sep, "/").removeprefix("./").rstrip("/") for text in texts} - {""}
    return [one for one in read if any(_is_named(one, end) for end in ends)]


def _is_named(one: SeenPlace, end: str) -> bool:
    if one.kind is not PlaceKind.FILE:
        return end in (one.place.rstrip("/"), one.given.rstrip("/"))
    whole = one.place.replace(os.sep, "/")
    return whole == end or whole.endswith(f"/{end}") or f"/{end.strip('/')}/" in whole
