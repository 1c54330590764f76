"""The outlines of `labels` and `at`: where labels point, and how they came there."""

from collections.abc import Sequence

from mvlake.records.answers import Held, LabelRow, Labels
from mvlake.records.events import Move
from mvlake.records.gate import Passage
from mvlake.view.blocks import Block, Column, Grid, Paragraph, Section, Span, When, Words, bad, code, good, joined, muted, strong
from mvlake.view.outline.wording import head
from mvlake.view.quantities import plural

_CURRENT = (Column("label"), Column("version"), Column("since (UTC)"), Column("by"), Column("reason"))
_GATES = (Column("label"), Column("version"), Column("may have it"), Column("wanted"))
_HISTORY = (Column("when (UTC)"), Column("label"), Column("move"), Column("by"), Column("reason"))


def labels(answer: Labels) -> Sequence[Block]:
    """Return the outline of labels: current places, then every move, newest first."""
    if not answer.history and not answer.current:
        return (
            *gates((), answer.problem),
            Paragraph((muted("no labels yet: `promote name:latest staging` sets one"),)),
        )
    moves, more = head(answer.history[::-1])
    rows = tuple(_move_row(row) for row in moves)
    return (
        *_places(answer.current),
        *gates(answer.passages, answer.problem),
        Section("Moves", (muted(plural(len(answer.history), "move")),), (Grid(_HISTORY, rows, more),)),
    )


def gates(passages: Sequence[Passage], problem: str) -> tuple[Block, ...]:
    """Return whether versions meet what stands before labels, and why not."""
    if problem:
        return (
            Section("Gates", (), (Paragraph((bad("it cannot be told what stands before labels: "), Span(problem, limit=300))),)),
        )
    if not passages:
        return ()
    shown, more = head(passages)
    return (Section("Gates", (), (Grid(_GATES, tuple(map(_gate_row, shown)), more),)),)


def _gate_row(one: Passage) -> tuple[Words, ...]:
    answer = joined([(bad("no"),), (Span(one.reason, limit=300),)]) if one.reason else (good("yes"),)
    return (strong(f"@{one.label}"),), (code(one.ref),), answer, (muted(one.wanted),)


def held(answer: Held) -> Sequence[Block]:
    """Return the outline of what held the labels at a moment."""
    title = Paragraph((muted("at "), When(answer.at)))
    return (title, *_places(answer.rows)) if answer.rows else (title, Paragraph((muted("no label pointed anywhere"),)))


def _places(rows: Sequence[LabelRow]) -> tuple[Block, ...]:
    shown, more = head([row for row in rows if row.move.to_number is not None])
    return (Grid(_CURRENT, tuple(_place_row(row) for row in shown), more),) if shown else ()


def _place_row(row: LabelRow) -> tuple[Words, ...]:
    version = code(f"{row.move.name}:v{row.move.to_number}")
    return (
        (strong(f"{row.move.name}@{row.move.label}"),),
        (version,),
        (When(row.at, says_zone=False),),
        (Span(row.author),),
        (Span(row.move.reason, limit=300),),
    )


def _move_row(row: LabelRow) -> tuple[Words, ...]:
    move = row.move
    before = f"v{move.from_number}" if move.from_number is not None else "nowhere"
    after = f"v{move.to_number}" if move.to_number is not None else "nowhere"
    back = (muted(" rolled back"),) if move.move is Move.ROLLBACK else ()
    place: Words = (Span(f"{before} → {after}"), *back)
    return (
        (When(row.at, says_zone=False),),
        (code(f"{move.name}@{move.label}"),),
        place,
        (Span(row.author),),
        (Span(move.reason, limit=300),),
    )
