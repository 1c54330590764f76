"""Pickles as two kernels write them: made here in two programs, each with a shell of its own, and read in none."""

import os
import pickle
import subprocess
import sys

import pytest

from mvlake.compare.pickles import are_alike
from mvlake.compare.places import is_same_place
from mvlake.lake.claim import claimed
from mvlake.lake.scratch import SCRATCH
from mvlake.lake.site import Site

MAKE = """
import sys, cloudpickle
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_cell('''
from collections import namedtuple
from dataclasses import dataclass
from enum import Enum
class Season(Enum):
    SUMMER, WINTER = 1, 2
@dataclass(frozen=True)
class Policy:
    season: Season
    token: str = "0123456789abcdef0123456789abcdef"
Point = namedtuple("Point", "x y")
class Counter:
    def up(self):
        return self.n + STEP
''' .replace("STEP", sys.argv[1]))
names = shell.user_ns
counter = names["Counter"]()
counter.n = float("nan")
made = [names["Policy"](names["Season"].WINTER), names["Point"](1, 2.5), counter]
print(cloudpickle.dumps(made, protocol=5).hex())
"""


def pickled(step, tmp_path):
    environment = {**os.environ, "IPYTHONDIR": str(tmp_path / step), "PYTHONHASHSEED": "0"}
    ran = subprocess.run([sys.executable, "-c", MAKE, step], capture_output=True, text=True, check=True, env=environment)
    return bytes.fromhex(ran.stdout.split()[-1])


def test_objects_of_a_notebooks_classes_say_the_same_from_kernel_to_kernel(tmp_path):
    one, same, other = pickled("1", tmp_path), pickled("1", tmp_path), pickled("2", tmp_path)
    assert one != same
    assert are_alike(one, same)
    assert not are_alike(one, other)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ([1], [2]),
        ([1], [1, 2]),
        ([1], [1.0]),
        (["0123456789abcdef0123456789abcdef", None], ["ffff456789abcdef0123456789abcdef", None]),
        ("_make_skeleton_class 0", "_make_skeleton_class 1"),
        ([0.0], [-0.0]),
        (["_make_skeleton_class", ("a" * 32, 1)], ["_make_skeleton_class", ("b" * 32, 1)]),
    ],
)
def test_what_says_another_thing_is_not_alike(a, b):
    assert are_alike(pickle.dumps(a), pickle.dumps(a))
    assert not are_alike(pickle.dumps(a), pickle.dumps(b))


def test_what_is_no_pickle_or_too_long_cannot_be_told(monkeypatch):
    assert not are_alike(b"", b"")
    assert not are_alike(b"\x80\x05\xff", b"\x80\x05\xff")
    assert not are_alike(pickle.dumps(1)[:-1], pickle.dumps(1)[:-1])
    monkeypatch.setattr("mvlake.compare.pickles.CEILING", 8)
    assert not are_alike(pickle.dumps("long enough"), pickle.dumps("long enough"))


def test_long_texts_in_pickles_take_time_in_proportion():
    one, other = (pickle.dumps(["x" * (4 << 20), "ipykernel_" * 400_000, last]) for last in (1, 2))
    assert not are_alike(one, other)


def test_the_folder_of_a_replay_is_known_as_it_is_made(tmp_path):
    with claimed(tmp_path, SCRATCH) as folder:
        place = Site.below(folder / "world", "notebooks").folder
        assert is_same_place(["/home/ana/churn/notebooks/out"], [f"{place}/out"])


def test_a_value_that_names_the_folder_is_the_same_in_another_one():
    folder = "/tmp/mvlake-replay-ab12cd34/world" + "/above" * 12 + "/project"
    assert is_same_place({"out": "/home/ana/churn/out"}, {"out": f"{folder}/out"})
    assert not is_same_place({"out": "/home/ana/churn/out"}, {"out": f"{folder}/in"})
    assert not is_same_place(["/home/ana/a"], (f"{folder}/a",))
    assert not is_same_place(object(), object())
