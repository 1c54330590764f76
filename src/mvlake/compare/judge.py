"""Judge: the verdict on whether a replay reproduced what was recorded.

Each output, model, result, figure, file, stream and metric of the recorded version is one item; the worst of the items
that can be compared is the verdict.

identical       the same digest, or the same value
equivalent      the same values in other bytes: row chunks, the order of keys, the width of a type
numeric         numbers differ, and every one is within the tolerance of its precision
drifted         anything else that differs, or that the replay made and the recorded version did not: it did something else
not comparable  nobody can tell, or nobody may open it to tell
failed          it was not produced, or its cell raised

What is not known:

- An artifact that is known by its pickle only, and whose pickles say other things, may or may not have the same content. Calling
  it equivalent would claim a reproduction that nobody has seen, calling it drifted a difference, so it is `not comparable`. It does
  not decide: an optimizer pickles differently each time, and would keep every replay of its version from a good verdict for ever.
  So a good verdict means that everything that can be compared was reproduced. When nothing can be, that is the verdict.
- So is what the replay did not keep, for it may show columns that a policy hides by now.
- What could be compared elsewhere, but not here, decides: a text that could not be read, a library that is missing. Nor is
  it ignorance when a pickle took the place of another handler's encoding, or of an object of another type.
- A version with nothing to compare is identical when its code ran through, and its only item says that no more is known.

Inputs are not judged: they were given, and where they differ, outputs tell. What was printed and shown is judged without its noise
(`noise`, `clock`, `places`, `markup`), and the reason says what was passed over.
"""

import math
from collections.abc import Callable, Iterable
from pathlib import PurePath
from typing import TypeAlias

from mvlake.compare.clock import Run
from mvlake.compare.floats import gap_of
from mvlake.compare.matching import Match, match
from mvlake.compare.measuring import Found, graded
from mvlake.compare.models import other_setting
from mvlake.compare.texts import BUT_FOR, judge_printed, judge_shown
from mvlake.compare.values import exact, is_same_number, note_of, number
from mvlake.errors import MvlakeError
from mvlake.records.artifact import Artifact, Role
from mvlake.records.closeness import Closeness
from mvlake.records.column_rule import HIDDEN
from mvlake.records.dossier import Dossier
from mvlake.records.events import Verdict, VerdictItem, worst
from mvlake.records.facts import Metric
from mvlake.records.files import Flow
from mvlake.records.source import without_directive
from mvlake.records.summary import FigureSummary, MediaSummary, OpaqueSummary, Summary
from mvlake.records.tolerance import Tolerance, Tolerances

Measure: TypeAlias = Callable[[Artifact, Artifact, float], Closeness]

_JUDGED = (Role.OUTPUT, Role.MODEL, Role.RESULT, Role.FIGURE, Role.FILE, Role.STREAM, Role.DISPLAY)
_OPAQUE = "opaque"
_MISSING = Found(Verdict.FAILED, "was not produced")
_EXTRA = Found(Verdict.DRIFTED, "was produced by the replay only")


def judge(
    recorded: Dossier,
    replayed: Dossier,
    closeness: Measure,
    tolerances: Tolerances | None = None,
    beside: Iterable[VerdictItem] = (),
) -> tuple[Verdict, tuple[VerdictItem, ...]]:
    """Return the verdict on a replay, and the items from which it follows.

    `closeness` measures two artifacts of one handler, and is told which distance is negligible; it is asked only where digests
    differ, and never about pickles. An MvlakeError that it raises is the reason why nothing could be measured. `beside` is what
    was judged elsewhere: files, which lie outside of a version.
    """
    accepted = (tolerances or Tolerances()).of_version(recorded.version.name)
    items = [*_raised(recorded, replayed), *_artifacts(recorded, replayed, closeness, accepted)]
    items += [*_metrics(recorded, replayed, accepted), *beside]
    if not items:
        items = [_nothing_to_compare(replayed)]
    return worst(items), tuple(items)


def _raised(recorded: Dossier, replayed: Dossier) -> Iterable[VerdictItem]:
    expected = {source for source, failed in _ran(recorded) if failed}
    return [
        VerdictItem("cell", f"cell {place}", Verdict.FAILED, "raised in the replay")
        for place, (source, failed) in enumerate(_ran(replayed), start=1)
        if failed and source not in expected
    ]


def _ran(dossier: Dossier) -> list[tuple[str, bool]]:
    """Return what ran, and whether it raised: a replay may have left out a `%%track` line."""
    texts = (*dossier.sources, *[None] * (len(dossier.version.cells) - len(dossier.sources)))
    cells = zip(dossier.version.cells, texts, strict=False)
    return [(str(cell.source) if text is None else without_directive(text), cell.failed) for cell, text in cells]


def _nothing_to_compare(replayed: Dossier) -> VerdictItem:
    if not replayed.version.cells:
        return VerdictItem("cell", "code", Verdict.FAILED, "no cell ran")
    return VerdictItem("cell", "code", Verdict.IDENTICAL, "the code ran, and there was nothing to compare")


def _artifacts(a: Dossier, b: Dossier, closeness: Measure, tolerances: Tolerances) -> Iterable[VerdictItem]:
    ours, theirs = _judged(a), _judged(b)
    for one in match(ours, theirs, name=lambda item: (item.role, item.name), content=lambda item: item.digest):
        kind, name = one.either.role.value, one.either.name
        found = _artifact(one, a, b, closeness, tolerances.of(kind, name))
        yield VerdictItem(kind, name, *found)


