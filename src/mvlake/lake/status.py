"""Status: where the lake is and what is in it."""

import os

from mvlake.errors import Damaged
from mvlake.lake.parts import Parts
from mvlake.records.answers import Status
from mvlake.store.contract import Store
from mvlake.store.local import LocalStore


def status(parts: Parts) -> Status:
    """Return the state of the lake."""
    parts.log.refresh()
    names = parts.ledger.names()
    return Status(
        path=parts.store.location,
        lake_id=parts.lake_id,
        records=parts.log.head,
        versions=sum(parts.ledger.count(name) for name in names),
        names=names,
        size=sum(_size(parts.store, key) for key in parts.store.keys("")),
        is_writable=is_writable(parts.store),
    )


def _size(store: Store, key: str) -> int:
    try:
        return store.size(key) or 0
    except (ValueError, Damaged):  # something in the folder that is none of the lake's files, or a link
        return 0


def is_writable(store: Store) -> bool:
    """True unless it is known that nothing can be written."""
    if isinstance(store, LocalStore):
        return os.access(store.location, os.W_OK)
    return bool(getattr(store, "is_writable", True))  # a bucket has found out when it was opened
