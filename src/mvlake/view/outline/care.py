"""The outlines of `gc`, `repair` and `doctor`: what was done to a lake, or should be."""

from collections.abc import Sequence

from mvlake.errors import listed
from mvlake.records.answers import Checkup, Collectable, Collection, Examined, Health, Mended, Step
from mvlake.view.blocks import Block, Column, Grid, Paragraph, Section, Span, When, Words, bad, code, good, muted
from mvlake.view.outline.wording import head
from mvlake.view.quantities import plural, size

_STEPS = {
    Step.RESTORE: ("put back from the trash: something reaches it", "would be put back from the trash"),
    Step.REMOVE: ("removed from the trash", "would be removed from the trash"),
    Step.MOVE: ("moved to the trash", "would be moved to the trash"),
    Step.MARK: ("marked", "would be marked"),
    Step.WAIT: ("marked, waiting", "marked, waiting"),
    Step.REWRITE: ("rewritten without what nothing reaches", "would be rewritten without what nothing reaches"),
    Step.SWEEP: ("removed from tmp/", "would be removed from tmp/"),
}
_HEALTH = {Health.GOOD: good("✓"), Health.ODD: Span("○"), Health.BAD: bad("✗")}


def collection(answer: Collection) -> Sequence[Block]:
    """Return the outline of a collection: what nothing reaches, step by step."""
    if not answer.files:
        top: list[Block] = [Paragraph((good("✓ nothing to collect"), muted(f" · {answer.reached:,} objects are reached")))]
    else:
        counts = [_counted(answer, step) for step in _STEPS if any(one.step is step for one in answer.files)]
        top = [Paragraph((Span("; ".join(counts), limit=600),))]
        shown, more = head(answer.files)
        columns = (Column("file"), Column("size", is_number=True), Column("was of"), Column("step"), Column("next step (UTC)"))
        top.append(Grid(columns, tuple(_row(one) for one in shown), more))
        if not answer.is_applied:
            command = "gc --repack --apply" if answer.size(Step.REWRITE) else "gc --apply"
            top.append(Paragraph((muted("nothing was touched; "), code(command), muted(" does it"))))
    stays = answer.kept if answer.is_applied else answer.kept - answer.size(Step.REWRITE)
    if stays > 0:
        said = f"{size(stays)} that nothing reaches stay, in packs that hold other things too: "
        top.append(Paragraph((muted(said), code("gc --repack"), muted(" writes these anew"))))
    if answer.remarks:
        shown_remarks, more = head(answer.remarks)
        top.append(Section("Remarks", (), (Grid((Column("left alone"),), tuple(((Span(one),),) for one in shown_remarks), more),)))
    return top


def _counted(answer: Collection, step: Step) -> str:
    files = [one for one in answer.files if one.step is step]
    what = plural(len(files), "pack" if step is Step.REWRITE else "file")
    return f"{what} {_STEPS[step][not answer.is_applied]}, {size(answer.size(step))}"


def _row(one: Collectable) -> tuple[Words, ...]:
    was_of: Words = (Span(listed(one.belonged_to)),) if one.belonged_to else (muted("no version"),)
    due: Words = (When(one.due, says_zone=False),) if one.due else ()
    return (code(one.key),), (Span(size(one.size)),), was_of, (Span(one.step.value),), due


def mended(answer: Mended) -> Sequence[Block]:
    """Return the outline of a repair: what was mended, and what is lost."""
    if not answer.done and not answer.left:
        return (Paragraph((good("✓ nothing to mend"),)),)
    blocks: list[Block] = []
    if answer.done:
        said = plural(len(answer.done), "thing") + (" mended" if answer.is_applied else " can be mended")
        shown, more = head(answer.done)
        rows = tuple(((code(one.subject),), (Span(one.act, limit=300),)) for one in shown)
        blocks.append(Paragraph((good(said) if answer.is_applied else Span(said),)))
        blocks.append(Grid((Column("where"), Column("what")), rows, more))
        if not answer.is_applied:
            blocks.append(Paragraph((muted("nothing was touched; "), code("repair --apply"), muted(" does it"))))
    if answer.left:
        shown_left, more = head(answer.left)
        left = tuple(((code(one.code),), (code(one.subject),), (Span(one.problem, limit=300),)) for one in shown_left)
        grid = Grid((Column("problem"), Column("where"), Column("what is wrong")), left, more)
        blocks.append(Section("Not mended", (bad(plural(len(answer.left), "problem")),), (grid,)))
    return blocks


def checkup(answer: Checkup) -> Sequence[Block]:
    """Return the outline of an examination: each thing, bad ones first."""
    order = list(reversed(Health))
    examined = sorted(answer.examined, key=lambda one: order.index(one.health))
    rows = tuple(_examined(one) for one in examined)
    verdict = good("✓ nothing is wrong") if answer.is_healthy else bad("✗ something is wrong")
    return (Paragraph((verdict,)), Grid((Column(""), Column("what"), Column("found"), Column("because"), Column("do")), rows))


def _examined(one: Examined) -> tuple[Words, ...]:
    return (
        (_HEALTH[one.health],),
        (Span(one.subject),),
        (Span(one.found, limit=300),),
        (Span(one.why, limit=300),) if one.why else (),
        (code(one.do),) if one.do else (),
    )
