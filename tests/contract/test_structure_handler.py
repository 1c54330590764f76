import numpy as np
import pandas as pd
import polars as pl
import pytest

from mvlake.errors import CannotFingerprint, MissingObject, NoHandler
from mvlake.handlers.lookup import handler_for
from mvlake.handlers.opaque import handler as opaque
from mvlake.handlers.pandas import handler as pandas
from mvlake.handlers.structures import SMALL, handler
from mvlake.records.canonical import canonical
from mvlake.records.node import Node, read_node
from mvlake.testing import HandlerContract, MemoryShelf
from mvlake.testing.traps import Trap


def frame(rows=60_000, seed=1):
    dice = np.random.default_rng(seed)
    return pd.DataFrame({"number": dice.integers(0, 1 << 40, rows), "share": dice.random(rows)})


def endless():
    value = [np.zeros(1)]
    value.append(value)
    return value


def nested(depth):
    value = np.zeros(1)
    for _ in range(depth):
        value = [value]
    return value


class TestStructureHandler(HandlerContract):
    handler = handler

    def examples(self):
        small = frame(9)
        return [
            {"train": frame(), "test": frame(40_000, 2)},
            [frame(), {"deep": (np.arange(60_000.0), [None, 1, 1.0, "x", {2}])}],
            {"one": np.arange(70_000), "two": frame(5), "number": np.float64(3)},
            {"train": small, "test": small},
            (small,),
            [small],
            {np.int64(1): small, (1, "x"): 0},
            [np.zeros(0), {}, [], ()],
        ]

    def layouts(self):
        return [([np.zeros((2, 3))], [np.zeros((2, 3), order="F")])]

    def different(self):
        one, other = np.zeros(3), np.ones(3)
        return [
            ({"a": one, "b": other}, {"b": other, "a": one}),
            ({"a": one, "b": other}, {"a": other, "b": one}),
            ([one], (one,)),
            ([one, 1], [one, 1.0]),
            ([one], [[one]]),
        ]

    def mutations(self):
        def grow(value):
            value["inner"].append(1)

        def put(value):
            value["train"].loc[0, "number"] = -1

        def write(value):
            value["inner"][0][0] = -1

        def exchange(value):
            value["train"] = frame(3)

        def add(value):
            value["set"].add(3)

        def made():
            return {"train": frame(), "inner": [np.arange(9)], "set": {1}, "none": None}

        return [(made(), change) for change in (grow, put, write, exchange, add)]

    def refused(self):
        return [[np.zeros(1), Trap], [np.zeros(1), object()], endless(), nested(40), [np.zeros(1)] * 5000, {1: 2}]


def kept(obj, shelf=None):
    shelf = MemoryShelf() if shelf is None else shelf
    return handler.encode_parts(obj, shelf), shelf


def size(shelf, since=0):
    return sum(len(shelf.objects[digest]) for digest in shelf.puts[since:])


def test_a_structure_that_weighs_little_is_one_object():
    made, shelf = kept({"train": frame(100), "test": frame(100)})
    assert isinstance(made, bytes)
    assert not shelf.puts


def test_train_and_test_of_a_known_frame_are_row_numbers():
    shelf, whole = MemoryShelf(), frame()
    pandas.encode_parts(whole, shelf)
    before = len(shelf.puts)
    rows = np.random.default_rng(3).permutation(len(whole))
    splits = {"train": whole.iloc[np.sort(rows[:45_000])], "test": whole.iloc[np.sort(rows[45_000:])]}
    made, _ = kept(splits, shelf)
    assert size(shelf, before) < 8 * len(whole) + 4096, "numbers of the rows, and names"
    back = handler.decode_parts(made, shelf, protocol=1)
    for name, part in splits.items():
        pd.testing.assert_frame_equal(back[name], part)


def test_a_frame_in_a_structure_is_the_node_that_it_is_alone():
    shelf, whole = MemoryShelf(), frame()
    alone = pandas.encode_parts(whole, shelf)
    made, _ = kept([whole, whole], shelf)
    assert [read_node(shelf.objects[digest]) for digest in made.nodes] == [alone, alone]


def test_two_names_of_one_part_come_back_as_two():
    array = np.zeros(100_000)
    one, other = handler.decode_parts(*kept([array, array]), protocol=1)
    one[0] = 1
    assert other[0] == 0


def test_two_names_of_one_part_are_held_once():
    array = np.zeros(100_000)
    one, other = handler.hold([array, array])
    assert one is other
    assert one is not array


def test_what_has_not_changed_is_seen_at_one_glance():
    splits = {"train": pl.from_pandas(frame()), "test": np.arange(9), "name": "x"}
    held = handler.hold(splits)
    assert handler.is_same(held, splits)
    splits["test"][0] = 7
    assert not handler.is_same(held, splits)


def test_a_structure_weighs_what_its_parts_do():
    array = np.zeros(1000)
    assert handler.weight([array, {"x": (array, "text")}]) == 16_000


