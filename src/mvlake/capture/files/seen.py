"""Seen places: the files, URLs and hosts that a cell used, as far as was noticed when it ended."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from mvlake.lake.stamp import Stamp
from mvlake.records.files import Flow, FoundBy, PlaceKind


@dataclass(frozen=True, slots=True)
class SeenPlace:
    """`place` is an absolute path, or a URL or host as it may be told; `stamp` is that of a file as it was read, or left.

    `is_made`: a needed earlier cell made what was read here.
    """

    place: str
    given: str
    direction: Flow
    ways: frozenset[FoundBy]
    kind: PlaceKind = PlaceKind.FILE
    stamp: Stamp | None = None
    problem: str = ""
    is_made: bool = False


@dataclass(frozen=True, slots=True)
class SeenPlaces:
    """Those of one cell. `lost` counts the openings that went unnoted, because the cell opened too many different files."""

    places: tuple[SeenPlace, ...] = ()
    lost: int = 0

    def __bool__(self) -> bool:
        return bool(self.places or self.lost)


def merged(found: Iterable[SeenPlace]) -> tuple[SeenPlace, ...]:
    """Return each place once, for one direction and one state of it, with all ways by which it was found."""
    kept: dict[tuple[str, Flow, Stamp | None], SeenPlace] = {}
    for one in found:
        key = (one.place, one.direction, one.stamp)
        known = kept.get(key)
        kept[key] = one if known is None else _joined(known, one)
    return tuple(kept.values())


def _joined(one: SeenPlace, other: SeenPlace) -> SeenPlace:
    given = one.given if one.given != one.place else other.given  # as the code said it, where it did
    return replace(one, given=given, ways=one.ways | other.ways, problem=one.problem or other.problem)
