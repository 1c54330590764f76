"""Restoring: in the kernel of a replay, generators are put into the recorded states before each cell that drew from them.

A state of a library that a cell itself imports is put back as soon as the library is loaded: by a finder that is among Python's
for the time of that cell alone.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from mvlake.capture.randomness import entropy
from mvlake.capture.randomness.entropy import Given
from mvlake.capture.randomness.sources import FAMILIES, Source, sources
from mvlake.records.canonical import parse
from mvlake.records.fields import from_fields
from mvlake.records.randomness import CellStates, GeneratorKind, RecordedState

# What must have been loaded for a global generator to be there.
_HOMES = {"numpy.random": "numpy.random", "torch": "torch"}
_FAMILIES = {family.kind: family for family in FAMILIES}


class Restoring:
    """The states that are to be put back, cell by cell, in the order in which the cells run."""

    def __init__(self, cells: Sequence[CellStates], note: Callable[[BaseException], object]) -> None:
        self._cells, self._note = list(cells), note
        self._next = 0
        self._finder: _WhenLoaded | None = None

    @classmethod
    def of_file(cls, path: Path, note: Callable[[BaseException], object]) -> "Restoring":
        """Return what a replay has written for its kernel; OSError, ValueError or TypeError when that cannot be read.

        `note` is told what could not be put back: the cell runs all the same, and the verdict will tell.
        """
        document = parse(path.read_bytes())
        return cls([from_fields(CellStates, one) for one in document] if isinstance(document, list) else [], note)

    def begin(self, source: str, namespace: Mapping[str, Any], loaded: Callable[[], None]) -> list[Given]:
        """Put back what the cell of this text drew from, and return what NumPy is to be told instead of asking the system.

        `loaded` is called when NumPy has come with the cell.
        """
        cell = self._cell(source)
        found = {one.name: one for one in sources(namespace)}
        given: list[Given] = []
        waiting: dict[str, list[Callable[[], None]]] = {}
        for one in cell.states if cell is not None else ():
            try:
                if one.kind is GeneratorKind.ENTROPY:
                    given += entropy.understood(one.state)
                    waiting.setdefault("numpy.random", []).append(loaded)
                elif one.generator in found:
                    _put_back(found[one.generator], one)
                elif one.generator in _HOMES:
                    waiting.setdefault(_HOMES[one.generator], []).append(_later(one))
                else:
                    raise ValueError(f"{one.generator} is not there")
            except Exception as error:  # noqa: BLE001 - a state that a stranger wrote; the others are still put back
                self._note(error)
        self._wait_for({name: calls for name, calls in waiting.items() if name not in sys.modules})
        return given

    def end(self) -> None:
        """Take the finder back."""
        if self._finder is not None and self._finder in sys.meta_path:
            sys.meta_path.remove(self._finder)
        self._finder = None

    def _cell(self, source: str) -> CellStates | None:
        """Return the next cell of this text: cells without code are not run, and others may run besides."""
        for place in range(self._next, len(self._cells)):
            if self._cells[place].source == source:
                self._next = place + 1
                return self._cells[place]
        return None

    def _wait_for(self, waiting: dict[str, list[Callable[[], None]]]) -> None:
        if waiting:
            self._finder = _WhenLoaded(waiting, self._note)
            sys.meta_path.insert(0, self._finder)


def _put_back(source: Source, recorded: RecordedState) -> None:
    family = _FAMILIES[recorded.kind]
    if source.family.kind is not recorded.kind:
        raise ValueError(f"it is of kind {source.family.kind.value}, and was {recorded.kind.value}")
    family.write(source.generator, family.understood(recorded.state))


def _later(recorded: RecordedState) -> Callable[[], None]:
    def put_back() -> None:
        for source in sources({}):
            if source.name == recorded.generator:
                _put_back(source, recorded)

    return put_back


class _WhenLoaded(MetaPathFinder):
    """Calls back when a module has been loaded, once for each."""

    def __init__(self, waiting: dict[str, list[Callable[[], None]]], note: Callable[[BaseException], object]) -> None:
        self._waiting, self._note = waiting, note

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Return what the other finders find, with a loader that calls back."""
        calls = self._waiting.pop(fullname, None)
        if calls is None:
            return None
        for finder in list(sys.meta_path):
            spec = finder.find_spec(fullname, path, target) if finder is not self else None
            if spec is not None and spec.loader is not None:
                spec.loader = _Calling(spec.loader, calls, self._note)
                return spec
        return None


@dataclass(slots=True)
class _Calling(Loader):
    """A loader that does what another does, gives it its place back, and calls."""

    inner: Loader
    calls: list[Callable[[], None]]
    note: Callable[[BaseException], object]

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Return the module that the other makes."""
        return self.inner.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Load it, then call."""
        if module.__spec__ is not None:
            module.__spec__.loader = self.inner
        module.__loader__ = self.inner
        self.inner.exec_module(module)
        for call in self.calls:
            try:
                call()
            except Exception as error:  # noqa: BLE001 - a state that a stranger wrote must not break the import
                self.note(error)
