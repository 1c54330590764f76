"""Checks: what must hold of a lake after whatever went wrong."""

import os
import sys
from pathlib import Path
from typing import Any

from harness.drafts import NOW, make_draft, open_lake

from mvlake.lake.lake import Lake
from mvlake.lake.open import parts_of
from mvlake.store.hashing import digest_of
from mvlake.store.local import LocalStore
from mvlake.store.memory import MemoryStore

_TRUTH = ("lake.toml", "log/", "objects/", "trash/", "quarantine/")


def stories_of(lake: Lake, *, since: int = 0) -> list[str]:
    """Return a digest of all that the log says, for the log as it was after record `since`, and after each one that followed."""
    log = lake._parts.log
    log.refresh()
    told, found = b"", []
    for seq in range(log.head + 1):
        if seq:
            record = log.read(seq)[0]
            told = digest_of(told + repr((record.seq, record.by, record.body)).encode()).encode()
        if seq >= since:
            found.append(told.decode())
    return found


def story_of(lake: Lake) -> str:
    """Return a digest of all that the log says. How a commit packed its objects is no part of it."""
    return stories_of(lake)[-1]


def answers(lake: Lake) -> dict[str, Any]:
    """Return all that the log says."""
    told = lake.log()
    return {
        "entries": told.entries,
        "attempts": told.attempts,
        "labels": lake.labels(),
        "names": lake._parts.ledger.names(),
        "latest": {name: lake.latest(name) for name in lake._parts.ledger.names()},
    }


def indexed(lake: Lake) -> dict[str, Any]:
    """Return all rows of the index's tables."""
    from mvlake.index.cover import Cover  # heavy: few scenarios look at it
    from mvlake.index.tables import TABLES

    cover = Cover(lake._parts.store, lake._parts.log)
    cover.follow()
    return {name: sorted(map(repr, table.to_pylist())) for name, table in cover.tables([form.name for form in TABLES]).items()}


_anew: dict[object, dict[str, Any]] = {}  # by the last record, which seals all before it: most lakes looked at end in one of a few


def _indexed_anew(lake: Lake, folder: Path) -> dict[str, Any]:
    log = lake._parts.log
    last = (lake._parts.lake_id, log.read(log.head)[1] if log.head else None)
    if last not in _anew:
        _anew[last] = indexed(open_store(bare_copy(folder)))
    return _anew[last]


def bare_copy(folder: Path) -> MemoryStore:
    """Return a copy of what is true in a lake, without anything derived, and without what is in tmp/."""
    source, copy = LocalStore(folder), MemoryStore()
    for key in source.keys(""):
        data = source.get(key) if key.startswith(_TRUTH) else None
        if data is not None:
            copy.put_hint(key, data)
    return copy


def open_store(store: MemoryStore) -> Lake:
    """Open the lake in a store."""
    return Lake(parts_of(store, clock=lambda: NOW))


def state_of(folder: Path) -> str:
    """Return a digest of all that lies below a folder. Of what lies in tmp/, which nobody reads, only whether there is any."""
    found = []
    for parent, _, names in os.walk(folder):
        if os.path.basename(parent) == "tmp":
            found.append((parent[len(str(folder)) :], "leftovers" if names else ""))
            continue
        for name in names:
            path = os.path.join(parent, name)
            with open(path, "rb") as file:
                found.append((path[len(str(folder)) :], digest_of(file.read())))
    return digest_of(repr(sorted(found)).encode())


def check_clean(lake: Lake) -> None:
    """Check that nothing is wrong with a lake, down to the last byte."""
    problems = lake.verify(data=True).problems
    assert problems == (), f"verify found {problems[:3]}"


def check_goes_on(folder: Path) -> None:
    """Check that a lake answers from its log, that the next commit gets the next number, and that all is whole after it."""
    lake = open_lake(folder)
    assert answers(lake) == answers(open_store(bare_copy(folder))), "what is derived says other things than the log"
    if "mvlake.index.cover" in sys.modules:
        assert indexed(lake) == _indexed_anew(lake, folder), "the index says other things than the log"
    count = lake.latest("fraud") or 0
    made = lake.commit(make_draft(lake, "fraud", 10_000 + count, result={"after": count})).version
    assert made.number == count + 1, f"{made.ref} follows v{count}"
    again = open_lake(folder)
    assert again.latest("fraud") == made.number
    assert again.load(made.ref, "result") == {"after": count}
    check_clean(again)
