"""Compare: how two versions differ; with one ref, how it differs from its parent."""

from collections.abc import Mapping, Sequence
from typing import Any

from mvlake.compare.diff import Diff
from mvlake.compare.versions import compare as compare_dossiers
from mvlake.errors import Invalid, VersionNotFound
from mvlake.lake.asking import extent_of
from mvlake.lake.dossier import read_dossier
from mvlake.lake.history import find
from mvlake.lake.load import content
from mvlake.lake.look import Look
from mvlake.lake.parts import Parts
from mvlake.lake.past import with_past
from mvlake.lake.progress import Tell, tell_nobody
from mvlake.records.answers import Shown
from mvlake.records.artifact import Role
from mvlake.records.asked import Extent
from mvlake.records.digest import Digest


def compare(
    parts: Parts,
    a: str,
    b: str | None,
    *,
    with_: Any = None,
    frame: str | None = None,
    cells: str = Extent.SLICE,
    key: Sequence[str] | str | None = None,
    exact: bool = False,
    quick: bool = False,
    tell: Tell = tell_nobody,
) -> Diff:
    """Return how b differs from a; without b, how a differs from its parent, or from a live frame.

    A quick look reads records, and no content.
    """
    extent = extent_of(cells)
    if with_ is not None:
        if b is not None:
            raise Invalid("two refs and a live frame to compare", hint="leave out one of them")
        from mvlake.lake.compare_live import compare_live  # as below

        return compare_live(parts, a, with_, frame, key=columns_of_key(key), exact=exact, quick=quick, tell=tell)
    if frame is not None:
        raise Invalid("a frame is named, and nothing to compare it with", hint="--with VARIABLE, or --with new.parquet")
    first = find(parts, a)
    if b is not None:
        second = find(parts, b)
    elif first.version.parent is None:
        raise VersionNotFound(f"{first.ref}~1", existing=parts.ledger.names(), wanted=f"{first.ref} has no parent to compare with")
    else:
        first, second = parts.ledger.entry(first.version.name, first.version.parent), first
    known = [{(one.role, one.digest) for one in entry.version.artifacts} for entry in (first, second)]
    both = known[0] & known[1]  # equal content has equal profiles, and nobody has to read them
    dossiers = (read_dossier(parts, entry, is_profiled=lambda one: (one.role, one.digest) not in both) for entry in (first, second))
    before, after = (with_past(parts, one) if extent is Extent.ALL else one for one in dossiers)
    diff = compare_dossiers(before, after)
    if quick:
        return diff
    from mvlake.lake.deepened import deepened  # with the libraries that read content, which the card after a cell has no use for

    return deepened(Look(parts, before, after, columns_of_key(key), tell, exact), diff)


def columns_of_key(key: Sequence[str] | str | None) -> tuple[str, ...]:
    """Return the names of a key, which a text has with commas between them."""
    names = key.split(",") if isinstance(key, str) else key or ()
    return tuple(name.strip() for name in names if name.strip())


def pictures(parts: Parts, answer: Diff | Shown) -> Mapping[Digest, bytes]:
    """Return the pictures that an answer names, by digest; those that cannot be read are left out."""
    refs = (answer.entry.ref,) if isinstance(answer, Shown) else tuple(one.ref for one in (answer.a, answer.b) if not one.is_live)
    found: dict[Digest, bytes] = {}
    for ref in refs:
        for artifact in find(parts, ref).version.artifacts:
            data = content(parts, artifact) if artifact.role is Role.FIGURE else None
            if data is not None:
                found[artifact.digest] = found[artifact.object] = data
    return found
