"""Compare: how two versions differ; with one ref, how it differs from its parent."""

from collections.abc import Mapping

from mvlake.compare.diff import Diff
from mvlake.compare.versions import compare as compare_dossiers
from mvlake.errors import VersionNotFound
from mvlake.lake.dossier import read_dossier
from mvlake.lake.history import find
from mvlake.lake.load import content
from mvlake.lake.parts import Parts
from mvlake.records.artifact import Role
from mvlake.records.digest import Digest


def compare(parts: Parts, a: str, b: str | None) -> Diff:
    """Return how b differs from a; without b, how a differs from its parent."""
    first = find(parts, a)
    if b is not None:
        second = find(parts, b)
    elif first.version.parent is None:
        raise VersionNotFound(f"{first.ref}~1", existing=parts.ledger.names(), wanted=f"{first.ref} has no parent to compare with")
    else:
        first, second = parts.ledger.entry(first.version.name, first.version.parent), first
    return compare_dossiers(read_dossier(parts, first), read_dossier(parts, second))


def pictures(parts: Parts, diff: Diff) -> Mapping[Digest, bytes]:
    """Return the pictures that a comparison names, by digest; those that cannot be read are left out."""
    found: dict[Digest, bytes] = {}
    for side in (diff.a, diff.b):
        for artifact in find(parts, side.ref).version.artifacts:
            data = content(parts, artifact) if artifact.role is Role.FIGURE else None
            if data is not None:
                found[artifact.digest] = data
    return found
