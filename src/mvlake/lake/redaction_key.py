"""Redaction key: with what the marks of one lake are hashed, so that who does not have it cannot try out what they stand for.

It lies in the lake, for all who write there are to leave equal marks; it is no part of a copy (docs/design/0031).
"""

from secrets import token_bytes

from mvlake.errors import DamagedLake
from mvlake.redaction.marker import KEY_SIZE
from mvlake.store.contract import Store
from mvlake.store.keys import REDACTION_KEY


def read_key(store: Store) -> bytes:
    """Return the key of the lake in a store; made where there is none. DamagedLake for a file that is no key."""
    data = store.get(REDACTION_KEY)
    if data is None:
        store.put_new(REDACTION_KEY, token_bytes(KEY_SIZE).hex().encode())  # of two who make one at once, one does
        data = store.get(REDACTION_KEY) or b""
    try:
        key = bytes.fromhex(data.decode("ascii"))
    except ValueError:
        key = b""
    if len(key) != KEY_SIZE:
        raise DamagedLake(store.location, reason=f"{REDACTION_KEY} is no key of {KEY_SIZE} bytes")
    return key
