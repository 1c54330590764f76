"""Warnings: what the tracked cells were warned of, whichever line it came from."""

from collections import Counter

from mvlake.compare.diff import WarningDiff
from mvlake.compare.matching import change_of
from mvlake.records.dossier import Dossier


def compare_warnings(a: Dossier, b: Dossier) -> tuple[WarningDiff, ...]:
    """Return the warnings of either, sorted, with how often each came."""
    ours, theirs = _counted(a), _counted(b)
    rows = []
    for key in sorted({*ours, *theirs}):
        before, after = ours[key], theirs[key]
        change = change_of(before or None, after or None, is_same=before == after)
        rows.append(WarningDiff(*key, change=change, a_times=before, b_times=after))
    return tuple(rows)


def _counted(dossier: Dossier) -> Counter[tuple[str, str, str]]:
    found: Counter[tuple[str, str, str]] = Counter()
    for one in dossier.version.warnings:
        found[one.category, one.message, one.place] += one.times
    return found
