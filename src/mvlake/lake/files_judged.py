"""Files judged: what a replay wrote, against what the version wrote, by digest and else by value.

A version names the files that its cell wrote by their digests and keeps no content of them. So values are compared where the
recorded file still lies in the project, with the bytes that it had.
"""

from collections.abc import Iterator
from pathlib import Path

from mvlake.compare.measuring import Found, graded
from mvlake.errors import MvlakeError
from mvlake.handlers.dated_files import is_dated
from mvlake.handlers.file_values import DATED, closeness_of_files
from mvlake.lake.site import Site
from mvlake.lake.world_files import digest_of_file, lies_in
from mvlake.records.artifact import Role
from mvlake.records.events import Verdict, VerdictItem
from mvlake.records.files import FileUse, Flow, FoundBy, PlaceKind
from mvlake.records.tolerance import Tolerance, Tolerances
from mvlake.records.version import Version


def judge_files(recorded: Version, replayed: Version, site: Site, here: Path, tolerances: Tolerances) -> tuple[VerdictItem, ...]:
    """Return an item for each file that the version wrote; `here` is where its project may lie."""
    again = _written(replayed)
    accepted = tolerances.of_version(recorded.name)
    items = []
    for name, use in _written(recorded).items():
        found = _file(use, again.get(name), site, here, accepted.of(Role.FILE.value, name))
        items.append(VerdictItem(Role.FILE.value, name, *found))
    return (*items, *_extra(recorded, again))


def _written(version: Version) -> dict[str, FileUse]:
    return {one.name: one for one in version.files if one.direction is Flow.WRITTEN and one.kind is PlaceKind.FILE}


def _extra(recorded: Version, again: dict[str, FileUse]) -> Iterator[VerdictItem]:
    """Yield what only the replay wrote, as far as it is sure that a cell did: others write into a folder, too."""
    known = {told for one in recorded.files for told in (one.name, one.path)}  # the scratch folder may begin elsewhere
    for name, use in again.items():
        if known.isdisjoint((name, use.path)) and FoundBy.OPENED in use.found_by:
            yield VerdictItem(Role.FILE.value, name, Verdict.DRIFTED, "was written by the replay only")


def _file(use: FileUse, again: FileUse | None, site: Site, here: Path, tolerance: Tolerance) -> Found:
    if use.digest is None:
        return Found(Verdict.NOT_COMPARABLE, use.problem or "its content was not known")
    place = site.place_of(use)
    # In the scratch folder nothing lies but what the replay read and wrote; elsewhere the file may be an old one.
    digest = digest_of_file(place) if place is not None else again.digest if again is not None else None
    if digest is None:
        return Found(Verdict.FAILED, "was not written")
    if digest == use.digest:
        return Found(Verdict.IDENTICAL, "has the same bytes")
    before = lies_in(here, use)
    if before is None and is_dated(Path(use.path).suffix.lower()):
        return Found(Verdict.NOT_COMPARABLE, f"{DATED}; those of the version are not here any more to compare values")
    if before is None or place is None:
        return Found(Verdict.DRIFTED, "the bytes differ, and those of the version are not here any more to compare values")
    try:
        return graded(closeness_of_files(before, place, place.suffix.lower(), tolerance.atol), tolerance)
    except (MvlakeError, OSError) as error:
        return Found(Verdict.DRIFTED, f"the bytes differ, and could not be compared by value: {error}")
