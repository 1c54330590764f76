import gc
import threading

import numpy as np
import pytest

import mvlake
from mvlake.capture import logged
from mvlake.lake.lake import Lake


@pytest.fixture
def cell():
    opened = logged.open_cell()
    yield opened
    logged.close_cell(opened)


def told(opened):
    return {one.name: (list(one.at or ()), list(one.values) or one.metric.value) for one in opened.measured()}


def test_values_become_series_with_their_steps(cell):
    for epoch in range(3):
        mvlake.log(odd=0.5, step=float("nan"))
        mvlake.log(loss=1 / (epoch + 1), step=10 * epoch)
        mvlake.log(val_acc=np.float32(0.5), n=epoch)
    mvlake.log(final=0.25)
    assert told(cell) == {
        "odd": ([0, 1, 2], [0.5] * 3),
        "loss": ([0, 10, 20], [1.0, 0.5, 1 / 3]),
        "val_acc": ([0, 1, 2], [0.5] * 3),
        "n": ([0, 1, 2], [0.0, 1.0, 2.0]),
        "final": ([], 0.25),
    }
    metrics = {one.name: one.metric for one in cell.measured()}
    assert metrics["loss"].best == 1 / 3
    assert metrics["val_acc"].dataset == "validation"
    assert not metrics["loss"].source.is_guess


def test_memory_is_bounded_and_what_is_let_go_is_said(cell, monkeypatch):
    monkeypatch.setattr(logged, "_MOST_VALUES", 100)
    monkeypatch.setattr(logged, "_MOST_NAMES", 2)
    for step in range(1001):
        mvlake.log(loss=float(step))
    mvlake.log(a=1.0, b=1.0)
    steps, values = told(cell)["loss"]
    assert steps == values
    assert len(values) <= 101
    assert (values[0], values[-1]) == (0.0, 1000.0)
    assert [(one.name, one.reason) for one in cell.omitted()] == [
        ("loss", "1,001 values were logged; one in 16 is kept, and the last"),
        ("b", "too many names were logged"),
    ]


class Hostile:
    def __float__(self):
        raise AssertionError("user code ran")

    __bool__ = __index__ = __len__ = __eq__ = __repr__ = __float__
    __hash__ = None


def test_what_is_no_number_is_left_out_and_the_loop_goes_on(cell):
    mvlake.log(loss=Hostile(), name="x", flag=None, step=Hostile())
    mvlake.log(loss=0.5)
    assert told(cell) == {"loss": ([], 0.5)}
    assert {one.name: one.reason for one in cell.omitted()} == {
        "loss": "a Hostile is no number",
        "name": "a str is no number",
        "flag": "a NoneType is no number",
    }


def test_without_anything_tracked_it_says_so_once(capsys, monkeypatch):
    monkeypatch.setattr(logged, "_has_said", False)
    gc.collect()
    for _ in range(3):
        mvlake.log(loss=0.5)
    assert capsys.readouterr().err.count("nothing around it is tracked") == 1


def test_runs_keep_what_is_logged_in_them_and_in_their_threads(tmp_path):
    lake = Lake.open(tmp_path / "lake")
    with mvlake.track("outer", lake=lake) as outer:
        mvlake.log(loss=1.0, step=1)
        with mvlake.track("inner", lake=lake) as inner:
            mvlake.log(loss=9.0)
        worker = threading.Thread(target=lambda: mvlake.log(loss=0.5, step=2))
        worker.start()
        worker.join()
        outer.metric(auc=0.75)
    assert {one.name: one.value for one in inner.committed.version.metrics} == {"loss": {"$": "float", "v": "9.0"}}
    metrics = {one.name: (one.value, one.steps, one.source.value) for one in outer.committed.version.metrics}
    assert metrics == {"auc": (0.75, None, "stated"), "loss": (0.5, 2, "logged")}
    assert lake.load("outer:v1", "loss") == {"step": [1, 2], "value": [1.0, 0.5]}
    assert lake.sql("select step, value from series where ref = 'outer:v1' order by step").rows == ((1.0, 1.0), (2.0, 0.5))
