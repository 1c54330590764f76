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

- An artifact that is known by its pickle only, and whose pickles differ, may or may not have the same content. Calling it
  equivalent would claim a reproduction that nobody has seen, calling it drifted a difference, so it is `not comparable`. It does
  not decide: an optimizer or an object of a class in the notebook pickles differently each time, and would keep every replay
  of its version from a good verdict for ever. So a good verdict means that everything that can be compared was reproduced.
  When nothing can be, that is the verdict.
- So is what the replay did not keep, for it may show columns that a policy hides by now.
- What could be compared elsewhere, but not here, decides: a text that could not be read, a library that is missing. Nor is
  it ignorance when a pickle took the place of another handler's encoding, or of an object of another type.
- A version with nothing to compare is identical when its code ran through, and its only item says that no more is known.

Inputs are not judged: they were given, and where they differ, outputs tell. Nor are displays: libraries put identifiers made at
random into the HTML of equal content, and what is shown of a value is judged with the value.
"""

import math
from collections.abc import Callable, Iterable
from pathlib import PurePath
from typing import TypeAlias

from mvlake.compare.matching import Match, match
from mvlake.compare.printed import distance, first_difference
from mvlake.compare.tolerance import Tolerance
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
from mvlake.records.summary import FigureSummary, OpaqueSummary, Summary

Measure: TypeAlias = Callable[[Artifact, Artifact], Closeness]
Found: TypeAlias = tuple[Verdict, str]

_JUDGED = (Role.OUTPUT, Role.MODEL, Role.RESULT, Role.FIGURE, Role.FILE, Role.STREAM)
_OPAQUE = "opaque"
_MISSING: Found = (Verdict.FAILED, "was not produced")
_EXTRA: Found = (Verdict.DRIFTED, "was produced by the replay only")


def judge(
    recorded: Dossier, replayed: Dossier, closeness: Measure, tolerance: Tolerance | None = None
) -> tuple[Verdict, tuple[VerdictItem, ...]]:
    """Return the verdict on a replay, and the items from which it follows.

    `closeness` measures two artifacts of one handler; it is asked only where digests differ, and never about pickles. An
    MvlakeError that it raises is the reason why nothing could be measured.
    """
    accepted = tolerance or Tolerance()
    items = [*_raised(recorded, replayed), *_artifacts(recorded, replayed, closeness, accepted)]
    items += _metrics(recorded, replayed, accepted)
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


def _artifacts(a: Dossier, b: Dossier, closeness: Measure, tolerance: Tolerance) -> Iterable[VerdictItem]:
    ours, theirs = _judged(a), _judged(b)
    for one in match(ours, theirs, name=lambda item: (item.role, item.name), content=lambda item: item.digest):
        if one.a is None or one.b is None:
            verdict, reason = _missing(one.a, a, b) if one.b is None else _EXTRA
        elif one.a.digest == one.b.digest:
            verdict, reason = Verdict.IDENTICAL, "has the same content"
        elif one.a.role is Role.STREAM:
            verdict, reason = _stream(a.streams.get(one.a.name), b.streams.get(one.b.name), tolerance)
        elif one.a.role is Role.FIGURE:
            verdict, reason = Verdict.DRIFTED, _picture(one.a, one.b, a, b)
        elif one.a.handler == one.b.handler == _OPAQUE:
            verdict, reason = _pickles(a.summaries.get(one.a.summary), b.summaries.get(one.b.summary))
        else:
            verdict, reason = _content(one.a, one.b, closeness, tolerance)
        yield VerdictItem(one.either.role.value, one.either.name, verdict, reason)


def _missing(one: Artifact | None, recorded: Dossier, replayed: Dossier) -> Found:
    """Return what is said of what the replay has not: a column policy of now may not let it be kept."""
    hidden = {omitted.name for omitted in replayed.version.omitted if omitted.reason.startswith(HIDDEN)}
    if one is None or hidden.isdisjoint(other.name for other in recorded.version.artifacts if other.digest == one.digest):
        return _MISSING
    return Verdict.NOT_COMPARABLE, "a column policy hides it by now"


def _judged(dossier: Dossier) -> list[Artifact]:
    read = {one.name for one in dossier.version.files if one.direction is Flow.READ}
    found = (one for one in dossier.version.artifacts if one.role in _JUDGED)
    given = {*read, PurePath(dossier.version.notebook).name}  # a snapshot holds its own notebook, which no replay makes
    return [one for one in found if one.role is not Role.FILE or one.name not in given]


def _stream(a: str | None, b: str | None, tolerance: Tolerance) -> Found:
    if a is None or b is None:
        return Verdict.DRIFTED, "differs, and its text could not be read"
    difference = first_difference(a, b, tolerance)
    if difference:
        return Verdict.DRIFTED, difference
    return Verdict.NUMERIC, "only numbers differ, all within the tolerance for float64"


def _picture(a: Artifact, b: Artifact, in_a: Dossier, in_b: Dossier) -> str:
    before, after = in_a.summaries.get(a.summary), in_b.summaries.get(b.summary)
    if isinstance(before, FigureSummary) and isinstance(after, FigureSummary):
        if before.media_type != after.media_type:
            return f"{before.media_type} became {after.media_type}"
        if (before.width, before.height) != (after.width, after.height):
            return f"{before.width} by {before.height} pixels became {after.width} by {after.height}"
    return "the picture differs; another version of a plotting library or font is enough for that, so look at both"


def _pickles(before: Summary | None, after: Summary | None) -> Found:
    if isinstance(before, OpaqueSummary) and isinstance(after, OpaqueSummary) and before.type != after.type:
        return Verdict.DRIFTED, f"a {before.type} became a {after.type}"
    return Verdict.NOT_COMPARABLE, "the pickles differ, and nobody opens them to tell whether their content does"


def _content(a: Artifact, b: Artifact, closeness: Measure, tolerance: Tolerance) -> Found:
    if a.handler != b.handler:
        return Verdict.DRIFTED, f"was kept by the {a.handler} handler, and is now by the {b.handler} handler"
    try:
        found = closeness(a, b)
    except MvlakeError as error:
        return Verdict.DRIFTED, f"differs, and could not be measured: {error.message}"
    if not found.is_comparable:
        return Verdict.NOT_COMPARABLE if found.is_closed else Verdict.DRIFTED, found.reason
    return _measured(found, tolerance)


def _measured(found: Closeness, tolerance: Tolerance) -> Found:
    if not found.differing:
        return Verdict.EQUIVALENT, "all numbers are equal, and the digests differ"
    share = f"{found.differing:,} of {found.total:,} numbers differ, by at most"
    return _graded(share, found.max_abs, found.max_rel, found.precision, tolerance)


def _graded(told: str, max_abs: float, max_rel: float, precision: str, tolerance: Tolerance) -> Found:
    distance_told = f"{told} {max_abs:.3g} (relative {max_rel:.3g})"
    allowed = f"{tolerance.rtol(precision):g} for {precision}"
    if not tolerance.accepts(max_abs=max_abs, max_rel=max_rel, precision=precision):
        return Verdict.DRIFTED, f"{distance_told}: beyond {allowed}"
    if max_abs <= tolerance.atol:
        allowed = f"{tolerance.atol:g}, which is nothing"
    return Verdict.NUMERIC, f"{distance_told}: within {allowed}"


def _metrics(a: Dossier, b: Dossier, tolerance: Tolerance) -> Iterable[VerdictItem]:
    metrics = match(a.version.metrics, b.version.metrics, name=lambda one: one.name, content=lambda one: exact(one.value))
    for one in metrics:
        verdict, reason = _metric(one, tolerance)
        yield VerdictItem("metric", one.either.name, verdict, reason)


def _metric(one: Match[Metric], tolerance: Tolerance) -> Found:
    if one.a is None or one.b is None:
        return _MISSING if one.b is None else _EXTRA
    if exact(one.a.value) == exact(one.b.value):
        return Verdict.IDENTICAL, "has the same value"
    before, after = number(one.a.value), number(one.b.value)
    if before is None or after is None:
        return Verdict.DRIFTED, "has another value"
    if is_same_number(before, after):
        return Verdict.EQUIVALENT, note_of(one.a.value, one.b.value) or "the value is equal"
    if isinstance(before, int) and isinstance(after, int):
        return Verdict.DRIFTED, "is another integer"
    return _floats(before, after, tolerance)


def _floats(a: float, b: float, tolerance: Tolerance) -> Found:
    try:
        before, after = float(a), float(b)
    except OverflowError:  # an integer beyond the floats
        return Verdict.DRIFTED, "has another value"
    if not (math.isfinite(before) and math.isfinite(after)):
        return Verdict.DRIFTED, f"{before} became {after}"
    return _graded("is off by", *distance(before, after), "float64", tolerance)
