"""Compare: how two versions differ; with one ref, how it differs from its parent; with none, how the last two differ."""

from collections.abc import Mapping, Sequence
from typing import Any

from mvlake.compare.diff import Diff
from mvlake.compare.versions import compare as compare_dossiers
from mvlake.errors import Invalid, VersionNotFound
from mvlake.lake.asking import extent_of
from mvlake.lake.dossier import read_dossier
from mvlake.lake.history import find, log
from mvlake.lake.load import content
from mvlake.lake.look import Look
from mvlake.lake.parts import Parts
from mvlake.lake.past import with_past
from mvlake.lake.progress import Tell, tell_nobody
from mvlake.records.answers import Entry, Shown
from mvlake.records.artifact import Role
from mvlake.records.asked import Extent
from mvlake.records.digest import Digest


def compare(
    parts: Parts,
    a: str | None,
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
    """Return how b differs from a; without b, how a differs from its parent, or from a live frame; without either, the last two.

    A quick look reads records, and no content.
    """
    extent = extent_of(cells)
    if with_ is not None:
        if b is not None:
            raise Invalid("two refs and a live frame to compare", hint="leave out one of them")
        if a is None:
            raise Invalid("a live frame, and no version to compare it with", hint="compare NAME:latest --with VARIABLE")
        from mvlake.lake.compare_live import compare_live  # as below

        return compare_live(parts, a, with_, frame, key=columns_of_key(key), exact=exact, quick=quick, tell=tell)
    if frame is not None:
        raise Invalid("a frame is named, and nothing to compare it with", hint="--with VARIABLE, or --with new.parquet")
    first, second = _pair(parts, a, b)
    known = [{(one.role, one.digest) for one in entry.version.artifacts} for entry in (first, second)]
    both = known[0] & known[1]  # equal content has equal profiles, and nobody has to read them
    dossiers = (read_dossier(parts, entry, is_profiled=lambda one: (one.role, one.digest) not in both) for entry in (first, second))
    before, after = (with_past(parts, one) if extent is Extent.ALL else one for one in dossiers)
    diff = compare_dossiers(before, after)
    if quick:
        return diff
    from mvlake.lake.deepened import deepened  # with the libraries that read content, which the card after a cell has no use for

    return deepened(Look(parts, before, after, columns_of_key(key), tell, exact), diff)


def last_two(parts: Parts, name: str | None) -> tuple[Entry, Entry]:
    """Return the newest version of a name, or of all, behind the one that it came from; where it came from none, the one before.

    Raises VersionNotFound where there are no two.
    """
    newest = log(parts, name, limit=1).entries
    entries = log(parts, newest[0].version.name, limit=2).entries if newest else ()
    if not entries:
        raise VersionNotFound(name or "latest", wanted="there is nothing to compare yet")
    last = entries[0]
    if last.version.parent is not None:
        return parts.ledger.entry(last.version.name, last.version.parent), last
    if len(entries) < 2:
        wanted = f"{last.ref} is the only version of its name, and there is none to compare it with"
        raise VersionNotFound(f"{last.ref}~1", existing=parts.ledger.names(), wanted=wanted)
    return entries[1], last


def _pair(parts: Parts, a: str | None, b: str | None) -> tuple[Entry, Entry]:
    """Return the two versions that are meant, the earlier one first where that is for us to say."""
    if a is None:
        return last_two(parts, None)
    first = find(parts, a)
    if b is not None:
        return first, find(parts, b)
    if first.version.parent is None:
        raise VersionNotFound(f"{first.ref}~1", existing=parts.ledger.names(), wanted=f"{first.ref} has no parent to compare with")
    return parts.ledger.entry(first.version.name, first.version.parent), first


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
