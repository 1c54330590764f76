"""Hidden state: the version rests on cells that the notebook, run from top to bottom, does not run, or not so.

What is found has to be so: a cell that was edited and run again, and whose first run left nothing that its second one did not write
over, is no hidden state. Nor is an order in which nothing depends on what stands below it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from mvlake.capture.cell_facts import CellFacts
from mvlake.capture.notebook_order import SavedNotebook, saved_notebook
from mvlake.capture.overwriting import is_written_over
from mvlake.capture.situation import Situation
from mvlake.records.hint import Hint, HintCode
from mvlake.records.source import without_directive

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class _Found:
    """One reason, as a sentence about a place among the version's cells."""

    place: int
    said: str
    names: tuple[str, ...] = ()


def hidden_state(situation: Situation) -> Hint | None:
    """Return a hint when a needed cell was changed since and run again, edited, deleted, or stands below what depends on it."""
    found = list(_run_again(situation))
    notebook = saved_notebook(situation.notebook) if situation.notebook else None
    tracked = situation.cells[-1].cell_id
    if notebook is not None and tracked in notebook.places:
        found += _not_as_saved(situation, notebook, {one.place for one in found})
        found += _out_of_order(situation, notebook)
    if not found:
        return None
    more = f", and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    text = f"{', '.join(one.said for one in found[:_SHOWN])}{more}: a run from top to bottom is another"
    names = sorted({name for one in found for name in one.names})
    return Hint(HintCode.HIDDEN_STATE, text, tuple(names), tuple(sorted({one.place + 1 for one in found})))


def _run_again(situation: Situation) -> Iterator[_Found]:
    """Yield the needed cells that were run again with another text, where something of the first run is left."""
    latest: dict[str, int] = {}
    for position, cell in enumerate(situation.session):
        if cell.cell_id:
            latest[cell.cell_id] = position
    tracked = situation.cells[-1]
    for place, cell in enumerate(situation.cells[:-1]):
        if not cell.cell_id:
            continue
        if cell.cell_id == tracked.cell_id:
            again, facts = tracked.source, situation.facts[-1]
        else:
            position = latest.get(cell.cell_id, situation.places[place])
            again, facts = situation.session[position].source, situation.session_facts[position]
        if _code(again) == _code(cell.source):
            continue
        first = situation.facts[place]
        left = _left_over(place, facts, situation)
        if left:
            yield _Found(place, f"{_called(situation, place)} was changed and run again", tuple(sorted(left)))
        elif not first.configures and not is_written_over(_code(cell.source), _code(again), situation.namespace):
            yield _Found(place, f"{_called(situation, place)} was changed and run again", tuple(sorted(first.mutates)))


def _left_over(place: int, again: CellFacts, situation: Situation) -> frozenset[str]:
    """Return the names that only the first run bound, and that a later needed cell reads."""
    read = frozenset[str]().union(*(facts.reads for facts in situation.facts[place + 1 :]))
    return (situation.facts[place].binds - again.binds) & read


def _not_as_saved(situation: Situation, notebook: SavedNotebook, told: set[int]) -> Iterator[_Found]:
    """Yield the needed cells of which the notebook, saved after they ran, has another text or none."""
    for place, cell in enumerate(situation.cells[:-1]):
        ended = situation.ended_at[situation.places[place]]
        if not cell.cell_id or place in told or ended is None or notebook.saved_at <= ended:
            continue
        saved = notebook.sources.get(cell.cell_id)
        if saved is None:
            yield _Found(place, f"{_called(situation, place)} was deleted")
        elif _code(saved) != _code(cell.source):
            yield _Found(place, f"{_called(situation, place)} was edited")


def _out_of_order(situation: Situation, notebook: SavedNotebook) -> Iterator[_Found]:
    """Yield the needed cells that ran before a cell that reads what they made, and stand below it."""
    makers: dict[str, int] = {}
    places = [notebook.places.get(cell.cell_id, -1) for cell in situation.cells]
    told: set[int] = set()
    for place, (facts, stands) in enumerate(zip(situation.facts, places, strict=True)):
        for name in sorted(facts.reads - facts.deferred_reads):
            maker = makers.get(name)
            if maker is None or maker in told or not 0 <= stands < places[maker]:
                continue
            if not _is_imported_above(name, maker, stands, situation, notebook):
                told.add(maker)
                text = f"{_called(situation, maker)} stands below {_called(situation, place)}, which reads {name}"
                yield _Found(maker, text, (name,))
        for name in facts.binds:
            makers[name] = place


def _is_imported_above(name: str, maker: int, stands: int, situation: Situation, notebook: SavedNotebook) -> bool:
    """True when a cell further up imported the same under this name, and the import further down only did so again."""
    module = situation.facts[maker].imports.get(name)
    return module is not None and any(
        facts.imports.get(name) == module and 0 <= notebook.places.get(cell.cell_id, -1) <= stands
        for cell, facts in zip(situation.session, situation.session_facts, strict=True)
    )


def _code(source: str) -> str:
    return without_directive(source).strip()


def _called(situation: Situation, place: int) -> str:
    count = situation.cells[place].execution_count
    return f"In [{count}]" if count is not None else f"cell {place + 1}"
