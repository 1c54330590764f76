"""The packs as `verify` checks them: that each is there and says what it holds, and in depth that all its bytes are what they were.

A pack that is missing or damaged is one finding, which tells what is lost with it.
"""

from collections.abc import Mapping, Sequence

from mvlake.errors import Damaged, DamagedObject, MissingObject, listed
from mvlake.lake.check import Check
from mvlake.lake.survey import User
from mvlake.records.answers import Finding
from mvlake.records.digest import Digest
from mvlake.store.hashing import digest_of
from mvlake.store.keys import pack_key
from mvlake.store.objects import Objects, content_at
from mvlake.store.pack import MAGIC, Place

_MISSING = "missing"


def check_packs(check: Check, objects: Objects) -> None:
    """Look into every pack that any record names: that of a forgotten version may hold what others want."""
    packs, wanted = check.survey.packs, check.survey.wanted_packs()
    chosen = check.depth.chosen(packs)
    for done, pack in enumerate(packs):
        check.tell("packs", done, len(packs))
        key = pack_key(pack)
        try:
            contents = objects.contents(pack)
            data = check.store.get(key) if pack in chosen else None
            if pack in wanted and data is None and check.store.size(key) is None:
                check.remarks.append(f"{key} is in the trash, but record {packs[pack]} wants it: `mvlake repair` puts it back")
        except MissingObject:
            if pack not in check.survey.replaced:
                check.broken[pack] = _MISSING
        except Damaged:
            check.broken[pack], check.damaged[key] = "damaged: it is no pack", pack
        else:
            if pack not in wanted:
                check.inside[pack] = tuple(digest for digest, _ in contents)
            _check_contents(check, pack, contents, data)


def _check_contents(check: Check, pack: Digest, contents: Sequence[tuple[Digest, Place]], data: bytes | None) -> None:
    if data is None:
        check.packed.update(digest for digest, _ in contents)
        if _has_gaps(contents):
            check.broken[pack], check.damaged[pack_key(pack)] = "damaged: there are gaps in it", pack
        return
    check.size += len(data)
    whole = [digest for digest, place in contents if _is_whole(digest, place, data)]
    check.packed.update(whole)
    if digest_of(data) != pack or len(whole) != len(contents):
        check.broken[pack], check.damaged[pack_key(pack)] = "damaged: other bytes than its name says", pack


def _has_gaps(contents: Sequence[tuple[Digest, Place]]) -> bool:
    """True when something lies between the objects: no writer leaves that."""
    end = max((place.offset + place.length for _, place in contents), default=len(MAGIC))
    return end - len(MAGIC) != sum(place.length for _, place in contents)


def _is_whole(digest: Digest, place: Place, data: bytes) -> bool:
    content = content_at(place, data[place.offset : place.offset + place.length])
    return content is not None and digest_of(content) == digest


def report_packs(check: Check, users: Mapping[Digest, User]) -> set[Digest]:
    """Note the packs that are missing or damaged, each once and with what is lost; return the objects that are told of by that."""
    told: set[Digest] = set()
    for pack, how in check.broken.items():
        seq = check.survey.packs[pack]
        sources = check.survey.sources(pack)
        lost = [digest for digest in check.missing if users[digest].seq in sources]
        told.update(lost)
        names = listed(sorted({str(users[digest]) for digest in lost}), nothing="nothing that is wanted")
        if lost or how != _MISSING:
            code = MissingObject.code if how == _MISSING else DamagedObject.code
            check.problems.append(Finding(code, f"pack {pack} (record {seq})", f"{how}; lost with it: {names}"))
        elif pack in check.survey.wanted_packs():
            check.remarks.append(f"pack {pack} of record {seq} is missing; what it held lies elsewhere")
    return told
