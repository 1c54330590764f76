"""Seal: the last field of a record's bytes, the digest of all before it, so that a flipped bit shows at once.

`sum` sorts behind every other field of a record, so it can be cut off and checked without parsing: the bytes end in
`,"sum":"b3:…"}`, and the digest is that of the bytes with this ending replaced by `}`.
"""

from mvlake.errors import DamagedRecord
from mvlake.store.hashing import digest_of

_HEAD = b',"sum":"'
_LENGTH = len(_HEAD) + 67 + len(b'"}')


def seal(data: bytes) -> bytes:
    """Return a record's canonical bytes with their seal."""
    return data[:-1] + _HEAD + digest_of(data).encode() + b'"}'


def check_seal(data: bytes, seq: int) -> None:
    """Raise DamagedRecord unless the sealed bytes are what was sealed."""
    ending = data[-_LENGTH:]
    if len(data) <= _LENGTH or not ending.startswith(_HEAD) or seal(data[:-_LENGTH] + b"}") != data:
        raise DamagedRecord(seq, reason="its bytes are not what was written")
