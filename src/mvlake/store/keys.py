"""Keys: where records, objects and packs lie in a store. Made from numbers and digests, never from a user's text."""

from mvlake.records.digest import Digest

SETTINGS = "lake.toml"
REDACTION_KEY = "redaction.key"
POLICY = "policy.toml"
LOG = "log/"
OBJECTS = "objects/"
STAGING = "tmp/"
TRASH = "trash/"  # what was collected, until it is removed: trash/objects/ab/cdef…
QUARANTINE = "quarantine/"  # what was found damaged: quarantine/objects/ab/cdef…
HEAD_HINT = "index/head.json"
PACK_SUFFIX = ".pack"
_RECORDS_A_FOLDER = 10_000


def record_key(seq: int) -> str:
    """Return where record `seq` lies.

    >>> record_key(42), record_key(1234567)
    ('log/000000/000042.json', 'log/000123/1234567.json')
    """
    return f"{LOG}{seq // _RECORDS_A_FOLDER:06d}/{seq:06d}.json"


def object_key(digest: Digest) -> str:
    """Return where an object lies that is alone in its file."""
    return f"{OBJECTS}{digest.hex[:2]}/{digest.hex[2:]}"


def pack_key(digest: Digest) -> str:
    """Return where a pack lies."""
    return object_key(digest) + PACK_SUFFIX


def digest_in(key: str) -> Digest | None:
    """Return the digest that an object's or pack's key says, None when it says none.

    >>> digest_in("objects/ab/.nfs0001") is None
    True
    """
    text = key.removeprefix(OBJECTS).removesuffix(PACK_SUFFIX)
    folder, _, rest = text.partition("/")
    try:
        return Digest(f"b3:{folder}{rest}") if len(folder) == 2 else None
    except ValueError:
        return None


def seq_in(key: str) -> int | None:
    """Return the number that a record's key says, None when it says none."""
    name = key.rpartition("/")[2].removesuffix(".json")
    return int(name) if name.isascii() and name.isdigit() and record_key(int(name)) == key else None
