"""The courses of what was measured step by step, in two versions of a lake."""

import dataclasses
import math
from pathlib import Path

import pytest

from mvlake.compare.diff import Change
from mvlake.compare.evenly import evenly
from mvlake.lake.compared_series import POINTS
from mvlake.lake.preserve import preserve_series
from mvlake.view.html import as_html
from mvlake.view.text import as_text


@pytest.fixture
def both(disk, new_draft):
    def both(a, b, **asked):
        for number, series in enumerate((a, b)):
            draft = new_draft(disk, "t", source=f"x = {number}")
            kept = tuple(preserve_series(name, *values) for name, values in series.items())
            disk.commit(dataclasses.replace(draft, artifacts=(*draft.artifacts, *kept)))
        return disk.compare("t:v1", "t:v2", **asked)

    return both


LOSS = [1 / (step + 1) for step in range(30)]


def test_the_courses_of_both_sides_are_told_of_a_series_that_differs(both):
    diff = both({"loss": (LOSS,), "auc": (LOSS,)}, {"loss": (LOSS[:10], range(0, 100, 10)), "auc": (LOSS,), "new": ([1.0],)})
    found = {one.name: one for one in diff.series}
    assert found["loss"].change is Change.CHANGED
    assert (found["loss"].a.count, found["loss"].a.values) == (30, tuple(LOSS))
    assert (found["loss"].b.steps, found["loss"].b.values) == (tuple(range(0, 100, 10)), tuple(LOSS[:10]))
    assert (found["auc"].change, found["auc"].a) == (Change.UNCHANGED, None)
    assert (found["new"].change, found["new"].a, found["new"].b.count) == (Change.ADDED, None, 1)
    assert not diff.is_empty
    html, text = as_html(diff), as_text(diff)
    assert html.count('class="mvl-curve mvl-') == 3
    assert "loss · 30 → 10 steps" in text
    assert "Metrics  2 of 3 differ" in text
    assert "    v2  █   ▄   ▃   ▃ " in text


def test_a_series_that_differs_before_its_end_makes_the_versions_differ(both):
    diff = both({"loss": ([3, 2, 1],)}, {"loss": ([3, 9, 1],)})
    assert [one.change for one in diff.series] == [Change.CHANGED]
    assert not diff.is_empty


def test_a_long_course_is_thinned_to_even_distances_with_its_ends(both):
    values = [float(step) for step in range(100_000)]
    (loss,) = both({"loss": (values,)}, {"loss": (values[::-1],)}).series
    assert len(loss.a.values) == POINTS
    assert loss.a.values == evenly(values, POINTS)
    assert (loss.b.values[0], loss.b.values[-1], loss.b.count) == (99_999.0, 0.0, 100_000)


def test_what_is_no_number_is_a_gap(both):
    (loss,) = both({"loss": ([1.0, math.nan, math.inf, 2.0],)}, {"loss": ([1.0],)}).series
    assert loss.a.values == (1.0, None, None, 2.0)


def test_a_quick_look_reads_no_course(both):
    (loss,) = both({"loss": ([1.0],)}, {"loss": ([2.0],)}, quick=True).series
    assert (loss.change, loss.a, loss.b) == (Change.CHANGED, None, None)


def test_a_damaged_series_says_so_and_the_others_are_told(disk, both, tmp_path):
    long = [math.sin(step) for step in range(20_000)]
    both({"loss": (long,)}, {"loss": (long[::-1],)})
    packs = max((tmp_path / "project").rglob("*"), key=lambda one: one.stat().st_size if one.is_file() else 0)
    packs.chmod(0o644)
    data = bytearray(packs.read_bytes())
    data[len(data) // 2] ^= 1
    Path(packs).write_bytes(data)
    (loss,) = disk.compare("t:v1", "t:v2").series
    assert loss.change is Change.CHANGED
    assert "damaged" in loss.note
    assert loss.note in as_text(disk.compare("t:v1", "t:v2"), width=300)
