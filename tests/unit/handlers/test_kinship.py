import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from mvlake.handlers.column_reading import column_node
from mvlake.handlers.kinship import DEEPEST
from mvlake.handlers.lookup import handler_for
from mvlake.handlers.relatives import KeptColumn, Relative, Relatives
from mvlake.records.digest import Digest
from mvlake.testing.shelf import MemoryShelf

ROWS = 40_000
RANDOM = np.random.default_rng(7)
BASE = pd.DataFrame(
    {
        "real": RANDOM.normal(size=ROWS),
        "count": RANDOM.integers(0, 1000, ROWS),
        "word": np.array(["x", "yy", "zzz"])[RANDOM.integers(0, 3, ROWS)],
        "key": RANDOM.integers(0, 2**40, ROWS),
        "kind": pd.Categorical(np.array(["u", "v"])[RANDOM.integers(0, 2, ROWS)]),
    }
)
COLUMNS = len(BASE.columns)


class Shelf(MemoryShelf):
    """Keeps frames one after another, and says how their columns were kept."""

    def keep(self, obj):
        handler = handler_for(obj)
        before = len(self.puts)
        made = handler.encode_parts(obj, self)
        self.added = sum(len(self.objects[digest]) for digest in set(self.puts[before:]))
        self.depths = [self._depth(digest) for digest in made.nodes]
        assert handler.fingerprint(handler.decode_parts(made, self, protocol=handler.protocol)) == handler.fingerprint(obj)
        return [column_node(self, digest).document["kind"] for digest in made.nodes]

    def _depth(self, digest):
        return 1 + max((self._depth(one) for one in column_node(self, digest).node.nodes), default=0)


@pytest.fixture
def shelf():
    shelf = Shelf()
    shelf.keep(BASE)
    shelf.whole = shelf.added
    return shelf


def shuffled(frame, seed=1):
    return frame.sample(frac=1, random_state=seed)


SELECTIONS = {
    "a filter": lambda frame: frame[frame.real > 0],
    "a slice": lambda frame: frame.iloc[5000:35_000],
    "every other row": lambda frame: frame.iloc[::2],
    "backwards": lambda frame: frame.iloc[::-1],
    "a sample": lambda frame: frame.sample(frac=0.5, random_state=1),
    "a shuffle": shuffled,
    "a sort": lambda frame: frame.sort_values(["word", "count"]),
    "a bootstrap": lambda frame: frame.sample(frac=1, replace=True, random_state=1),
    "a split": lambda frame: frame.drop(frame.sample(frac=0.2, random_state=1).index),
    "without its labels": lambda frame: shuffled(frame).reset_index(drop=True),
    "some columns of a filter": lambda frame: frame.loc[frame.real > 0, ["key", "real", "kind"]],
    "labels of its own": lambda frame: frame[frame.real > 0].set_index("word"),
}


@pytest.mark.parametrize("kind", SELECTIONS)
def test_rows_of_a_known_frame_are_kept_as_their_numbers(shelf, kind):
    child = SELECTIONS[kind](BASE)
    kinds = shelf.keep(child)
    taken = [column for column in child.columns if column in BASE.columns]
    assert kinds.count("take") == len(taken)
    assert shelf.added < shelf.whole / 3
    assert max(shelf.depths) <= 3


@pytest.mark.parametrize("seed", range(3))
def test_rows_of_rows_are_rows_of_the_first_frame(shelf, seed):
    frame = BASE
    for step in range(DEEPEST + 3):
        frame = frame.sample(frac=0.9, random_state=seed * 100 + step)
        assert "take" in shelf.keep(frame)
        assert max(shelf.depths) <= 3


def test_the_index_that_a_selection_keeps_is_its_row_numbers(shelf):
    assert shelf.keep(BASE[BASE.real > 0]).count("numbers") == 1


def test_a_column_that_was_added_to_a_selection_is_kept_beside_it(shelf):
    child = BASE[BASE.real > 0].copy()
    child["double"] = child.real * 2
    kinds = shelf.keep(child)
    assert kinds.count("take") == COLUMNS
    assert kinds[COLUMNS] == "chunks"


def scattered(frame, column, value, *, share=0.01, seed=1):
    changed = frame.copy()
    rows = np.random.default_rng(seed).permutation(len(frame))[: int(len(frame) * share)]
    changed.iloc[rows, changed.columns.get_loc(column)] = value
    return changed


@pytest.mark.parametrize(("column", "value"), [("real", 0.5), ("real", np.nan), ("count", -1), ("word", "new"), ("kind", "v")])
def test_a_few_changed_cells_of_a_known_column_are_a_patch(shelf, column, value):
    kinds = shelf.keep(scattered(BASE, column, value))
    assert kinds.count("patch") == 1
    assert shelf.added < shelf.whole / 20


