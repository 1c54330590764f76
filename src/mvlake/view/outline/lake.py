"""The outlines of `status` and `verify`: the lake as a whole."""

from collections.abc import Sequence

from mvlake.records.answers import Findings, Status
from mvlake.view.blocks import Block, Column, Facts, Grid, Paragraph, Section, Span, Words, bad, code, good, muted
from mvlake.view.outline.wording import head, names_words
from mvlake.view.quantities import plural, size


def status(answer: Status) -> Sequence[Block]:
    """Return the outline of a lake and its kernel."""
    rows: list[tuple[str, Words]] = [
        ("lake", (code(answer.path),)),
        ("id", (code(answer.lake_id),)),
        ("holds", (Span(f"{plural(answer.versions, 'version')}, {plural(answer.records, 'record')}, {size(answer.size)}"),)),
        ("names", names_words(answer.names, 40) or (muted("none yet"),)),
        ("writable", (Span("yes") if answer.is_writable else bad("no"),)),
    ]
    rows += [(label, (Span(text, limit=300),)) for label, text in answer.facts]
    return (Facts(tuple(rows)),)


def findings(answer: Findings) -> Sequence[Block]:
    """Return the outline of a verification: clean, or what is wrong."""
    checked = f"{plural(answer.records, 'record')} and {plural(answer.objects, 'object')} checked, {size(answer.size)}"
    verdict = good("✓ nothing is wrong") if answer.is_clean else bad(f"✗ {plural(len(answer.problems), 'problem')}")
    read = {0.0: "sizes and structure; --data reads all bytes", 1.0: "all bytes"}.get(answer.share)
    read = read or f"all bytes of {answer.share:.2%} of the files, those of --seed {answer.seed}"
    top: list[Block] = [Paragraph((verdict, muted(f" · {checked} · {read}")))]
    if answer.head:
        top.append(Paragraph((muted("head "), code(answer.head))))
    if answer.problems:
        shown, more = head(answer.problems)
        rows = tuple(((code(one.code),), (code(one.subject),), (Span(one.problem, limit=300),)) for one in shown)
        top.append(Grid((Column("problem"), Column("where"), Column("what is wrong")), rows, more))
    if answer.remarks:
        shown_remarks, more = head(answer.remarks)
        grid = Grid((Column("harmless leftovers"),), tuple(((Span(one, limit=300),),) for one in shown_remarks), more)
        top.append(Section("Remarks", (muted(f"{len(answer.remarks):,}"),), (grid,)))
    return top
