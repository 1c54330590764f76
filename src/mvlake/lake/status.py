"""Status: where the lake is and what is in it."""

import os

from mvlake.lake.parts import Parts
from mvlake.records.answers import Status


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
        size=sum(parts.store.size(key) or 0 for key in parts.store.keys("")),
        is_writable=os.access(parts.store.location, os.W_OK),
    )
