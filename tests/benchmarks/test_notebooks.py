"""The lines that the comparison of notebooks reports: the printed figures are those of `python -m benchmarks notebooks`."""

from benchmarks.notebooks import notebooks
from benchmarks.scale import SMALL


def test_every_changed_line_is_reported_once_and_none_of_a_cell_that_moved():
    time, lines = notebooks(SMALL)
    assert time.value > 0
    assert lines.value == 2 * 12 + 12 + 3 * 2  # two new cells, one that is gone, three edited lines
