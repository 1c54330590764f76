"""The outline of a version's replays: each verdict as it was given, newest first, and what the last one found different."""

from collections.abc import Sequence

from mvlake.records.answers import Entry, Replay
from mvlake.records.events import VerdictItem
from mvlake.records.version import Version
from mvlake.view.blocks import Block, Column, Grid, Section, Span, When, Words, bad, code, joined, muted
from mvlake.view.outline.asked import asked_words
from mvlake.view.outline.departure import because_words, departure_blocks
from mvlake.view.outline.wording import head, verdict_words
from mvlake.view.quantities import plural, seconds

_REPLAYS = 20
_ITEMS = 5
_COLUMNS = tuple(map(Column, ("when (UTC)", "by", "verdict", "how", "world", "judged by")))
_DIFFERED = tuple(map(Column, ("verdict", "kind", "name", "because")))


def replays(entry: Entry) -> tuple[Block, ...]:
    """Return all replays of a version, and the first things that did not reproduce in the one that counts."""
    if not entry.replays:
        return ()
    shown, more = head(entry.replays[::-1], _REPLAYS)
    grid = Grid(_COLUMNS, tuple(_row(one, entry.version) for one in shown), more)
    count = muted(f"{plural(len(entry.replays), 'replay')}; the last of the version itself counts")
    departure = entry.judged.replayed.departure if entry.judged is not None else None
    left = departure_blocks(departure) if departure is not None else ()
    return (Section("Replays", (count,), (grid, *_differed(entry.judged))), *left)


def _row(one: Replay, version: Version) -> tuple[Words, ...]:
    replayed = one.replayed
    how = joined([asked_words(replayed.asked) or (muted("its cells"),), (muted(seconds(replayed.duration)),)])
    return (
        (When(one.at, says_zone=False),),
        (Span(one.author),),
        joined([(verdict_words(replayed.verdict),), because_words(replayed.departure)]),
        how,
        _world(one, version),
        (muted(f"mvlake {replayed.tool}"),),
    )


def _world(one: Replay, version: Version) -> Words:
    """Return whether it ran in the world of its version, as far as that was looked at."""
    if one.replayed.differences:
        return (bad(plural(len(one.replayed.differences), "difference")),)
    return (Span("the same"),) if one.replayed.environment == version.environment else (muted("no difference found"),)


def _differed(judged: Replay | None) -> tuple[Block, ...]:
    if judged is None:
        return ()
    found: Sequence[VerdictItem] = sorted(
        (item for item in judged.replayed.items if not item.verdict.is_reproduced), key=lambda item: -item.verdict.severity
    )
    if not found:
        return ()
    items, more = head(found, _ITEMS)
    rows = tuple(
        ((verdict_words(one.verdict),), (Span(one.kind),), (code(one.name),), (Span(one.reason, limit=400),)) for one in items
    )
    return (Grid(_DIFFERED, rows, more),)
