"""The objects as `verify` checks them: all that wanted records name, and all below, lies somewhere and is whole."""

from mvlake.errors import Damaged, DamagedObject, MissingObject
from mvlake.lake.check import OTHER_BYTES, Check
from mvlake.lake.survey import User
from mvlake.lake.verify_packs import report_packs
from mvlake.records.digest import Digest
from mvlake.records.node import read_node
from mvlake.store.hashing import digest_of
from mvlake.store.keys import OBJECTS, PACK_SUFFIX, TRASH, digest_in, object_key, pack_key
from mvlake.store.objects import Objects

_BEAT = 100


def check_objects(check: Check, objects: Objects) -> None:
    """Check every object that is wanted, packs having been looked into."""
    wanted = check.wanted = check.survey.wanted()
    odd = _walk_nodes(check, objects, wanted)
    for done, (digest, user) in enumerate(wanted.items()):
        if done % _BEAT == 0:
            check.tell("objects", done, len(wanted))
        if digest not in check.packed and digest not in odd:
            _check_alone(check, digest, user)
    _forgive_damaged_records(check, objects)
    told = report_packs(check, wanted)
    for digest in sorted(check.missing - told - set(check.damaged.values())):
        check.found(f"{digest} ({wanted[digest]})", MissingObject(digest))


def _walk_nodes(check: Check, objects: Objects, wanted: dict[Digest, User]) -> set[Digest]:
    """Add every object that a node names; return the nodes that are none, or damaged, which is told of already."""
    odd: set[Digest] = set()
    waiting = list(check.survey.nodes().items())
    seen = {digest for digest, _ in waiting}
    while waiting:
        digest, user = waiting.pop()
        try:
            node = read_node(objects.read(digest))
        except MissingObject:
            continue  # found once more, as an object
        except ValueError as error:
            odd.add(digest)
            check.found(f"{digest} ({user})", DamagedObject(digest, where=str(user), found=str(error)))
            continue
        except Damaged:
            odd.add(digest)
            _note_damaged(check, objects, digest, user)
            continue
        below = User(user.what, user.who, user.seq)
        for inner in (*node.nodes, *node.leaves):
            wanted.setdefault(inner, below)
        fresh = [inner for inner in node.nodes if inner not in seen]
        seen.update(fresh)
        waiting += [(inner, below) for inner in fresh]
    return odd


def _note_damaged(check: Check, objects: Objects, digest: Digest, user: User) -> None:
    """Note that no copy of a node is whole: it speaks for the packs that it lies in, or for its own file."""
    check.missing.add(digest)
    packs = [pack for pack in objects.packs_of(digest) if pack in check.survey.packs]
    for pack in packs:
        check.broken.setdefault(pack, f"damaged: {OTHER_BYTES}")
        check.damaged[pack_key(pack)] = pack
    key = object_key(digest)
    if not packs or check.store.size(key) is not None:
        check.wrong_file(f"{digest} ({user})", key, digest)


def _check_alone(check: Check, digest: Digest, user: User) -> None:
    """Check an object that no pack holds whole."""
    key = object_key(digest)
    try:
        size = check.store.size(key)
        if size is None and check.store.size(f"{TRASH}{key}") is not None:
            check.remarks.append(f"{key} lies in the trash although {user} wants it: `mvlake repair` puts it back")
        elif size is None:
            check.missing.add(digest)
        elif check.depth.reaches(digest):
            data = check.store.get(key) or b""
            check.size += len(data)
            if digest_of(data) != digest:
                check.missing.add(digest)
                check.wrong_file(f"{digest} ({user})", key, digest)
        elif user.size not in (None, size):
            check.missing.add(digest)
            check.wrong_file(f"{digest} ({user})", key, digest, f"{size:,} bytes instead of {user.size:,}")
    except Damaged as error:
        check.damaged[key] = digest
        check.found(f"{digest} ({user})", error)


def _forgive_damaged_records(check: Check, objects: Objects) -> None:
    """Where records are lost, nothing tells of the packs that came with them: what lies in such packs is not missing besides."""
    if check.log_is_whole or not check.missing:
        return
    for key in check.keys(OBJECTS):
        pack = digest_in(key) if key.endswith(PACK_SUFFIX) else None
        if pack is not None and pack not in check.survey.packs:
            try:
                check.missing.difference_update(digest for digest, _ in objects.contents(pack))
            except Damaged:
                continue
