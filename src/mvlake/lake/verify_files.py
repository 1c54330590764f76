"""The other files as `verify` checks them: further copies of objects, and what nothing wants, which is harmless."""

from mvlake.errors import Damaged
from mvlake.lake.check import Check
from mvlake.records.digest import Digest
from mvlake.store.hashing import digest_of
from mvlake.store.keys import OBJECTS, PACK_SUFFIX, QUARANTINE, STAGING, TRASH, digest_in


def check_other_files(check: Check) -> None:
    """Check what has not been looked at yet, and remark on the rest."""
    unwanted = 0
    packs = {
        *check.survey.wanted_packs(),
        *(pack for pack, inside in check.inside.items() if not check.wanted.keys().isdisjoint(inside)),
    }
    for key in check.keys(OBJECTS):
        digest = digest_in(key)
        if digest is None:
            check.remarks.append(f"{key} is no object")
        elif digest not in (packs if key.endswith(PACK_SUFFIX) else check.wanted):
            unwanted += 1
        elif not key.endswith(PACK_SUFFIX) and digest in check.packed and check.depth.reaches(digest):
            _check_copy(check, key, digest)
    if unwanted:
        check.remarks.append(f"{_files(unwanted)} in objects/ that nothing wants: left by interrupted commits, or forgotten")
    for prefix, what in ((STAGING, "commits under way, or leftovers"), (TRASH, "collected"), (QUARANTINE, "found damaged")):
        count = sum(1 for _ in check.keys(prefix))
        if count:
            check.remarks.append(f"{_files(count)} in {prefix}: {what}")


def _files(count: int) -> str:
    return f"{count:,} file{'' if count == 1 else 's'}"


def _check_copy(check: Check, key: str, digest: Digest) -> None:
    try:
        data = check.store.get(key)
        if data is not None and digest_of(data) != digest:
            check.wrong_file(key, key, digest)
    except Damaged as error:
        check.damaged[key] = digest
        check.found(key, error)
