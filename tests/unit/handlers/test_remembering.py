"""What is read again and again is read once, as long as there is room, and is the same."""

import pyarrow as pa
import pytest

from mvlake.handlers.column_node import write_column
from mvlake.handlers.column_reading import read_column
from mvlake.handlers.remembering import Memory, RememberingShelf
from mvlake.testing import MemoryShelf


class CountingShelf(MemoryShelf):
    """A shelf that knows how often it was asked."""

    asked = 0

    def get(self, digest):
        self.asked += 1
        return super().get(digest)


@pytest.fixture
def shelf():
    return CountingShelf()


def written(shelf, count):
    return [write_column(shelf, pa.array(range(number, number + 50))) for number in range(count)]


def test_short_columns_are_read_once_however_many_they_are(shelf, monkeypatch):
    monkeypatch.setattr("mvlake.handlers.remembering._NODES", 4)
    nodes = written(shelf, 30)
    remembering = RememberingShelf(shelf, Memory())
    for start, stop in ((0, None), (10, 20), (49, 90), (60, 70)):
        for number, node in enumerate(nodes):
            values = list(range(number, number + 50))[start:stop]
            assert read_column(remembering, node, start=start, stop=stop).to_pylist() == values
    assert shelf.asked == 2 * len(nodes)  # a node and its chunk


def test_those_for_which_there_is_no_room_are_read_again(shelf, monkeypatch):
    monkeypatch.setattr("mvlake.handlers.remembering._NODES", 1)
    nodes = written(shelf, 3)
    remembering = RememberingShelf(shelf, Memory(500))  # three times that, and a column has 1424 bytes
    for _ in range(2):
        assert [read_column(remembering, node)[0].as_py() for node in nodes] == [0, 1, 2]
    assert remembering.memory.column(nodes[0]) is not None
    assert remembering.memory.column(nodes[1]) is None
    assert shelf.asked > 2 * len(nodes)
    assert remembering.read >= set(nodes)


def test_long_columns_are_not_kept_as_a_whole(shelf):
    node = write_column(shelf, pa.array([str(number) * 50 for number in range(20_000)]))
    remembering = RememberingShelf(shelf, Memory())
    assert read_column(remembering, node, start=10, stop=12).to_pylist() == ["10" * 50, "11" * 50]
    assert remembering.memory.column(node) is None
    assert shelf.asked == 2
