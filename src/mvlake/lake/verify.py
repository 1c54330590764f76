"""Verify: everything that can be wrong with a lake, looked for without running any of its content.

Fast, it checks the whole log, and of the objects that each is there, with the size and structure that it must have. In depth it
reads all bytes, or those of a share of the files, chosen by their names and a seed, so that another share is read next time.
"""

from datetime import datetime

from mvlake.errors import Invalid
from mvlake.lake.check import Check, Depth
from mvlake.lake.parts import Parts
from mvlake.lake.progress import Tell, tell_nobody
from mvlake.lake.verify_files import check_other_files
from mvlake.lake.verify_log import check_log
from mvlake.lake.verify_objects import check_objects
from mvlake.lake.verify_packs import check_packs
from mvlake.records.answers import Findings
from mvlake.records.digest import Digest
from mvlake.store.contract import Store
from mvlake.store.hashing import genesis
from mvlake.store.objects import Objects


def verify_parts(
    parts: Parts, *, data: bool = False, sample: str | float = "", seed: int | None = None, tell: Tell = tell_nobody
) -> Findings:
    """Return all that is wrong with an open lake: structure and sizes; with `data` all bytes, with `sample` those of a share."""
    return verify(parts.store, parts.lake_id, depth_of(sample, seed, parts.clock(), data=data), tell=tell)


def verify(store: Store, lake_id: str, depth: Depth, *, tell: Tell = tell_nobody) -> Findings:
    """Return all that is wrong with a lake. It reads everything from the store, and trusts nothing that was read before."""
    check = Check(store, depth, tell)
    records, head = check_lake(check, lake_id)
    count = len(check.packed.union(check.survey.wanted()))
    return Findings(records, count, check.size, tuple(check.problems), tuple(check.remarks), head, depth.share, depth.seed)


def check_lake(check: Check, lake_id: str) -> tuple[int, Digest | None]:
    """Check a lake; return how many records there are, and the last one's digest."""
    records, head = check_log(check, genesis(lake_id))
    objects = Objects(check.store)
    for pack in check.survey.packs:
        objects.learn(pack)
    check_packs(check, objects)
    check_objects(check, objects)
    check_other_files(check)
    return records, head


def depth_of(sample: str | float, seed: int | None, now: datetime, *, data: bool) -> Depth:
    """Return the depth that was asked for; without a seed each day has its own, so that daily looks reach all in time."""
    if seed is not None and sample == "":
        raise Invalid("a seed without a sample: it says which files a sample takes", hint="`verify --sample 5% --seed 7`")
    if data and sample != "":
        raise Invalid("a sample of all bytes: --data reads every one", hint="`verify --data` or `verify --sample 5%`")
    share = _share(str(sample)) if sample != "" else float(data)
    return Depth(share, now.toordinal() if seed is None else seed)


def _share(sample: str) -> float:
    try:
        number = sample.strip()
        share = float(number.removesuffix("%")) / (100 if number.endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0 < share <= 1:
        raise Invalid(f'a sample of "{sample[:20]}"', hint="5% or 0.05: more than nothing, at most everything")
    return share