def test_what_one_part_has_no_place_in_is_not_taken_and_the_reason_names_it():
    for obj, reason in [
        ({"a": frame(3), "b": object()}, r"\['b'\] is object"),
        ({"a": frame(3), "b": [print]}, r"\['b'\]\[0\] is"),
        ({"a": frame(3), Trap: 1}, "a key"),
    ]:
        with pytest.raises(NoHandler, match=reason):
            handler_for(obj)


def test_what_is_deeper_than_json_may_be_has_no_fingerprint():
    value = 1
    for _ in range(55):
        value = {2: value}
    obj = [np.zeros(1), value]
    for _ in range(25):
        obj = [obj]
    assert handler.matches(obj)
    with pytest.raises(CannotFingerprint):
        handler.fingerprint(obj)
    with pytest.raises(NoHandler):
        handler.encode(obj)


# What an artifact may say that nobody wrote.


def blob(form, parts, here=b""):
    document = canonical({"form": form, "parts": parts})
    return b"MVSTRU1\n" + len(document).to_bytes(8, "little") + document + here


def a_part():
    return handler_for(np.zeros(1)).encode(np.zeros(1))


PART = a_part()
SAID = ["numpy", 1, "here", len(PART)]


def test_what_is_written_by_hand_reads_as_it_says():
    (found,) = handler.decode(blob(["list", [["part", 0]]], [SAID], PART), protocol=1)
    assert found.tolist() == [0]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"MVSTRU1\n",
        b"MVSTRU1\n" + b"\xff" * 8,
        blob(["part", 0], [SAID], PART[:-1]),
        blob(["part", 0], [SAID], PART + b"x"),
        blob(["part", 1], [SAID], PART),
        blob(["part", -1], [SAID], PART),
        blob(["part", True], [SAID], PART),
        blob(["plain", 1], [SAID], PART),
        blob(["list", [["part", 0], ["part", 0]]], [SAID], PART),
        blob(["list", [["part", 0], ["part", 1]]], [SAID], PART),
        blob(["dict", [[["part", 0], ["plain", 1]]]], [SAID], PART),
        blob(["dict", [[["plain", 1], ["part", 0]], [["plain", 1], ["plain", 2]]]], [SAID], PART),
        blob(["dict", [[["plain", 1]]]], [SAID], PART),
        blob(["set", [["part", 0]]], [SAID], PART),
        blob(["part", 0], [["numpy", 1, "here", -1]], PART),
        blob(["part", 0], [["numpy", 1, "node", 0]]),
        blob(["part", 0], [["numpy", 1, "leaf", 0]]),
        blob(["part", 0], [["numpy", 0, "here", len(PART)]], PART),
        blob(["part", 0], [[["numpy"], 1, "here", len(PART)]], PART),
        blob(["part", 0], [["no such handler", 1, "here", len(PART)]], PART),
        blob(["part", 0], [["structure", 1, "here", len(PART)]], PART),
        blob(["plain", 1], [["numpy", 1, "here", 0]] * 5000),
        blob([], []),
        blob({}, []),
    ],
)
def test_what_is_no_structure_is_refused(data):
    with pytest.raises(ValueError, match=r"."):
        handler.decode(data, protocol=1)


def test_a_structure_that_is_nested_without_end_is_refused():
    form = ["plain", 1]
    for _ in range(60):
        form = ["list", [form]]
    with pytest.raises(ValueError, match="too deeply"):
        handler.decode(blob(form, []), protocol=1)


def test_a_part_of_a_handler_that_runs_code_is_refused_before_any_part_is_read(tmp_path):
    class Sprung:
        def __reduce__(self):
            return (open, (str(tmp_path / "sprung"), "w"))

    data = opaque.encode(Sprung())
    shelf = MemoryShelf()
    leaf = shelf.put(data)
    here = blob(["part", 0], [["opaque", 1, "here", len(data)]], data)
    there = Node(blob(["part", 0], [["opaque", 1, "leaf", 0]]), leaves=(leaf,))
    for made in (here, there):
        with pytest.raises(ValueError, match="opaque"):
            handler.decode_parts(made, shelf, protocol=1)
    assert not shelf.gets
    assert not (tmp_path / "sprung").exists()


def test_a_node_that_names_more_or_less_than_its_parts_is_refused():
    made, shelf = kept({"train": frame(), "test": np.arange(70_000)})
    assert (len(made.nodes), len(made.leaves)) == (1, 1)
    hostile = [
        Node(made.payload, made.nodes),
        Node(made.payload, (), made.leaves),
        Node(made.payload, made.nodes * 2, made.leaves),
        Node(made.payload, made.nodes, made.leaves * 2),
        Node(made.payload, made.leaves, made.nodes),
        Node(b"", made.nodes, made.leaves),
    ]
    for node in hostile:
        with pytest.raises(ValueError, match=r"."):
            handler.decode_parts(node, shelf, protocol=1)
    del shelf.objects[made.leaves[0]]
    with pytest.raises(MissingObject):
        handler.decode_parts(made, shelf, protocol=1)


def test_large_parts_are_named_and_small_ones_are_here():
    made, shelf = kept([np.zeros(SMALL), np.zeros(3), frame(5)])
    assert (len(made.nodes), len(made.leaves), len(shelf.puts)) == (0, 1, 1)
