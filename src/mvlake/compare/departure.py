"""Departure: the first cell in which a replay left its version, and what differed there already.

The lake knows of each version what its tracked cell read and made, the files, modules and packages of all of its cells, and the
states of generators before each of them; it does not know what the earlier cells made. So a cell is told exactly where all that it
went by is known to have been as it was, and else as the last one that it can have been.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from mvlake.compare.environment import normalised
from mvlake.compare.values import exact
from mvlake.records.account import Account
from mvlake.records.artifact import Artifact, Role
from mvlake.records.departure import Departed, Departure, InputKind
from mvlake.records.dossier import Dossier
from mvlake.records.events import Difference, DifferenceKind
from mvlake.records.source import without_directive
from mvlake.records.summary import ArraySummary, FrameSummary, SeriesSummary

_DATA = (FrameSummary, ArraySummary, SeriesSummary)
_MOST = 100
_LONGEST = 400  # of a text: what a kernel told may be anybody's


def departure(
    recorded: Dossier,
    replayed: Dossier | None,
    accounts: Sequence[Account],
    differences: Sequence[Difference],
    *,
    failed_cell: int = 0,
) -> Departure:
    """Return where a replay that did not reproduce left its version.

    `replayed` is None where no version came of it, `accounts` what its kernel told, `failed_cell` the cell that raised (0: none).
    """
    last = len(recorded.version.cells)
    told = placed(recorded, accounts)
    raised = min(failed_cell, last) if failed_cell else last
    inputs = [*_surroundings(told, differences, raised), *_generators(recorded, replayed), *_variables(recorded, replayed, told)]
    inputs = [replace(one, name=one.name[:_LONGEST], reason=one.reason[:_LONGEST]) for one in inputs[:_MOST]]
    inputs.sort(key=lambda one: one.cell)
    cell = min([raised, *(one.cell for one in inputs)])
    return Departure(cell, _is_exact(cell, recorded, replayed, told, inputs), tuple(inputs))


def placed(recorded: Dossier, accounts: Sequence[Account]) -> dict[int, Account]:
    """Return what was told of each cell of a version, by its place from 1: cells of other texts may have run besides."""
    found: dict[int, Account] = {}
    place = 0
    texts = [without_directive(source or "") for source in recorded.sources]
    for one in accounts:
        match = next((at for at in range(place, len(texts)) if texts[at].strip() == one.source.strip()), None)
        if match is not None:
            place = match + 1
            found[place] = one
    return found


def apart(a: Mapping[int, Account], b: Mapping[int, Account]) -> int:
    """Return the first cell that made other contents in one of two replays than in the other, 0 when none did."""
    for place in sorted({*a, *b}):
        ours, theirs = a.get(place), b.get(place)
        if ours is None or theirs is None or ours.failed != theirs.failed:
            return place
        contents = {one.name: one.digest for one in theirs.made}
        if any(one.digest is not None and contents.get(one.name, one.digest) not in (None, one.digest) for one in ours.made):
            return place
    return 0


def _surroundings(told: Mapping[int, Account], differences: Sequence[Difference], last: int) -> Iterator[Departed]:
    for one in differences:
        users = [place for place, account in told.items() if _uses(account, one)]
        if one.kind in (DifferenceKind.FILE, DifferenceKind.URL, DifferenceKind.HOST):
            yield Departed(InputKind.FILE, one.name, min(users, default=last), one.reason)
        elif one.kind is DifferenceKind.MODULE and users:
            yield Departed(InputKind.MODULE, one.name, min(users), one.reason)
        elif one.kind is DifferenceKind.PACKAGE and users:
            yield Departed(InputKind.PACKAGE, one.name, min(users), one.reason)


def _uses(account: Account, difference: Difference) -> bool:
    if difference.kind is DifferenceKind.MODULE:
        return any(one.partition(".")[0] == difference.name.partition(".")[0] for one in account.modules)
    if difference.kind is DifferenceKind.PACKAGE:
        return any(normalised(one) == difference.name for one in account.packages)
    return difference.name in account.files


def _generators(recorded: Dossier, replayed: Dossier | None) -> Iterator[Departed]:
    """Yield the generators that were not put back, or that a cell drew from in one of the two alone."""
    then = {(draw.cell, draw.generator): draw for draw in recorded.version.draws}
    now = {(draw.cell, draw.generator): draw for draw in replayed.version.draws} if replayed is not None else {}
    for (cell, generator), draw in then.items():
        again = now.get((cell, generator))
        if draw.state is None:
            yield Departed(InputKind.GENERATOR, generator, cell, draw.problem or "its state before the cell is not known")
        elif again is not None and again.state != draw.state:
            yield Departed(InputKind.GENERATOR, generator, cell, "it was in another state before the cell")
        elif replayed is not None and again is None and len(replayed.version.cells) == len(recorded.version.cells):
            yield Departed(InputKind.GENERATOR, generator, cell, "the cell drew from it then, and not in the replay")


def _variables(recorded: Dossier, replayed: Dossier | None, told: Mapping[int, Account]) -> Iterator[Departed]:
    """Yield what the tracked cell read, and that held another content; each under the cell that made it last."""
    if replayed is None:
        return
    last = len(recorded.version.cells)
    theirs = _inputs(replayed)
    for name, ours in _inputs(recorded).items():
        other = theirs.get(name)
        if other is None or other.digest != ours.digest:
            kind = InputKind.DATA if isinstance(recorded.summaries.get(ours.summary), _DATA) else InputKind.VARIABLE
            maker = _maker(name, last, told)
            said = "was not there" if other is None else "had another content"
            yield Departed(kind, name, maker or last, f"it {said} when the tracked cell read it")
    params = {one.name: one.value for one in replayed.version.params}
    for param in recorded.version.params:
        is_read = param.name in recorded.version.names.read and param.name in params
        if is_read and exact(params[param.name]) != exact(param.value):
            place = _maker(param.name, last, told) or last
            yield Departed(InputKind.VARIABLE, param.name, place, "it had another value when the tracked cell read it")


def _inputs(dossier: Dossier) -> dict[str, Artifact]:
    return {one.name: one for one in dossier.version.artifacts if one.role is Role.INPUT}


def _maker(name: str, before: int, told: Mapping[int, Account]) -> int:
    """Return the last cell before another one that made a name, 0 when none did."""
    return max((place for place, one in told.items() if place < before and name in {made.name for made in one.made}), default=0)


def _is_exact(
    cell: int, recorded: Dossier, replayed: Dossier | None, told: Mapping[int, Account], inputs: Sequence[Departed]
) -> bool:
    """True when all that a cell read is known to have been as it was, or when it used what differs around the kernel itself."""
    if cell == 1 or any(one.cell == cell and one.kind not in (InputKind.DATA, InputKind.VARIABLE) for one in inputs):
        return True
    last = len(recorded.version.cells)
    account = told.get(cell)
    reads = account.reads if account is not None else recorded.version.names.read if cell == last else None
    if reads is None or replayed is None:
        return False
    same = _as_they_were(recorded, replayed)
    # What the tracked cell read is what an earlier cell read, unless a cell in between made it anew.
    makers = ((name, _maker(name, cell, told)) for name in reads)
    return all(name in same and _maker(name, last, told) == maker for name, maker in makers if maker)


def _as_they_were(recorded: Dossier, replayed: Dossier) -> set[str]:
    """Return the variables that are known to have held the same when the tracked cell read them."""
    theirs = _inputs(replayed)
    params = {one.name: exact(one.value) for one in replayed.version.params}
    inputs = {name for name, one in _inputs(recorded).items() if name in theirs and theirs[name].digest == one.digest}
    return inputs | {one.name for one in recorded.version.params if params.get(one.name) == exact(one.value)}
