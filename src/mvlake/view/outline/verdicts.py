"""The outline of `replay`: did it come out the same, item by item, worst first, and what nobody could compare."""

from collections.abc import Sequence

from mvlake.compare.texts import BUT_FOR
from mvlake.records.answers import Verdicts
from mvlake.records.events import Difference, Verdict, VerdictItem
from mvlake.view.blocks import Block, Column, Fold, Grid, Paragraph, Section, Span, Words, bad, code, joined, muted
from mvlake.view.outline.asked import asked_words, repeats_section
from mvlake.view.outline.departure import departure_blocks
from mvlake.view.outline.listings import source_listing
from mvlake.view.outline.wording import head, verdict_words
from mvlake.view.quantities import plural, seconds

_WORLD = (Column("kind"), Column("name"), Column("how it differs"))
_COLUMNS = (Column("verdict"), Column("kind"), Column("name"), Column("because"))


def verdicts(answer: Verdicts) -> Sequence[Block]:
    """Return the outline of a judged replay."""
    replayed = answer.replayed
    unknown = [item for item in replayed.items if item.verdict is Verdict.NOT_COMPARABLE]
    beside: Words = (muted(f", {len(unknown):,} not compared"),) if unknown else ()
    kept: Words = (muted("executed notebook "), code(answer.notebook)) if answer.notebook else ()
    took: Words = (muted(f"replayed in {seconds(replayed.duration)} by mvlake {replayed.tool}"),)
    top: list[Block] = [
        Paragraph((code(answer.ref), Span("  "), verdict_words(replayed.verdict), *beside), is_title=True),
        Paragraph(joined([took, asked_words(replayed.asked), kept])),
    ]
    if answer.is_interrupted:
        top.append(Paragraph((bad("interrupted: the runs that had ended are recorded"),)))
    if answer.error:
        top.append(source_listing((bad("a cell raised"),), answer.error))
    told = sorted(
        (item for item in replayed.items if item.verdict not in (Verdict.IDENTICAL, Verdict.NOT_COMPARABLE)),
        key=lambda item: -item.verdict.severity,
    )
    same = [item for item in replayed.items if item.verdict is Verdict.IDENTICAL]
    for title, items in (("Differences", told), ("Not compared", unknown)):
        if items:
            top.append(Section(title, (muted(f"{len(items):,} of {plural(len(replayed.items), 'item')}"),), (_grid(items),)))
    repeats = repeats_section(replayed)
    if repeats is not None:
        top.append(repeats)
    if replayed.departure is not None:
        top += departure_blocks(replayed.departure)
    if replayed.differences:
        count = muted(f"{plural(len(replayed.differences), 'thing')} not found as the version found it")
        top.append(Section("World", (count,), (_world(replayed.differences),)))
    if same:
        shown = sorted(same, key=lambda item: not item.reason.startswith(BUT_FOR))
        noisy = sum(item.reason.startswith(BUT_FOR) for item in same)
        passed = f", {noisy:,} of them but for noise of the run" if noisy else ""
        top.append(Fold((muted(f"{len(same):,} identical{passed}"),), (_grid(shown),)))
    return top


def _world(differences: Sequence[Difference]) -> Grid:
    shown, more = head(differences)
    rows = tuple(((Span(one.kind.value),), (code(one.name),), (Span(one.reason, limit=400),)) for one in shown)
    return Grid(_WORLD, rows, more)


def _grid(items: Sequence[VerdictItem]) -> Grid:
    shown, more = head(items)
    return Grid(_COLUMNS, tuple(map(_row, shown)), more)


def _row(item: VerdictItem) -> tuple[Words, ...]:
    return (verdict_words(item.verdict),), (Span(item.kind),), (code(item.name),), (Span(item.reason, limit=400),)
