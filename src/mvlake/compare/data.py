"""Data: the frames, arrays, values and files that went in and came out."""

from collections import defaultdict
from collections.abc import Sequence

from mvlake.compare.columns import compare_columns, has_changed, note_on_columns
from mvlake.compare.diff import Change, DataDiff
from mvlake.compare.figures import size_of
from mvlake.compare.matching import Match, change_of, match
from mvlake.records.artifact import Artifact, Role
from mvlake.records.digest import Digest
from mvlake.records.dossier import Dossier
from mvlake.records.profile import Profile
from mvlake.records.summary import (
    SUMMARY_KINDS,
    ArraySummary,
    Column,
    FigureSummary,
    FrameSummary,
    OpaqueSummary,
    Summary,
    ValueSummary,
)

_ROLES = (Role.INPUT, Role.OUTPUT, Role.RESULT, Role.FILE)
_KINDS = {kind: name for name, kind in SUMMARY_KINDS.items()}
_UNKNOWN = "unknown"
_BY = " \u00d7 "


def compare_data(a: Dossier, b: Dossier) -> tuple[tuple[DataDiff, ...], tuple[str, ...]]:
    """Return inputs, outputs, results and files, matched by role and name, and a sentence for each that cannot be described."""
    rows: list[DataDiff] = []
    for role in _ROLES:
        matches = match(_of(a, role), _of(b, role), name=lambda one: one.name, content=lambda one: one.digest)
        elsewhere = _renamed(matches)
        rows += [_row(one, a, b, elsewhere.get(place, "")) for place, one in enumerate(matches)]
    return tuple(rows), (*_unreadable(a), *_unreadable(b))


def _of(dossier: Dossier, role: Role) -> list[Artifact]:
    return [one for one in dossier.version.artifacts if one.role is role]


def _unreadable(dossier: Dossier) -> list[str]:
    return [
        f"the summary of {one.role} {one.name} of {dossier.ref} could not be read"
        for one in dossier.version.artifacts
        if one.role not in (Role.STREAM, Role.DISPLAY) and one.summary not in dossier.summaries
    ]


def _renamed(matches: Sequence[Match[Artifact]]) -> dict[int, str]:
    """Return notes by place: which removed and added artifacts have one content."""
    gone: dict[Digest, list[int]] = defaultdict(list)
    for place, one in enumerate(matches):
        if one.a is not None and one.b is None:
            gone[one.a.digest].append(place)
    notes: dict[int, str] = {}
    for place, one in enumerate(matches):
        if one.a is None and one.b is not None and gone.get(one.b.digest):
            other = gone[one.b.digest].pop(0)
            notes[place] = f"has the content that {matches[other].either.name} had"
            notes[other] = f"its content is called {one.b.name} now"
    return notes


def _row(one: Match[Artifact], a: Dossier, b: Dossier, renamed: str) -> DataDiff:
    before = a.summaries.get(one.a.summary) if one.a else None
    after = b.summaries.get(one.b.summary) if one.b else None
    change = change_of(one.a, one.b, is_same=one.a is not None and one.b is not None and one.a.digest == one.b.digest)
    ours, theirs = _frame(before), _frame(after)
    profiles = _profile(one.a, a), _profile(one.b, b)
    index = compare_columns(ours[1], theirs[1])
    notes = [renamed, *_notes(before, after, change)]
    if one.a and one.b and before and after:
        notes += note_on_columns(ours[0], theirs[0])
        # With other rows the index is another one anyway.
        notes += ["the index differs"] if has_changed(index) and _length(before) == _length(after) else []
    return DataDiff(
        role=one.either.role.value,
        name=one.either.name,
        change=change,
        kind=_kind(after or before),
        a_digest=one.a.digest if one.a else None,
        b_digest=one.b.digest if one.b else None,
        a_size=size_text(before),
        b_size=size_text(after),
        a_rows=_length(before),
        b_rows=_length(after),
        columns=compare_columns(ours[0], theirs[0], profiles),
        note="; ".join(note for note in notes if note),
        index=index,
        a_text=_text(before),
        b_text=_text(after),
    )


def _profile(artifact: Artifact | None, dossier: Dossier) -> Profile | None:
    return None if artifact is None or artifact.profile is None else dossier.profiles.get(artifact.profile)


def _length(summary: Summary | None) -> int | None:
    return summary.rows if isinstance(summary, FrameSummary) else None


def _frame(summary: Summary | None) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    return (summary.columns, summary.index) if isinstance(summary, FrameSummary) else ((), ())


def _kind(summary: Summary | None) -> str:
    return _KINDS[type(summary)] if summary else _UNKNOWN


def _notes(a: Summary | None, b: Summary | None, change: Change) -> list[str]:
    notes = []
    if a and b and a.type != b.type:
        notes.append(f"{a.type} became {b.type}")
    if change is Change.CHANGED and isinstance(a, OpaqueSummary) and isinstance(b, OpaqueSummary):
        notes.append("the pickles differ; whether their content does is not known")
    return notes


def size_text(summary: Summary | None) -> str:
    """Return how large something is, in words, "" where that is not known."""
    if isinstance(summary, FrameSummary):
        return f"{summary.rows:,} row{'' if summary.rows == 1 else 's'}"
    if isinstance(summary, ArraySummary):
        return f"{_BY.join(f'{length:,}' for length in summary.shape) or 'scalar'} {summary.dtype}"
    if isinstance(summary, FigureSummary):
        return size_of(summary)
    if isinstance(summary, ValueSummary):
        return summary.type if summary.length is None else f"{summary.type} of {summary.length:,}"
    return summary.type if summary else ""


def _text(summary: Summary | None) -> str:
    if isinstance(summary, ValueSummary):
        return summary.text
    if isinstance(summary, ArraySummary) and summary.low is not None and summary.high is not None:
        return f"{summary.low:.6g} to {summary.high:.6g}" + (f", mean {summary.mean:.6g}" if summary.mean is not None else "")
    return summary.reason if isinstance(summary, OpaqueSummary) else ""
