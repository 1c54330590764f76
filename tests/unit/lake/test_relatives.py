"""Relatives in a lake: what of the user's memory is kept for them, and what they say of the frames that come."""

import gc
import weakref

import numpy as np
import pandas as pd
import pytest

from mvlake.handlers.column_reading import column_node
from mvlake.handlers.relatives import Relatives
from mvlake.lake.shelf import LakeShelf
from mvlake.records.node import read_node

ROWS = 40_000


def frame_of(seed=0):
    """Return a frame, and a weak reference to the array whose memory it has."""
    owner = np.random.default_rng(seed).normal(size=(3, ROWS))
    return pd.DataFrame(owner.T, columns=["a", "b", "c"], copy=False), weakref.ref(owner)


def kinds(lake, version, name):
    shelf = LakeShelf(lake._parts)
    (found,) = [one for one in version.artifacts if one.name == name]
    return [column_node(shelf, one).document["kind"] for one in read_node(shelf.get(found.object)).nodes]


def test_memory_is_let_go_of_with_the_next_version(lake, commit):
    frame, owner = frame_of()
    commit(lake, depth=1, outputs={"df": frame})
    del frame
    gc.collect()
    assert owner() is not None, "the frame has other memory than the array, and this test shows nothing"
    commit(lake, depth=2, outputs={"x": 1})
    gc.collect()
    assert owner() is None


def test_rows_of_a_frame_that_is_read_again_later_are_row_numbers(lake, commit):
    frame, _ = frame_of()
    commit(lake, depth=1, outputs={"df": frame})
    for depth in (2, 3, 4):
        commit(lake, depth=depth, outputs={"x": depth})
    assert lake._parts.relatives.latest() == ()
    train = frame[frame.a > 0]
    version = commit(lake, depth=5, inputs={"df": frame}, outputs={"train": train})
    assert kinds(lake, version, "train").count("take") == len(frame.columns)
    for depth in (6, 7):
        commit(lake, depth=depth, outputs={"x": depth})
    # Of rows that are row numbers themselves, too.
    version = commit(lake, depth=8, inputs={"train": train}, outputs={"few": train[train.b > 0]})
    assert kinds(lake, version, "few").count("take") == len(frame.columns)
    assert lake.load("fraud", "few").equals(train[train.b > 0])
    assert lake.verify(data=True).is_clean


def test_a_frame_that_comes_again_in_other_memory_lets_go_of_the_first(lake, commit):
    frame, owner = frame_of()
    commit(lake, depth=1, outputs={"df": frame})
    same = frame.copy()
    del frame
    commit(lake, depth=2, inputs={"df": same})
    gc.collect()
    assert owner() is None
    assert len(lake._parts.relatives.latest()) == 1


@pytest.mark.parametrize("share", [0, 1 << 20, 3 << 20])
def test_no_more_memory_is_kept_than_the_share(lake, commit, monkeypatch, share):
    relatives, most = lake._parts.relatives, []
    relatives._limit = share
    add = Relatives.add

    def counted(self, one):
        add(self, one)
        most.append(sum(kept.size() for kept in self.latest()))

    monkeypatch.setattr(Relatives, "add", counted)
    for number in range(5):
        frame, _ = frame_of(number)
        commit(lake, depth=number, inputs={"df": frame}, outputs={"train": frame[frame.a > 0]})
    assert most
    assert max(most) <= share
    assert lake.verify().is_clean