def _artifact(one: Match[Artifact], a: Dossier, b: Dossier, closeness: Measure, tolerance: Tolerance) -> Found:
    if one.a is None or one.b is None:
        return _missing(one.a, a, b) if one.b is None else _EXTRA
    if one.a.digest == one.b.digest:
        return Found(Verdict.IDENTICAL, "has the same content")
    runs = Run.of(a.version), Run.of(b.version)
    if one.a.role is Role.STREAM:
        return judge_printed(a.streams.get(one.a.name), b.streams.get(one.b.name), runs, tolerance)
    if one.a.role is Role.DISPLAY:
        shown = a.displays.get(one.a.name), b.displays.get(one.b.name)
        return judge_shown(*shown, _media_type(one.a, a), runs, tolerance)
    if one.a.role is Role.FIGURE:
        return Found(Verdict.DRIFTED, _picture(one.a, one.b, a, b))
    if one.a.handler == one.b.handler == _OPAQUE:
        return _pickles(a.summaries.get(one.a.summary), b.summaries.get(one.b.summary)) or _unopened(one.a, one.b, closeness)
    if one.a.role is Role.MODEL and (setting := other_setting(a.summaries.get(one.a.summary), b.summaries.get(one.b.summary))):
        return Found(Verdict.DRIFTED, f"the setting {setting} has another value")
    return _content(one.a, one.b, closeness, tolerance)


def _missing(one: Artifact | None, recorded: Dossier, replayed: Dossier) -> Found:
    """Return what is said of what the replay has not: a column policy of now may not let it be kept."""
    hidden = {omitted.name for omitted in replayed.version.omitted if omitted.reason.startswith(HIDDEN)}
    if one is not None and one.role is Role.DISPLAY and one.name not in hidden:
        return Found(Verdict.DRIFTED, "was not shown again")
    if one is None or hidden.isdisjoint(other.name for other in recorded.version.artifacts if other.digest == one.digest):
        return _MISSING
    return Found(Verdict.NOT_COMPARABLE, "a column policy hides it by now")


def _judged(dossier: Dossier) -> list[Artifact]:
    read = {one.name for one in dossier.version.files if one.direction is Flow.READ}
    found = (one for one in dossier.version.artifacts if one.role in _JUDGED)
    given = {*read, PurePath(dossier.version.notebook).name}  # a snapshot holds its own notebook, which no replay makes
    return [one for one in found if one.role is not Role.FILE or one.name not in given]


def _media_type(display: Artifact, dossier: Dossier) -> str:
    summary = dossier.summaries.get(display.summary)
    return summary.media_type if isinstance(summary, MediaSummary) else ""


def _picture(a: Artifact, b: Artifact, in_a: Dossier, in_b: Dossier) -> str:
    before, after = in_a.summaries.get(a.summary), in_b.summaries.get(b.summary)
    if isinstance(before, FigureSummary) and isinstance(after, FigureSummary):
        if before.media_type != after.media_type:
            return f"{before.media_type} became {after.media_type}"
        if (before.width, before.height) != (after.width, after.height):
            return f"{before.width} by {before.height} pixels became {after.width} by {after.height}"
    return "the picture differs; another version of a plotting library or font is enough for that, so look at both"


def _pickles(before: Summary | None, after: Summary | None) -> Found | None:
    if isinstance(before, OpaqueSummary) and isinstance(after, OpaqueSummary) and before.type != after.type:
        return Found(Verdict.DRIFTED, f"a {before.type} became a {after.type}")
    return None


def _unopened(a: Artifact, b: Artifact, closeness: Measure) -> Found:
    try:
        says_the_same = closeness(a, b, 0.0).is_comparable
    except MvlakeError:
        says_the_same = False
    if says_the_same:
        return Found(Verdict.IDENTICAL, f"{BUT_FOR} what the pickler makes up: identifiers, and files of cells")
    return Found(Verdict.NOT_COMPARABLE, "the pickles differ, and nobody opens them to tell whether their content does")


def _content(a: Artifact, b: Artifact, closeness: Measure, tolerance: Tolerance) -> Found:
    if a.handler != b.handler:
        return Found(Verdict.DRIFTED, f"was kept by the {a.handler} handler, and is now by the {b.handler} handler")
    try:
        found = closeness(a, b, tolerance.atol)
    except MvlakeError as error:
        return Found(Verdict.DRIFTED, f"differs, and could not be measured: {error.message}")
    return graded(found, tolerance)


def _metrics(a: Dossier, b: Dossier, tolerances: Tolerances) -> Iterable[VerdictItem]:
    metrics = match(a.version.metrics, b.version.metrics, name=lambda one: one.name, content=lambda one: exact(one.value))
    for one in metrics:
        yield VerdictItem("metric", one.either.name, *_metric(one, tolerances.of("metric", one.either.name)))


def _metric(one: Match[Metric], tolerance: Tolerance) -> Found:
    if one.a is None or one.b is None:
        return _MISSING if one.b is None else _EXTRA
    if exact(one.a.value) == exact(one.b.value):
        return Found(Verdict.IDENTICAL, "has the same value")
    before, after = number(one.a.value), number(one.b.value)
    if before is None or after is None:
        return Found(Verdict.DRIFTED, "has another value")
    if is_same_number(before, after):
        return Found(Verdict.EQUIVALENT, note_of(one.a.value, one.b.value) or "the value is equal")
    if isinstance(before, int) and isinstance(after, int):
        return Found(Verdict.DRIFTED, "is another integer")
    return _floats(before, after, tolerance)


def _floats(a: float, b: float, tolerance: Tolerance) -> Found:
    try:
        before, after = float(a), float(b)
    except OverflowError:  # an integer beyond the floats
        return Found(Verdict.DRIFTED, "has another value")
    gap = gap_of(before, after, tolerance.atol)
    if gap.max_abs == math.inf:
        return Found(Verdict.DRIFTED, f"{before} became {after}")
    return graded(Closeness(total=1, gaps=(gap,)), tolerance, told="is off by")
