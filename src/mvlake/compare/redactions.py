"""Redactions: which secrets and columns were replaced in either version, and whether they were the same ones."""

from mvlake.compare.diff import RedactionDiff
from mvlake.compare.matching import change_of
from mvlake.records.redaction import Redaction
from mvlake.records.version import Version

SAME = "the same values"
OTHER = "other values"


def compare_redactions(a: Version, b: Version) -> tuple[RedactionDiff, ...]:
    """Return what was replaced in either, sorted. Marks tell whether equal values stood there; of columns their digests do."""
    ours, theirs = _by_place(a), _by_place(b)
    rows = []
    for key in sorted({*ours, *theirs}):
        before, after = ours.get(key), theirs.get(key)
        is_same = before is not None and after is not None and (before.count, before.hashes) == (after.count, after.hashes)
        rows.append(
            RedactionDiff(
                place=key[0],
                column=key[1],
                rule=key[2],
                change=change_of(before, after, is_same=is_same),
                a_times=before.count if before is not None else 0,
                b_times=after.count if after is not None else 0,
                note=_note(before, after),
            )
        )
    return tuple(rows)


def _note(before: Redaction | None, after: Redaction | None) -> str:
    if before is None or after is None or not before.hashes or not after.hashes:
        return ""
    return SAME if before.hashes == after.hashes else OTHER


def _by_place(version: Version) -> dict[tuple[str, str, str], Redaction]:
    return {(one.place, one.column, one.rule): one for one in version.redacted}
