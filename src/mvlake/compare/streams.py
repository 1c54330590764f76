"""Streams: what the cells printed, line by line."""

from mvlake.compare.diff import Change, StreamDiff
from mvlake.compare.lines import diff_lines
from mvlake.compare.matching import change_of
from mvlake.records.artifact import Role
from mvlake.records.digest import Digest
from mvlake.records.dossier import Dossier


def compare_streams(a: Dossier, b: Dossier) -> tuple[tuple[StreamDiff, ...], tuple[str, ...]]:
    """Return the streams by name, and a sentence for each that cannot be shown."""
    ours, theirs = _digests(a), _digests(b)
    names = sorted({*ours, *theirs, *a.streams, *b.streams})
    rows = tuple(_row(name, ours.get(name), theirs.get(name), a.streams.get(name), b.streams.get(name)) for name in names)
    return rows, (*_unreadable(a, ours), *_unreadable(b, theirs))


def _digests(dossier: Dossier) -> dict[str, Digest]:
    return {one.name: one.digest for one in dossier.version.artifacts if one.role is Role.STREAM}


def _row(name: str, ours: Digest | None, theirs: Digest | None, before: str | None, after: str | None) -> StreamDiff:
    if ours is not None and ours == theirs:
        text = before if before is not None else after or ""
        return StreamDiff(name, Change.UNCHANGED, diff_lines(text, text))
    is_here, is_there = ours is not None or before is not None, theirs is not None or after is not None
    change = change_of(is_here or None, is_there or None, is_same=ours is theirs is None and before == after)
    if (is_here and before is None) or (is_there and after is None):
        return StreamDiff(name, change, ())
    return StreamDiff(name, change, diff_lines(before or "", after or ""))


def _unreadable(dossier: Dossier, digests: dict[str, Digest]) -> list[str]:
    return [f"{name} of {dossier.ref} could not be read" for name in digests if name not in dossier.streams]
