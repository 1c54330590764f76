"""Session: what has happened in one kernel so far. A state machine that knows nothing of IPython."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mvlake.capture.cell_facts import CellFacts, FunctionFacts
from mvlake.capture.facts.fits import Fits
from mvlake.capture.past import Past
from mvlake.capture.probes.modules import ModuleWatch
from mvlake.capture.running import Running
from mvlake.capture.slicing import Executed, Following, needed_cells
from mvlake.lake import clock
from mvlake.records.draft import DraftCell
from mvlake.records.files import below
from mvlake.records.names import name_from
from mvlake.records.past import PastCell
from mvlake.records.randomness import DraftDraw

_MAX_STATES = 5_000  # of 3 to 7 KB each
_FORGOTTEN = "so many cells drew since that its state was let go of"

if TYPE_CHECKING:
    from mvlake.capture.files.seen import SeenPlaces


@dataclass(slots=True)
class Session:
    """The cells that ran, in order, and the versions last made or checked out, by name.

    `files` are those that cells used, by the cell's position, `project` is the folder that their paths are told from,
    `folder` the working directory below it. `places` tell of versions that were checked out which cell did it. `auto` is the name
    under which every cell is tracked, None when only `%%track` does.
    """

    executed: list[Executed] = field(default_factory=list)
    cells: list[DraftCell] = field(default_factory=list)
    past: Past = field(default_factory=Past)
    ended_at: list[float | None] = field(default_factory=list)
    modules: ModuleWatch = field(default_factory=ModuleWatch)
    running: list[Running] = field(default_factory=list)
    files: dict[int, "SeenPlaces"] = field(default_factory=dict)
    parents: dict[str, int] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    last_name: str = ""
    auto: str | None = None
    project: str = ""
    folder: str = ""
    is_paused: bool = False
    fits: Fits = field(default_factory=Fits)
    _following: Following = field(default_factory=Following)
    _functions: dict[str, FunctionFacts] = field(default_factory=dict)
    _states: int = 0
    _forgotten: int = 0

    def name_for(self, stated: str, notebook: str) -> str:
        """Return the name of a version to be made: the stated one, or the last, or the notebook's; "" when there is none."""
        return stated or self.last_name or name_from(notebook.rpartition("/")[2].removesuffix(".ipynb"))

    def works_in(self, folder: str, project: str) -> None:
        """Take the folders: where the kernel works, and from where its files are told."""
        self.project = project
        self.folder = below(folder, project)

    def built_on(self, name: str, number: int) -> None:
        """Remember that this kernel's state is that of a version now."""
        self.parents[name] = number
        self.last_name = name

    def end_of(self, info: object, source: str) -> Running | None:
        """Take out the running cell that ends; None when its beginning was not seen.

        IPython makes a new `info` when a cell is interrupted at its edge: then the latest with that source is meant.
        """
        same = [one for one in self.running if one.info is info] or [one for one in self.running if one.source == source]
        if not same:
            return None
        # By identity: dataclass equality would compare whatever the cell holds.
        self.running = [one for one in self.running if one is not same[-1]]
        return same[-1]

    def remember(self, running: Running, bound: frozenset[str], *, failed: bool) -> None:
        """Add a cell that has ended to the history."""
        cell = PastCell(
            running.source, running.execution_count, running.cell_id, failed, running.started_at, round(running.duration, 6)
        )
        if running.used:
            self.files[len(self.executed)] = running.used
        self.add(cell, running.facts, bound, running.restored, draws=running.draws, iterators=running.iterators)

    def add(
        self,
        cell: PastCell,
        facts: CellFacts,
        bound: frozenset[str],
        restored: frozenset[str] = frozenset(),
        *,
        draws: tuple[DraftDraw, ...] = (),
        iterators: frozenset[str] = frozenset(),
    ) -> None:
        """Add a cell to the history."""
        position = len(self.executed)
        self._bound_memory(draws)
        self.executed.append(Executed(position, cell.source, facts, bound, restored, cell.failed, iterators))
        self.cells.append(DraftCell(cell.source, cell.execution_count, cell.cell_id, failed=cell.failed, draws=draws))
        self.past.add(cell)
        self.ended_at.append(clock.wall() if cell.started_at else None)
        for name in bound:
            self._functions.pop(name, None)
        self._functions.update(facts.functions)

    def _bound_memory(self, draws: tuple[DraftDraw, ...]) -> None:
        """Let go of the oldest cells' states of generators when all together are more than is held."""
        self._states += sum(draw.state is not None for draw in draws)
        while self._states > _MAX_STATES and self._forgotten < len(self.cells):
            old = self.cells[self._forgotten]
            states = sum(draw.state is not None for draw in old.draws)
            if states:
                gone = tuple(replace(draw, state=None, problem=draw.problem or _FORGOTTEN) for draw in old.draws)
                self.cells[self._forgotten] = replace(old, draws=gone)
            self._states -= states
            self._forgotten += 1

    def reads_of(self, facts: CellFacts) -> frozenset[str]:
        """Return the names that a cell reads, by itself and through the functions of the notebook that it uses."""
        seen: set[str] = set()
        waiting: Iterable[str] = facts.reads
        while waiting := set(waiting) - seen:
            seen |= waiting
            waiting = {read for name in waiting if name in self._functions for read in self._functions[name].reads}
        return frozenset(seen)

    def needed_for(self, facts: CellFacts) -> tuple[int, ...]:
        """Return the positions of the earlier cells that a cell depends on, in the order in which they ran.

        Among them are those that fetched a variable out of a lake for one of these: no code made it.
        """
        needed = needed_cells(self.executed, facts, following=self._following)
        read = self.reads_of(facts).union(*(self.reads_of(self.executed[position].facts) for position in needed))
        fetching = (one.position for one in self.executed if one.restored & read)
        return tuple(sorted({*needed, *fetching}))
