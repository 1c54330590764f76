"""Functions under `@mvlake.track` behave as they would without it."""

import asyncio
import inspect
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

import mvlake
from mvlake.errors import Invalid
from mvlake.lake.lake import Lake
from mvlake.records.artifact import Role


@pytest.fixture(autouse=True)
def lake(tmp_path, monkeypatch):
    monkeypatch.setenv("MVLAKE_LAKE", str(tmp_path / "lake"))
    monkeypatch.chdir(tmp_path)
    return Lake.open()


def told(lake, name):
    """Return, for every version of a name, its parameters and its results."""
    versions = [entry.version for entry in reversed(lake.log(name).entries)]
    return [({one.name: one.value for one in version.params}, [one.value for one in version.metrics]) for version in versions]


def test_a_method_is_tracked_with_any_argument_names(lake):
    class Trainer:
        @mvlake.track("method")
        def fit(self, name, role=1, *, values=2.5):
            return 1.5

    assert Trainer().fit("a") == 1.5
    assert told(lake, "method") == [({"name": "a", "role": 1, "values": 2.5}, [1.5])]


def test_what_a_run_is_told_may_have_any_name(lake):
    with mvlake.track("names") as run:
        run.param(self=1, values=2)
        run.metric(self=3)
        run.input(self=[1], objects=[2])
    assert {one.name for one in run.committed.version.artifacts if one.role not in (Role.CODE, Role.PATCH)} == {"self", "objects"}


def test_a_recursive_function_makes_a_version_of_every_call(lake):
    @mvlake.track("factorial")
    def factorial(n):
        return 1 if n == 0 else n * factorial(n - 1)

    assert factorial(3) == 6
    assert told(lake, "factorial") == [({"n": 0}, [1]), ({"n": 1}, [1]), ({"n": 2}, [2]), ({"n": 3}, [6])]


def test_calls_side_by_side_do_not_mix(lake):
    barrier = Barrier(4)

    @mvlake.track("threads")
    def square(n):
        barrier.wait(10)
        return n * n

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(square, range(4))) == [0, 1, 4, 9]
    assert sorted(told(lake, "threads"), key=lambda one: one[1]) == [({"n": n}, [n * n]) for n in range(4)]


def test_a_coroutine_is_tracked_until_it_returns(lake):
    @mvlake.track("waits")
    async def plus_one(n):
        await asyncio.sleep(0.05)
        return n + 1

    async def both():
        return await asyncio.gather(plus_one(1), plus_one(2))

    assert inspect.iscoroutinefunction(plus_one)
    assert asyncio.run(both()) == [2, 3]
    assert sorted(told(lake, "waits"), key=lambda one: one[1]) == [({"n": 1}, [2]), ({"n": 2}, [3])]
    assert lake.show("waits:v1").entry.version.duration >= 0.05


def test_a_generator_is_not_consumed(lake):
    @mvlake.track("yields")
    def numbers():
        yield from (1, 2)

    assert list(numbers()) == [1, 2]


def test_a_function_without_a_signature_is_tracked(lake):
    assert mvlake.track("biggest")(max)(1, 2) == 2
    assert told(lake, "biggest") == [({}, [2])]


def test_a_wrong_call_fails_with_pythons_own_words(lake):
    @mvlake.track("wrong")
    def train(depth):
        return depth

    with pytest.raises(TypeError, match=r"train\(\) missing 1 required positional argument: 'depth'"):
        train()


def test_an_error_that_cannot_say_what_it_is_goes_on_as_it_is(lake):
    class Mute(Exception):
        def __str__(self):
            raise RuntimeError("never seen")

    with pytest.raises(Mute), mvlake.track("mute"):
        raise Mute
    assert lake.log("mute").attempts[0][0].error_type == "Mute"


class Unpicklable:
    def __reduce__(self):
        raise ValueError("no")


@pytest.mark.parametrize("value", ["\ud800", 1 << 4000, "a" * 1_000_000, float("nan"), Unpicklable()], ids=range(5))
def test_no_argument_stands_in_the_way_of_its_function(lake, value):
    assert mvlake.track("odd")(lambda one: 7)(value) == 7
    assert told(lake, "odd")[0][1] == [7]


def test_a_disk_that_is_full_is_a_warning(lake, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.link", full)
    monkeypatch.setattr("os.fsync", full)
    with pytest.warns(UserWarning, match="no version of this run"), mvlake.track("full") as run:
        run.metric(a=1)
    assert run.committed is None


def test_one_run_is_under_way_once_at_a_time(lake):
    run = mvlake.track("again")
    with run:
        with pytest.raises(Invalid, match="under way"), run:
            raise AssertionError
        run.param(a=1)
    with run:
        run.param(a=2)
    assert told(lake, "again") == [({"a": 1}, []), ({"a": 2}, [])]


def test_a_process_that_may_start_no_threads_has_runs(lake, monkeypatch):
    def no_more(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("threading.Thread.start", no_more)
    with mvlake.track("poor") as run:
        run.metric(a=1)
        run.output(rows=[1, 2])
    assert told(lake, "poor") == [({}, [1])]


def test_a_run_in_a_folder_that_is_gone_is_a_warning_and_the_program_goes_on(tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.warns(UserWarning, match="no version of this run"), mvlake.track("gone") as run:
        run.metric(a=1)
    assert run.committed is None
