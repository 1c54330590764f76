"""The outline of `replay`: did it come out the same, item by item, worst first."""

from collections.abc import Sequence

from mvlake.records.answers import Verdicts
from mvlake.records.events import Verdict, VerdictItem
from mvlake.view.blocks import Block, Column, Fold, Grid, Paragraph, Section, Span, Words, bad, code, joined, muted
from mvlake.view.outline.listings import source_listing
from mvlake.view.outline.wording import head, verdict_words
from mvlake.view.quantities import plural, seconds

_COLUMNS = (Column("verdict"), Column("kind"), Column("name"), Column("because"))


def verdicts(answer: Verdicts) -> Sequence[Block]:
    """Return the outline of a judged replay."""
    replayed = answer.replayed
    kept: Words = (muted("executed notebook "), code(answer.notebook)) if answer.notebook else ()
    took: Words = (muted(f"replayed in {seconds(replayed.duration)} by mvlake {replayed.tool}"),)
    top: list[Block] = [
        Paragraph((code(answer.ref), Span("  "), verdict_words(replayed.verdict)), is_title=True),
        Paragraph(joined([took, kept])),
    ]
    if answer.error:
        top.append(source_listing((bad("a cell raised"),), answer.error))
    told = sorted(
        (item for item in replayed.items if item.verdict is not Verdict.IDENTICAL), key=lambda item: -item.verdict.severity
    )
    same = [item for item in replayed.items if item.verdict is Verdict.IDENTICAL]
    if told:
        top.append(Section("Differences", (muted(f"{len(told):,} of {plural(len(replayed.items), 'item')}"),), (_grid(told),)))
    if same:
        top.append(Fold((muted(f"{len(same):,} identical"),), (_grid(same),)))
    return top


def _grid(items: Sequence[VerdictItem]) -> Grid:
    shown, more = head(items)
    rows = tuple(
        ((verdict_words(one.verdict),), (Span(one.kind),), (code(one.name),), (Span(one.reason, limit=400),)) for one in shown
    )
    return Grid(_COLUMNS, rows, more)
