"""Hints: what may keep each of two versions from reproducing."""

from mvlake.compare.diff import ValueDiff
from mvlake.compare.values import compare_values
from mvlake.records.canonical import Json
from mvlake.records.version import Version


def compare_hints(a: Version, b: Version) -> tuple[ValueDiff, ...]:
    """Return the hints side by side: the code is the name, what they say is the value."""
    return compare_values(_told(a), _told(b))


def _told(version: Version) -> list[tuple[str, Json]]:
    texts: dict[str, list[str]] = {}
    for one in version.hints:
        texts.setdefault(one.code.value, []).append(one.text)
    return [(code, "; ".join(said)) for code, said in texts.items()]
