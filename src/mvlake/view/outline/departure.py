"""The outline of a departure: the first cell that came out otherwise, what differed there already, and the likely causes."""

from collections.abc import Sequence

from mvlake.records.departure import Cause, CauseKind, Departed, Departure
from mvlake.view.blocks import Block, Column, Grid, Paragraph, Section, Span, Words, code, muted, strong
from mvlake.view.outline.wording import head

_INPUTS = (Column("kind"), Column("name"), Column("cell"), Column("how it differs"))
_CAUSES = (Column("cause"), Column("known by"), Column("because"), Column("what to do"))


def departure_blocks(departure: Departure) -> Sequence[Block]:
    """Return the section on where a replay left its version, and why."""
    inside: list[Block] = []
    if departure.causes:
        inside.append(Grid(_CAUSES, tuple(map(_cause, departure.causes))))
    if departure.inputs:
        shown, more = head(departure.inputs)
        inside.append(Grid(_INPUTS, tuple(map(_input, shown)), more))
    if departure.untested:
        inside.append(Paragraph((muted(f"no experiment: {departure.untested}"),)))
    return (Section("Departure", (Span(departs_at(departure)),), tuple(inside)),)


def departs_at(departure: Departure) -> str:
    """Return in which cell a replay left its version."""
    return f"in cell {departure.cell}" if departure.is_exact else f"in cell {departure.cell} or before it"


def because_words(departure: Departure | None) -> Words:
    """Return the likeliest cause in a few words, none where it is not known."""
    if departure is None or not departure.causes or departure.causes[0].kind is CauseKind.UNKNOWN:
        return ()
    cause = departure.causes[0]
    return (Span(f"because of {cause.kind.value} {cause.name}".strip()),)


def _cause(one: Cause) -> tuple[Words, ...]:
    named: Words = (strong(one.kind.value), Span(" "), code(one.name)) if one.name else (strong(one.kind.value),)
    return named, (Span(one.basis.value),), (Span(one.reason, limit=400),), (Span(one.advice, limit=400),)


def _input(one: Departed) -> tuple[Words, ...]:
    return (Span(one.kind.value),), (code(one.name),), (Span(str(one.cell)),), (Span(one.reason, limit=400),)
