"""Texts: what the cells printed, and the modules that they imported, line by line."""

from collections.abc import Mapping

from mvlake.compare.diff import Change, StreamDiff
from mvlake.compare.lines import diff_lines
from mvlake.compare.matching import change_of
from mvlake.records.artifact import Role
from mvlake.records.digest import Digest
from mvlake.records.dossier import Dossier


def compare_streams(a: Dossier, b: Dossier) -> tuple[tuple[StreamDiff, ...], tuple[str, ...]]:
    """Return the streams by name, and a sentence for each that cannot be shown."""
    return _compare(Role.STREAM, (a, a.streams), (b, b.streams))


def compare_modules(a: Dossier, b: Dossier) -> tuple[tuple[StreamDiff, ...], tuple[str, ...]]:
    """Return the imported modules by name, and a sentence for each that cannot be shown."""
    return _compare(Role.CODE, (a, a.modules), (b, b.modules))


def _compare(
    role: Role, a: tuple[Dossier, Mapping[str, str]], b: tuple[Dossier, Mapping[str, str]]
) -> tuple[tuple[StreamDiff, ...], tuple[str, ...]]:
    (ours, before), (theirs, after) = ((_digests(dossier, role), texts) for dossier, texts in (a, b))
    names = sorted({*ours, *theirs, *before, *after})
    rows = tuple(_row(name, ours.get(name), theirs.get(name), before.get(name), after.get(name)) for name in names)
    unread = ((name, dossier) for dossier, texts in (a, b) for name in _digests(dossier, role) if name not in texts)
    return rows, tuple(f"{name} of {dossier.ref} could not be read" for name, dossier in unread)


def _digests(dossier: Dossier, role: Role) -> dict[str, Digest]:
    return {one.name: one.digest for one in dossier.version.artifacts if one.role is role}


def _row(name: str, ours: Digest | None, theirs: Digest | None, before: str | None, after: str | None) -> StreamDiff:
    if ours is not None and ours == theirs:
        text = before if before is not None else after or ""
        return StreamDiff(name, Change.UNCHANGED, diff_lines(text, text))
    is_here, is_there = ours is not None or before is not None, theirs is not None or after is not None
    change = change_of(is_here or None, is_there or None, is_same=ours is theirs is None and before == after)
    if (is_here and before is None) or (is_there and after is None):
        return StreamDiff(name, change, ())
    return StreamDiff(name, change, diff_lines(before or "", after or ""))
