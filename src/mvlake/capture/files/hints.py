"""Hints from files: what a version read that no lake holds."""

from collections.abc import Iterator, Sequence

from mvlake.capture.files.gathering import PreservedFiles
from mvlake.records.files import FileUse, Flow, PlaceKind
from mvlake.records.hint import Hint, HintCode

_SHOWN = 3


def file_hints(files: PreservedFiles) -> tuple[Hint, ...]:
    """Return a hint for what came over the network, and one for files whose content the version has not."""
    return tuple(_hints(files))


def _hints(files: PreservedFiles) -> Iterator[Hint]:
    read = [one for one in files.uses if one.direction is Flow.READ]
    remote = [one for one in read if one.kind is not PlaceKind.FILE]
    if remote:
        yield Hint(HintCode.NETWORK_INPUT, f"it read {_listed(remote)} over the network, where it may change", _names(remote))
    kept = {one.name for one in files.artifacts}
    outside = [one for one in read if one.kind is PlaceKind.FILE and one.name not in kept]
    if outside:
        because = f": {outside[0].problem}" if len(outside) == 1 and outside[0].problem else ""
        yield Hint(HintCode.OUTSIDE_INPUT, f"it read {_listed(outside)}, which the lake does not hold{because}", _names(outside))


def _listed(uses: Sequence[FileUse]) -> str:
    more = len(uses) - _SHOWN
    return ", ".join(_names(uses)[:_SHOWN]) + (f" and {more:,} more" if more > 0 else "")


def _names(uses: Sequence[FileUse]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.name for one in uses))
