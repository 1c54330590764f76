"""Gathering: what the cells of a version used becomes its list of files, and the contents of those that it read are kept."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mvlake.capture.files import openings
from mvlake.capture.files.seen import SeenPlace, SeenPlaces, merged
from mvlake.lake.keeping import Keeping
from mvlake.lake.lake import Lake
from mvlake.lake.manner import AT_ONCE, Manner
from mvlake.records.artifact import DraftArtifact, Omission
from mvlake.records.files import FileUse, Flow, FoundBy, PlaceKind, below
from mvlake.records.policy import Keep

MOST = 1000
"""Files that a version names; of more it says how many there were."""

# A file of keys is no data, whoever reads it.
_KEYS = re.compile(
    r"(?i)^(?:\.env(?:\..*)?|\.?netrc|\.pgpass|\.npmrc|\.pypirc|id_(?:rsa|dsa|ecdsa|ed25519)|.*credentials?(?:\.\w+)?|.*secrets?(?:\.\w+)?"
    r"|.*\.(?:pem|key|p12|pfx|jks|kdbx|ppk|env))$"
)


@dataclass(frozen=True, slots=True)
class GatheredFiles:
    """The files of a version, of which none has been read yet. `project` is the folder that their paths are told from.

    `more` files were used than are named, and `lost` more openings there were than were noted.
    """

    seen: tuple[SeenPlace, ...] = ()
    project: str = ""
    more: int = 0
    lost: int = 0

    def to_read(self, lake: Lake) -> int:
        """Return about how many bytes are to be read: those of files that the lake does not know by their stamps."""
        return sum(one.stamp.size for one in self.seen if one.stamp is not None and not lake.knows_file(one.stamp))

    def preserve(self, lake: Lake, policy: Keeping, manner: Manner = AT_ONCE) -> "PreservedFiles":
        """Read what is to be read: digests of all, contents of what the policy lets in."""
        ours = os.path.join(lake.path, "")
        seen = [one for one in self.seen if not one.place.startswith(ours)]
        made = [_preserved(lake, one, self.project, policy, manner) for one in seen]
        artifacts = tuple(artifact for _, artifact in made if artifact is not None)
        return PreservedFiles(tuple(use for use, _ in made), artifacts, tuple(self._omitted()))

    def _omitted(self) -> Iterator[Omission]:
        if self.more:
            yield Omission("files", "", f"{self.more:,} more were used than the {MOST:,} that are named")
        if self.lost:
            reason = f"{self.lost:,} times more, files were opened after the first {openings.MOST:,} of a cell: which is not known"
            yield Omission("files", "", reason)


@dataclass(frozen=True, slots=True)
class PreservedFiles:
    """The files of a version, and the artifacts with their contents."""

    uses: tuple[FileUse, ...]
    artifacts: tuple[DraftArtifact, ...]
    omitted: tuple[Omission, ...]


def gathered_files(earlier: Sequence[SeenPlaces], own: SeenPlaces | None, *, project: str) -> GatheredFiles:
    """Return what the needed earlier cells read, and what the tracked one read and wrote."""
    own = own or SeenPlaces()
    # What is known least surely goes last.
    found = sorted(merged(_told_of([*earlier, own])), key=lambda one: one.ways == {FoundBy.WATCHED})
    lost = own.lost + sum(cell.lost for cell in earlier)
    return GatheredFiles(tuple(found[:MOST]), project, max(len(found) - MOST, 0), lost)


def _told_of(cells: Sequence[SeenPlaces]) -> Iterator[SeenPlace]:
    """Yield what the cells read, and what the last one wrote. What one of them writes first, those behind it read as made."""
    read, made = set[str](), set[str]()
    for position, cell in enumerate(cells, 1):
        read |= {one.place for one in cell.places if one.direction is Flow.READ and one.place not in made}
        for one in cell.places:
            if one.direction is Flow.READ or position == len(cells):
                yield replace(one, is_made=one.direction is Flow.READ and one.place in made)
        made |= {one.place for one in cell.places if one.direction is Flow.WRITTEN} - read


def _preserved(lake: Lake, seen: SeenPlace, project: str, policy: Keeping, manner: Manner) -> tuple[FileUse, DraftArtifact | None]:
    use = FileUse(
        path=seen.given,
        direction=seen.direction,
        kind=seen.kind,
        relative=below(seen.place, project) if seen.kind is PlaceKind.FILE else "",
        size=None if seen.stamp is None else seen.stamp.size,
        found_by=tuple(sorted(seen.ways)),
        problem=seen.problem,
        is_made=seen.is_made,
    )
    if seen.stamp is None or policy.keep is Keep.NONE:
        return use, None
    why_not = _why_not(seen, policy)
    found = lake.preserve_file(use.name, seen.place, seen.stamp, keep=not why_not, manner=manner)
    problem = "; ".join(dict.fromkeys(one for one in (seen.problem, found.problem or why_not) if one))
    if seen.direction is Flow.WRITTEN:
        problem = found.problem
    return replace(use, digest=found.digest, problem=problem), found.artifact


def name_of(seen: SeenPlace, project: str) -> str:
    """Return what a place is called in its version: `FileUse.name`."""
    return (below(seen.place, project) if seen.kind is PlaceKind.FILE else "") or seen.given


def _why_not(seen: SeenPlace, policy: Keeping) -> str:
    """Return why the content of a file is not kept, "" when it is: what was written is an output, and is named by its digest."""
    assert seen.stamp is not None
    if seen.direction is Flow.WRITTEN:
        return "written"
    if _KEYS.search(os.path.basename(seen.place)):
        return "its content is not kept: by its name it holds keys or passwords"
    keep, because = policy.of_file(seen.stamp.size)
    return "" if keep is Keep.FULL else f"its content is not kept: {because}"
