"""Flow: which names a cell's results are made from."""

from collections.abc import Sequence

from mvlake.capture.cell_facts import CellFacts


def flowing(tracked: CellFacts, needed: Sequence[CellFacts]) -> frozenset[str]:
    """Return the names that a cell binds or reads, and all that these were made from or changed with in the needed cells.

    What else a needed cell does is left out: seeding and drawing give a result no parameters.
    """
    makers: dict[str, list[CellFacts]] = {}
    for cell in needed:
        lent = {token.removeprefix("+") for tokens in cell.lent.values() for token in tokens}
        for name in lent.union(cell.bindings, cell.functions, cell.touched, (one for one, _ in cell.items)):
            makers.setdefault(name, []).append(cell)
    changing = {name for cell in needed for name, code in cell.functions.items() if code.changes_arguments}
    seen = set(tracked.reads)
    waiting = list(seen)
    while waiting:
        name = waiting.pop()
        for cell in makers.get(name, ()):
            fresh = _made_from(name, cell, changing) - seen
            seen |= fresh
            waiting += fresh
    return frozenset(seen | tracked.bindings.keys())


def _made_from(name: str, cell: CellFacts, changing: set[str]) -> set[str]:
    found = set(cell.touched.get(name, ()))
    if name in cell.bindings:
        found |= cell.bindings[name].sources
    if name in cell.functions:
        found |= cell.functions[name].reads
    for callee in changing & cell.lent.keys():
        given = {token.removeprefix("+") for token in cell.lent[callee]}
        if name in given:  # it may be there to change one with the others
            found |= given | {callee}
    for (owner, _), item in cell.items.items():
        if owner == name:
            found |= item.sources
    return found
