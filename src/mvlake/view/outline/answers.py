"""An answer's outline: which blocks it shows, in which order, by its type."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mvlake.compare.diff import Diff
from mvlake.compare.leaderboard import Leaderboard
from mvlake.compare.many import Many
from mvlake.compare.varied import Varied
from mvlake.errors import MvlakeError
from mvlake.records.answers import (
    Checkup,
    Collection,
    Committed,
    Corrections,
    Done,
    Entry,
    Findings,
    Held,
    History,
    Labels,
    Manual,
    Mended,
    Past,
    Restored,
    Script,
    Shown,
    Status,
    Synced,
    Table,
    Verdicts,
)
from mvlake.records.foreseen import Plans
from mvlake.records.replays import Replays
from mvlake.view.blocks import Block
from mvlake.view.outline.care import checkup, collection, mended
from mvlake.view.outline.code import past, script
from mvlake.view.outline.comparison import comparison
from mvlake.view.outline.corrections import corrections
from mvlake.view.outline.history import history, one_entry
from mvlake.view.outline.labels import held, labels
from mvlake.view.outline.lake import findings, status
from mvlake.view.outline.leaderboard import leaderboard
from mvlake.view.outline.many import many
from mvlake.view.outline.plans import plans
from mvlake.view.outline.said import committed, done, error, manual, restored, table
from mvlake.view.outline.several import several
from mvlake.view.outline.shown import shown
from mvlake.view.outline.synced import synced
from mvlake.view.outline.varied import varied
from mvlake.view.outline.verdicts import verdicts

ANSWERS: Mapping[type, Callable[[Any], Sequence[Block]]] = {
    History: history,
    Entry: one_entry,
    Shown: shown,
    Diff: comparison,
    Many: many,
    Verdicts: verdicts,
    Replays: several,
    Leaderboard: leaderboard,
    Varied: varied,
    Plans: plans,
    Labels: labels,
    Held: held,
    Corrections: corrections,
    Findings: findings,
    Collection: collection,
    Mended: mended,
    Synced: synced,
    Checkup: checkup,
    Status: status,
    Committed: committed,
    Script: script,
    Past: past,
    Restored: restored,
    Table: table,
    Done: done,
    Manual: manual,
    MvlakeError: error,
}


def outline(answer: Any) -> Sequence[Block]:
    """Return the blocks of an answer; TypeError when it is none."""
    for kind in type(answer).__mro__:
        if kind in ANSWERS:
            return ANSWERS[kind](answer)
    raise TypeError(f"not an answer: {type(answer).__name__}")
