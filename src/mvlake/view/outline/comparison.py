"""The outline of `compare`: what differs between two versions, the most telling first, the rest folded."""

from collections.abc import Sequence

from mvlake.compare.diff import NOW, Change, Diff, Side
from mvlake.view.blocks import (
    Block,
    Column,
    Facts,
    Fold,
    Grid,
    Paragraph,
    Section,
    Span,
    When,
    Words,
    bad,
    code,
    good,
    joined,
    muted,
)
from mvlake.view.outline.aspects import (
    code_section,
    displays_section,
    modules_section,
    notebook_section,
    redactions_section,
    streams_section,
    warnings_section,
)
from mvlake.view.outline.changes import (
    described_section,
    files_section,
    hints_section,
    lineage_section,
    metrics_section,
    params_section,
)
from mvlake.view.outline.data_changes import data_section
from mvlake.view.outline.figures import figures_section
from mvlake.view.outline.models import models_section
from mvlake.view.outline.randomness import randomness_section
from mvlake.view.outline.surroundings import environment_section
from mvlake.view.outline.wording import head
from mvlake.view.quantities import plural, seconds, size


def comparison(diff: Diff) -> Sequence[Block]:
    """Return the outline of a comparison."""
    sides = side_names(diff)
    sections: list[Section | None] = [
        params_section(diff.params, sides),
        metrics_section(diff.metrics, diff.series, sides),
        data_section(diff.data, sides),
        models_section(diff.models, sides),
        code_section(diff.code),
        notebook_section(diff.unrun),
        modules_section(diff.modules),
        figures_section(diff.figures, sides),
        streams_section(diff.streams),
        displays_section(diff.displays),
        warnings_section(diff.warnings, sides),
        redactions_section(diff.redactions, sides),
        files_section(diff.files, sides),
        described_section(diff.described, sides),
        lineage_section(diff.lineage, sides),
        environment_section(diff.environment, sides),
        hints_section(diff.hints, sides),
        randomness_section(diff.randomness, sides),
        problems_section(diff.problems),
    ]
    told = [section for section in sections if section is not None]
    quiet = [section for section in told if _is_quiet(section)]
    return (*_top(diff, sides), *[section for section in told if section not in quiet], *_unchanged(quiet))


def _is_quiet(section: Section) -> bool:
    """True for a section all of which is folded, because nothing in it differs."""
    return all(isinstance(block, Fold) for block in section.blocks)


def _unchanged(sections: Sequence[Section]) -> tuple[Block, ...]:
    """Return the fold of the sections in which nothing differs."""
    if not sections:
        return ()
    names = joined([(Span(one.heading),) for one in sections], ", ")
    return (Fold((muted("nothing differs in "), *names), tuple(sections)),)


def side_names(diff: Diff) -> tuple[str, str]:
    """Return what the sides are called in headings: `v2` and `v3` when they share their name, else their refs."""
    a_name, _, a_number = diff.a.ref.rpartition(":")
    b_name, _, b_number = diff.b.ref.rpartition(":")
    return (a_number, b_number) if a_name == b_name and a_name and a_number != b_number else (diff.a.ref, diff.b.ref)


def _top(diff: Diff, sides: tuple[str, str]) -> list[Block]:
    short = sides[1] if sides[1] != diff.b.ref else diff.b.ref
    title: Words = (code(diff.a.ref), muted(" → "), code(short))
    facts = Facts(tuple((name, _side(side)) for name, side in zip(sides, (diff.a, diff.b), strict=True)))
    same = "nothing to commit: all that can be told is as it was" if diff.b.ref == NOW else "no differences"
    said = good(same) if diff.is_empty else Span(", ".join(_counts(diff)) or "only when and where they ran differs")
    return [Paragraph(title, is_title=True), Paragraph((said,)), facts]


def _side(side: Side) -> Words:
    first = side.message.strip().split("\n", 1)[0]
    return joined(
        [
            (Span(first),) if first else (),
            (When(side.created_at),),
            (Span(side.author),),
            (muted(seconds(side.duration)),) if side.ref != NOW else (),
            (muted(size(side.peak_memory)),) if side.peak_memory is not None else (),
            (muted(f"{seconds(side.cpu_time)} of processor"),) if side.cpu_time is not None else (),
        ]
    )


def _counts(diff: Diff) -> list[str]:
    """Return how many things of each aspect differ."""
    aspects: tuple[tuple[str, Sequence[object]], ...] = (
        ("parameter", [one for one in diff.params if one.change is not Change.UNCHANGED]),
        ("metric", [one for one in diff.metrics if one.change is not Change.UNCHANGED]),
        ("curve", [one for one in diff.series if one.change is not Change.UNCHANGED]),
        ("data set", [one for one in diff.data if one.change is not Change.UNCHANGED]),
        ("model", [one for one in diff.models if one.change is not Change.UNCHANGED]),
        ("cell", [one for one in diff.code if one.change is not Change.UNCHANGED or one.is_moved]),
        ("module", [one for one in diff.modules if one.change is not Change.UNCHANGED]),
        ("figure", [one for one in diff.figures if one.change is not Change.UNCHANGED]),
        ("output", [one for one in diff.streams if one.change is not Change.UNCHANGED]),
        ("display", [one for one in diff.displays if one.change is not Change.UNCHANGED]),
        ("file", [one for one in diff.files if one.change is not Change.UNCHANGED]),
        ("lazy thing", [one for one in diff.described if one.change is not Change.UNCHANGED]),
        ("unrun cell", diff.unrun),
        ("package", [one for one in diff.environment.packages if one.change is not Change.UNCHANGED]),
    )
    found = [plural(len(items), thing) for thing, items in aspects if items]
    return [*found[:-1], f"{found[-1]} differ"] if found else []


def problems_section(problems: Sequence[str]) -> Section | None:
    """Return what could not be compared, because; None when all could."""
    if not problems:
        return None
    shown, more = head(problems)
    return Section("Could not be compared", (), (Grid((Column("because"),), tuple(((bad(one),),) for one in shown), more),))
