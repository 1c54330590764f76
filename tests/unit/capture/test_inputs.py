"""Inputs are held as they were, within the room that there is; what is known already is not copied."""

import numpy as np
import pandas as pd
import pytest

from mvlake.capture.catch import Catch
from mvlake.capture.inputs import hold_inputs, is_mutated
from mvlake.capture.known import Known
from mvlake.capture.patience import Patience
from mvlake.lake.lake import Lake
from mvlake.records.artifact import Role

ROOM = 1 << 30


def held_one(value, known=None, room=ROOM):
    return hold_inputs(["x"], {"x": value}, known=known or Known(), room=room, patience=Patience())["x"]


@pytest.fixture
def known():
    lake, catch = Lake.in_memory(), Catch()
    catch.take(Role.OUTPUT, "made", np.zeros(1_000_000))
    catch.preserve(lake)
    found = Known()
    found.remember(catch.artifacts)
    return found


def test_an_array_is_copied_and_every_change_in_place_shows():
    array = np.zeros(1_000_000)
    held = held_one(array)
    assert not is_mutated(held, array, may_be=True)
    array[-1] = 1
    assert is_mutated(held, array, may_be=False)
    assert held.content[-1] == 0


def test_an_array_that_is_known_is_not_copied(known):
    array = np.zeros(1_000_000)
    held = held_one(array, known)
    assert held.content is None
    assert held.known is not None
    assert (held.known.role, held.known.content) == (Role.INPUT, None)
    assert not is_mutated(held, array, may_be=True)
    array[0] = 1
    assert is_mutated(held, array, may_be=False)


def test_what_was_known_can_be_forgotten(known):
    known.forget()
    assert held_one(np.zeros(1_000_000), known).known is None


@pytest.mark.parametrize("make", [lambda: np.zeros(1_000_000), lambda: pd.DataFrame({"a": np.zeros(1_000_000)})])
def test_beyond_the_room_nothing_is_held_and_changes_show_all_the_same(make):
    value = make()
    held = held_one(value, room=1 << 20)
    assert held.content is None
    assert held.problem == "it was too large to be held"
    assert not is_mutated(held, value, may_be=True)
    if isinstance(value, np.ndarray):
        value[3] = 1
    else:
        value.iloc[3, 0] = 1
    assert is_mutated(held, value, may_be=False)


def test_the_room_is_that_of_all_inputs_together():
    namespace = {name: np.full(1_000_000, position) for position, name in enumerate("abc")}
    held = hold_inputs("abc", namespace, known=Known(), room=20_000_000, patience=Patience())
    assert [held[name].content is not None for name in "abc"] == [True, True, False]


def test_a_frame_shares_its_memory_until_it_is_changed():
    frame = pd.DataFrame({"a": np.zeros(1_000_000)})
    held = held_one(frame)
    assert np.shares_memory(held.content["a"].to_numpy(), frame["a"].to_numpy())
    assert not is_mutated(held, frame, may_be=True)
    frame.iloc[0, 0] = 1
    assert is_mutated(held, frame, may_be=False)
    assert held.content["a"][0] == 0


def test_what_is_wanted_is_held_when_it_is_large_and_preserved_when_it_is_not():
    lake, catch, frame = Lake.in_memory(), Catch(), pd.DataFrame({"a": np.zeros(1_000_000)})
    box = [1]
    catch.take(Role.OUTPUT, "frame", frame)
    catch.take(Role.OUTPUT, "box", box)
    catch.take(Role.OUTPUT, "reader", iter(box))
    assert catch.weight == 8_000_000 + frame.index.nbytes
    catch.hold(lake)
    frame.iloc[0, 0] = 1
    box.append(2)
    catch.preserve(lake)
    assert [one.name for one in catch.artifacts] == ["frame", "box"]
    assert [one.name for one in catch.described] == ["reader"]
    assert catch.artifacts[0].digest == lake.preserve(Role.OUTPUT, "x", pd.DataFrame({"a": np.zeros(1_000_000)})).digest
    assert catch.artifacts[1].content == b"[1]"
