"""Threads of one process that share a lake: one reads while another commits."""

import threading
from datetime import UTC, datetime

from mvlake.lake.lake import Lake
from mvlake.lake.open import create_lake, parts_of
from mvlake.store.memory import MemoryStore
from mvlake.store.spans import SHORTEST

TIMEOUT = 60


def opened(store):
    return Lake(parts_of(store, clock=lambda: datetime.now(UTC)))


def test_an_object_is_not_missing_while_another_thread_closes_a_chapter(commit, monkeypatch):
    store = MemoryStore()
    create_lake(store, datetime.now(UTC))
    lake = opened(store)
    commit(lake, depth=1, outputs={"x": {"a": 1}})
    for number in range(SHORTEST - 2):
        lake.note("fraud:v1", f"remark {number}")
    reader = opened(store)
    index = reader._parts.objects._index
    real, asked = index.find, []

    def find(digest):
        """The index says what it knew, and before that is used another thread makes what the reader has yet to look into a chapter."""
        found = real(digest)
        if not asked:
            asked.append(digest)
            other = threading.Thread(target=lambda: [reader.note("fraud:v1", "it closes the chapter") for _ in range(2)])
            other.start()
            other.join(TIMEOUT)
        return found

    monkeypatch.setattr(index, "find", find)
    assert reader.load("fraud:v1", "x") == {"a": 1}
    assert asked
    assert reader._parts.log.parts()[0].last == SHORTEST
