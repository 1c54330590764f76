"""The outline of `replay` of several versions: a table of the verdicts, then each version that did not come out the same."""

from collections import Counter
from collections.abc import Sequence

from mvlake.records.answers import Verdicts
from mvlake.records.events import Verdict
from mvlake.records.replays import LeftOut, Replays, Unanswered
from mvlake.view.blocks import Block, Column, Fold, Grid, Paragraph, Section, Span, Words, code, muted
from mvlake.view.outline.verdicts import verdicts
from mvlake.view.outline.wording import NO_VERDICT, head, verdict_words
from mvlake.view.quantities import plural, seconds

_COLUMNS = (Column("version"), Column("verdict"), Column("identical", is_number=True), Column("took", is_number=True))
_LEFT = (Column("version"), Column("because"))


def several(answer: Replays) -> Sequence[Block]:
    """Return the outline of several replays."""
    top: list[Block] = [Paragraph(_title(answer), is_title=True)]
    if answer.answers:
        top += [Paragraph((muted(_pace(answer)),)), Grid(_COLUMNS, tuple(map(_row, answer.answers)))]
    top += [_details(one) for one in answer.answers]
    if answer.left_out:
        top.append(Section("Left out", (muted(plural(len(answer.left_out), "version")),), (_left_out(answer.left_out),)))
    return top


def _title(answer: Replays) -> Words:
    if not answer.answers:
        is_unchanged = bool(answer.left_out) and all(one.is_unchanged for one in answer.left_out)
        return (Span("nothing was replayed: nothing has changed" if is_unchanged else "nothing was replayed"),)
    counts = Counter(_word(one) for one in answer.answers)
    told = ", ".join(f"{count:,} {word.text}" for word, count in counts.items())
    return (Span(f"{plural(len(answer.answers), 'version')} replayed: {told}"),)


def _pace(answer: Replays) -> str:
    at_once = "one after another" if answer.jobs == 1 else f"{answer.jobs} at a time"
    return f"{at_once}, where {plural(answer.cpus, 'processor')} may be used"


def _word(one: Verdicts | Unanswered) -> Span:
    return verdict_words(one.replayed.verdict) if isinstance(one, Verdicts) else NO_VERDICT


def _row(one: Verdicts | Unanswered) -> tuple[Words, ...]:
    if isinstance(one, Unanswered):
        return (code(one.ref),), (NO_VERDICT,), (), ()
    items = one.replayed.items
    same = sum(item.verdict is Verdict.IDENTICAL for item in items)
    return (code(one.ref),), (_word(one),), (Span(f"{same:,} of {len(items):,}"),), (Span(seconds(one.replayed.duration)),)


def _details(one: Verdicts | Unanswered) -> Block:
    """Return what is to tell of one version: folded where it reproduced."""
    if isinstance(one, Unanswered):
        hint = (Paragraph((muted("Hint: "), Span(one.hint, limit=400))),) if one.hint else ()
        return Section(one.ref, (NO_VERDICT,), (Paragraph((Span(one.reason, limit=600),)), *hint))
    told = tuple(verdicts(one)[1:])
    if one.replayed.verdict.is_reproduced:
        return Fold((code(one.ref), Span("  "), _word(one)), told)
    return Section(one.ref, (_word(one),), told)


def _left_out(left_out: Sequence[LeftOut]) -> Grid:
    shown, more = head(left_out)
    return Grid(_LEFT, tuple(((code(one.ref),), (Span(one.reason, limit=400),)) for one in shown), more)
