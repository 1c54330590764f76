"""Slicing: which earlier cells a cell's result depends on, as they ran."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from mvlake.capture.cell_facts import CellFacts
from mvlake.capture.history import Executed, History

__all__ = ["Executed", "Following", "needed_cells"]


class Following:
    """Goes through the cells of a session once, as they come."""

    def __init__(self) -> None:
        self._history, self._count = History(), 0

    def of(self, cells: Sequence[Executed]) -> History:
        """Return the history of all cells, which begin with those of the last time. It is the caller's own."""
        history, count = self._history, self._count
        self._history, self._count = History(), 0  # where an interrupt stops this, the next time begins anew
        for cell in cells[count:]:
            history.follow(cell)
        self._history, self._count = history, len(cells)
        return history.copy()


def needed_cells(
    history: Sequence[Executed], facts: CellFacts, *, also: Collection[str] = (), following: Following | None = None
) -> tuple[int, ...]:
    """Return the positions of the earlier cells that a cell with these facts depends on, in execution order.

    `also` are further names that it is known to need, `following` has gone through the earlier cells of this session. A cell is
    needed when it made, or may have changed in place, an object that a needed cell reads, directly or through the code of the
    functions and classes that it uses, as these
    stood at that time. Cells that configure the session are always needed. A cell that runs unseen code (exec, eval,
    globals()) is needed when it came after the making of any needed object, for it may have changed it; and it needs all
    cells before it, for it may have read anything. One that only binds unseen names (`import *`, `%run`) is needed for
    the names that it was seen to bind. Time grows with the cells and the names in them, not with their square.
    """
    session = (following or Following()).of(history)
    target = replace(facts, reads=facts.reads | frozenset(also), is_command=False)
    session.follow(Executed(-1, "", target), is_target=True)
    return tuple(history[index].position for index in _reached(history, session, needs_all=facts.runs_unseen_code))


def _reached(history: Sequence[Executed], session: History, *, needs_all: bool) -> list[int]:
    writers: dict[int, list[int]] = {}
    first_made: dict[int, int] = {}
    for thing, maker in enumerate(session.makers):
        group = session.group(thing)
        if maker >= 0:
            first_made[group] = min(maker, first_made.get(group, maker))
    for thing, indexes in enumerate(session.writers):
        writers.setdefault(session.group(thing), []).extend(indexes)
    for indexes in writers.values():
        indexes.sort()
    end = len(history)
    unseen = session.unseen
    reads_everything = {*unseen, end} if needs_all else set(unseen)
    done: dict[int, int] = {}
    all_before = 0
    included: set[int] = set()
    made: set[int] = set()
    waiting = [end]

    def include(indexes: Iterable[int]) -> None:
        fresh = [one for one in indexes if one not in included]
        included.update(fresh)
        waiting.extend(fresh)

    include(session.configuring)
    while waiting:
        index = waiting.pop()
        if index in reads_everything and index > all_before:
            include(one for one in range(all_before, index) if _matters(history[one]))
            all_before = index
        for thing in session.needs[index]:
            group = session.group(thing)
            include(_makers(session, thing, made))
            found = writers[group]
            start, stop = done.get(group, 0), bisect_left(found, index)
            if start < stop:
                include(found[start:stop])
                done[group] = stop
            # Unseen code after the object was made may have changed it. Including the last such cell includes all before it.
            last = bisect_left(unseen, index) - 1
            if last >= 0 and unseen[last] > first_made.get(group, end):
                include((unseen[last],))
    return sorted(included)


def _makers(session: History, thing: int | None, made: set[int]) -> Iterator[int]:
    """Yield the cells that made an object, and those that made what its name perhaps still held; each object once."""
    while thing is not None and thing not in made:
        made.add(thing)
        if session.makers[thing] >= 0:
            yield session.makers[thing]
        thing = session.before.get(thing)


def _matters(cell: Executed) -> bool:
    return not cell.facts.is_command and bool(cell.bound or cell.facts.binds or cell.facts.mutates or cell.facts.runs_unseen_code)
