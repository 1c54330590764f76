"""Compare: how two versions differ; with one ref, how it differs from its parent; with none, the last two; with more, a table."""

from collections.abc import Mapping, Sequence
from typing import Any

from mvlake.compare.diff import Diff
from mvlake.compare.many import Many
from mvlake.compare.table import compare_many
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

_PAIR = 2
MOST_VERSIONS = 50
"""What people can hold side by side. `sql` has all of them."""


def compare(
    parts: Parts,
    refs: Sequence[str],
    *,
    with_: Any = None,
    frame: str | None = None,
    cells: str = Extent.SLICE,
    key: Sequence[str] | str | None = None,
    exact: bool = False,
    quick: bool = False,
    tell: Tell = tell_nobody,
) -> Diff | Many:
    """Return how the second differs from the first; of one ref, how it differs from its parent, or from a live frame.

    Without refs the last two are meant, and of more than two the answer is a table. A quick look reads records, and no content.
    """
    extent = extent_of(cells)
    if with_ is not None:
        if len(refs) > 1:
            raise Invalid(f"{len(refs)} refs and a live frame to compare", hint="leave out all refs but one, or the frame")
        if not refs:
            raise Invalid("a live frame, and no version to compare it with", hint="compare NAME:latest --with VARIABLE")
        from mvlake.lake.compare_live import compare_live  # as below

        return compare_live(parts, refs[0], with_, frame, key=columns_of_key(key), exact=exact, quick=quick, tell=tell)
    if frame is not None:
        raise Invalid("a frame is named, and nothing to compare it with", hint="--with VARIABLE, or --with new.parquet")
    if len(refs) > _PAIR:
        return _table(parts, refs, _beyond_a_table(extent, key, exact=exact))
    return compare_two(parts, *_pair(parts, refs), extent=extent, key=columns_of_key(key), exact=exact, quick=quick, tell=tell)


def compare_two(
    parts: Parts,
    first: Entry,
    second: Entry,
    *,
    extent: Extent = Extent.SLICE,
    key: tuple[str, ...] = (),
    exact: bool = False,
    quick: bool = False,
    tell: Tell = tell_nobody,
) -> Diff:
    """Return how the second of two versions differs from the first."""
    known = [{(one.role, one.digest) for one in entry.version.artifacts} for entry in (first, second)]
    both = known[0] & known[1]  # equal content has equal profiles, and nobody has to read them
    dossiers = (read_dossier(parts, entry, is_profiled=lambda one: (one.role, one.digest) not in both) for entry in (first, second))
    before, after = (with_past(parts, one) if extent is Extent.ALL else one for one in dossiers)
    diff = compare_dossiers(before, after)
    if quick:
        return diff
    from mvlake.lake.deepened import deepened  # with the libraries that read content, which the card after a cell has no use for

    return deepened(Look(parts, before, after, key, tell, exact), diff)


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


def _pair(parts: Parts, refs: Sequence[str]) -> tuple[Entry, Entry]:
    """Return the two versions that are meant, the earlier one first where that is for us to say."""
    if not refs:
        return last_two(parts, None)
    first = find(parts, refs[0])
    if len(refs) == _PAIR:
        return first, find(parts, refs[1])
    if first.version.parent is None:
        raise VersionNotFound(f"{first.ref}~1", existing=parts.ledger.names(), wanted=f"{first.ref} has no parent to compare with")
    return parts.ledger.entry(first.version.name, first.version.parent), first


def _beyond_a_table(extent: Extent, key: Sequence[str] | str | None, *, exact: bool) -> str:
    """Return what is asked that only two versions can be asked, "" for nothing."""
    asked = {"--cells all": extent is Extent.ALL, "--key": bool(columns_of_key(key)), "--exact": exact}
    return ", ".join(word for word, is_asked in asked.items() if is_asked)


def _table(parts: Parts, refs: Sequence[str], beyond: str) -> Many:
    """Return several versions side by side, as their records tell of them: no content is read."""
    if beyond:
        raise Invalid(f"{beyond} looks into two versions, and {len(refs)} are named", hint="compare two of them, or leave it out")
    if len(refs) > MOST_VERSIONS:
        raise Invalid(f"{len(refs)} versions to compare, and a table takes {MOST_VERSIONS}", hint="`sql` asks all versions at once")
    return compare_many([read_dossier(parts, find(parts, ref)) for ref in refs])


def columns_of_key(key: Sequence[str] | str | None) -> tuple[str, ...]:
    """Return the names of a key, which a text has with commas between them."""
    names = key.split(",") if isinstance(key, str) else key or ()
    return tuple(name.strip() for name in names if name.strip())


def pictures(parts: Parts, answer: Diff | Many | Shown) -> Mapping[Digest, bytes]:
    """Return the pictures that an answer names, by digest; those that cannot be read are left out. A table names none."""
    if isinstance(answer, Many):
        return {}
    refs = (answer.entry.ref,) if isinstance(answer, Shown) else tuple(one.ref for one in (answer.a, answer.b) if not one.is_live)
    found: dict[Digest, bytes] = {}
    for ref in refs:
        for artifact in find(parts, ref).version.artifacts:
            data = content(parts, artifact) if artifact.role is Role.FIGURE else None
            if data is not None:
                found[artifact.digest] = found[artifact.object] = data
    return found
