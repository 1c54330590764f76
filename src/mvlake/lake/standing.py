"""Standing: which earlier versions had the data of a version already, by its digests."""

from collections.abc import Iterator, Mapping

from mvlake.errors import Damaged
from mvlake.lake.parts import Parts
from mvlake.records.answers import Entry
from mvlake.records.artifact import Artifact, Role
from mvlake.records.digest import Digest
from mvlake.records.version import Version

# To show one version must not cost what a lake of many holds: SQL asks them all.
_FOREBEARS, _NEIGHBOURS = 20, 50


def standing(parts: Parts, entry: Entry) -> Mapping[Digest, str]:
    """Return for digests of data an earlier version that has it, `fraud:v1/df`: the earliest one that was looked at.

    These are the versions that it was built on, and those whose records stand shortly before its own, whatever their names.
    """
    wanted = {one.digest for one in _data(entry.version)}
    found: dict[Digest, str] = {}
    for versions in (_forebears(parts, entry.version), _neighbours(parts, entry.seq)) if wanted else ():
        for version in versions:
            found.update({one.digest: f"{version.ref}/{one.name}" for one in _data(version) if one.digest in wanted})
    return found


def _data(version: Version) -> Iterator[Artifact]:
    return (one for one in version.artifacts if one.role in (Role.INPUT, Role.OUTPUT))


def _forebears(parts: Parts, version: Version) -> Iterator[Version]:
    for _ in range(_FOREBEARS):
        before = None if version.parent is None else parts.ledger.entry_version(version.name, version.parent)
        if before is None:
            return
        yield before
        version = before


def _neighbours(parts: Parts, seq: int) -> Iterator[Version]:
    for earlier in range(seq - 1, max(seq - 1 - _NEIGHBOURS, 0), -1):
        try:
            body = parts.log.read(earlier)[0].body
        except Damaged:  # `verify` tells of it; a version after it is shown all the same
            return
        if isinstance(body, Version):
            yield body