def test_a_patch_of_a_patch_is_one_patch(shelf):
    frame = BASE
    for seed in range(4):
        frame = scattered(frame, "real", float(seed), seed=seed)
        assert "patch" in shelf.keep(frame)
        assert max(shelf.depths) <= 2


def test_a_column_that_was_patched_too_often_is_kept_whole(shelf):
    frame, kinds = BASE, []
    for seed in range(9):
        frame = scattered(frame, "real", float(seed), seed=seed)
        kinds.append(shelf.keep(frame)[0])
    assert kinds[0] == "patch"
    assert "chunks" in kinds


def test_many_changed_cells_are_no_patch(shelf):
    assert "patch" not in shelf.keep(scattered(BASE, "real", 0.5, share=0.2))


def test_row_numbers_are_remembered_in_memory_of_their_own(shelf):
    rows = RANDOM.permutation(ROWS)[: ROWS // 2]
    labels = rows.copy()
    child = BASE.take(rows)
    child.index = pd.Index(labels, copy=False)
    shelf.keep(child)
    labels[:] = np.arange(len(labels))  # the user goes on with what the index was made of
    assert shelf.keep(child.iloc[::2].reset_index(drop=True)).count("take") == COLUMNS


def test_other_rows_are_kept_as_they_are(shelf):
    other = BASE.assign(real=RANDOM.normal(size=ROWS), count=0, key=RANDOM.integers(0, 2**40, ROWS), word="a", kind=1.5)
    assert set(shelf.keep(other)) == {"chunks"}


def test_what_the_user_changed_behind_our_back_is_no_relative():
    shelf = Shelf()
    values = RANDOM.normal(size=ROWS * 2)
    shelf.keep(pa.table({"x": pa.array(values)}))
    child = pa.table({"x": pa.array(values[::2].copy())})
    values[::2] = 0.0  # Arrow shows the memory of the array
    assert shelf.keep(pa.table({"x": pa.array(np.zeros(ROWS))})) == ["chunks"]
    assert shelf.keep(child) == ["chunks"]


@pytest.mark.parametrize("make", [pl.from_pandas, pa.Table.from_pandas], ids=["polars", "pyarrow"])
def test_other_libraries_frames_have_relatives_too(make):
    shelf = Shelf()
    frame = make(BASE.drop(columns="kind"))
    shelf.keep(frame)
    rows = np.flatnonzero(BASE.real > 0)[::-1].copy()
    child = frame[rows] if isinstance(frame, pl.DataFrame) else frame.take(pa.array(rows))
    assert set(shelf.keep(child)) == {"take"}


def test_a_frame_of_pandas_is_the_relative_of_one_of_polars():
    shelf = Shelf()
    shelf.keep(BASE[["key", "real"]])
    assert set(shelf.keep(pl.from_pandas(BASE.loc[BASE.real > 0, ["key", "real"]]))) == {"take"}


def relative(name, size=100):
    digest = Digest("b3:" + name.encode().hex().ljust(64, "0"))
    return Relative(size, {"x": KeptColumn(pa.array(np.zeros(size)), digest, digest, 0)})


def test_relatives_are_forgotten_beyond_their_share_of_memory():
    relatives = Relatives(limit=2000)
    for name in "abc":
        relatives.add(relative(name))
    assert [one.columns["x"].content[3:5] for one in relatives.latest()] == ["63", "62"]
    relatives.add(relative("big", 10_000))
    assert relatives.latest() == ()


def test_a_frame_that_comes_again_is_the_latest_and_counts_once():
    relatives = Relatives(limit=2000)
    for name in "aba":
        relatives.add(relative(name))
    assert [one.columns["x"].content[3:5] for one in relatives.latest()] == ["61", "62"]


def test_relatives_are_those_of_this_version_and_the_one_before():
    relatives = Relatives(limit=1 << 20)
    relatives.add(relative("a"))
    relatives.turn()
    relatives.add(relative("b"))
    assert len(relatives.latest()) == 2
    relatives.turn()
    assert [one.columns["x"].content[3:5] for one in relatives.latest()] == ["62"]
    relatives.add(relative("b"))
    relatives.turn()
    assert len(relatives.latest()) == 1
    relatives.turn()
    assert relatives.latest() == ()


def test_row_numbers_count_as_memory_once():
    rows = np.arange(100)
    values = pa.array(np.zeros(100))
    digest = relative("a").columns["x"].content
    columns = {name: KeptColumn(values, digest, digest, 0, rows=rows) for name in "ab"}
    assert Relative(100, columns).size() == 2 * values.nbytes + rows.nbytes
