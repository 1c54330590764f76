"""Threads of one process that share a lake: one reads while another commits."""

import threading
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from mvlake.handlers.column_reading import column_node
from mvlake.lake.lake import Lake
from mvlake.lake.open import create_lake, parts_of
from mvlake.lake.shelf import LakeShelf
from mvlake.records.node import read_node
from mvlake.store.memory import MemoryStore
from mvlake.store.spans import SHORTEST
from mvlake.store.staging import Staging

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


class Held:
    """Holds up one thread where it comes by, until another has done its part."""

    def __init__(self):
        self.reached, self.gate = threading.Event(), threading.Event()

    def pass_by(self):
        self.reached.set()
        assert self.gate.wait(TIMEOUT)


@pytest.mark.parametrize("where", ["nothing of it is written", "it is written", "it is never committed"])
def test_rows_of_a_frame_that_another_thread_has_yet_to_commit_are_kept_whole(new_draft, monkeypatch, where):
    frame = pd.DataFrame(np.random.default_rng(3).normal(size=(40_000, 3)), columns=["a", "b", "c"])
    store = MemoryStore()
    create_lake(store, datetime.now(UTC))
    lake, held, failed = opened(store), Held(), []
    finish = Staging.finish
    if where == "nothing of it is written":
        monkeypatch.setattr(
            Staging, "finish", lambda self: (held.pass_by() if threading.current_thread() is first else None, finish(self))[1]
        )

    def keep_it():
        try:
            draft = new_draft(lake, "parent", outputs={"frame": frame})
            if where != "nothing of it is written":
                held.pass_by()
            if where != "it is never committed":
                lake.commit(draft)
        except BaseException as error:
            failed.append(error)

    first = threading.Thread(target=keep_it)
    first.start()
    try:
        assert held.reached.wait(TIMEOUT)
        rows = frame[frame.a > 0]
        version = lake.commit(new_draft(lake, "rows", outputs={"frame": rows})).version
    finally:
        held.gate.set()
        first.join(TIMEOUT)
    assert not failed
    reader = opened(store)
    assert reader.load("rows:v1", "frame").equals(rows)
    assert reader.verify(data=True).is_clean
    shelf = LakeShelf(reader._parts)
    columns = read_node(shelf.get(version.artifacts[0].object)).nodes
    said_by_rows = [one for one in columns if column_node(shelf, one).document["kind"] == "take"]
    assert bool(said_by_rows) == (where != "nothing of it is written")
    if where != "it is never committed":
        assert reader.load("parent:v1", "frame").equals(frame)
