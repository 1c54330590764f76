"""Hidden state: the version rests on cells that the notebook no longer says."""

from mvlake.capture.situation import Situation
from mvlake.records.hint import Hint, HintCode
from mvlake.records.source import without_directive


def hidden_state(situation: Situation) -> Hint | None:
    """Return a hint when a needed cell has since been run with another text: the older text is what the result rests on."""
    latest = {cell.cell_id: _code(cell.source) for cell in situation.session if cell.cell_id}
    latest |= {cell.cell_id: _code(cell.source) for cell in situation.cells[-1:] if cell.cell_id}
    stale = tuple(
        position
        for position, cell in enumerate(situation.cells, 1)
        if cell.cell_id and _code(cell.source) != latest.get(cell.cell_id, _code(cell.source))
    )
    if not stale:
        return None
    shown = ", ".join(_called(situation.cells[position - 1].execution_count, position) for position in stale[:3])
    more = f" and {len(stale) - 3} more" if len(stale) > 3 else ""
    return Hint(HintCode.HIDDEN_STATE, f"it rests on {shown}{more} as it was before it was changed and run again", cells=stale)


def _code(source: str) -> str:
    return without_directive(source).strip()


def _called(count: int | None, position: int) -> str:
    return f"In [{count}]" if count is not None else f"cell {position}"
