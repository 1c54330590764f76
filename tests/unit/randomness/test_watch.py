"""Which cell drew from which generator is seen without running anything of the user's, and nothing stays."""

import gc
import random
import subprocess
import sys

import numpy as np
import pytest
import torch
from sklearn.ensemble import RandomForestClassifier

from mvlake.capture.randomness import entropy, python
from mvlake.capture.randomness.restoring import Restoring
from mvlake.capture.randomness.sources import sources
from mvlake.capture.randomness.watch import RandomnessWatch
from mvlake.records.plain import to_plain
from mvlake.records.randomness import CellStates, GeneratorKind, GeneratorState, RecordedState
from mvlake.testing.traps import Trap

RANDBITS = np.random.bit_generator.randbits


@pytest.fixture
def watch():
    watch = RandomnessWatch()
    yield watch
    assert np.random.bit_generator.randbits is RANDBITS


def resumed(watch, *draws):
    """Begin a cell as a replay does, with what was drawn put back."""
    states = tuple(RecordedState(draw.generator, draw.kind, draw.state) for draw in draws)
    watch.restoring = Restoring([CellStates("another"), CellStates("again", states)], note=pytest.fail)
    return watch.begin("again", {})


def drawn_by(watch, namespace, cell):
    seen = watch.begin("", namespace)
    cell()
    return {draw.generator: draw for draw in watch.end(seen, namespace)}


def test_a_cell_that_draws_nothing_says_nothing(watch):
    assert drawn_by(watch, {"rng": np.random.default_rng()}, lambda: None) == {}


def test_every_generator_that_a_cell_drew_from_is_named(watch):
    namespace = {
        "rng": np.random.default_rng(),
        "deep": {"a": [np.random.RandomState(0)], 3: (random.Random(1),)},
        "model": RandomForestClassifier(random_state=np.random.RandomState(3)),
        "on_torch": torch.Generator(),
        "same": None,
    }
    namespace["same"] = namespace["rng"]

    def cell():
        random.random(), np.random.rand(), torch.rand(1)
        namespace["rng"].random(), namespace["deep"]["a"][0].rand(), namespace["deep"][3][0].random()
        namespace["model"].random_state.rand(), torch.rand(1, generator=namespace["on_torch"])

    found = drawn_by(watch, namespace, cell)
    assert {name: (one.kind.value, one.is_seeded) for name, one in found.items()} == {
        "random": ("python", False),
        "numpy.random": ("numpy-legacy", False),
        "torch": ("torch", False),
        "rng": ("numpy", False),
        "deep['a'][0]": ("numpy-legacy", True),
        "deep[3][0]": ("python", False),
        "model.random_state": ("numpy-legacy", True),
        "on_torch": ("torch", True),
    }
    assert all(one.state is not None and not one.problem for one in found.values())


def test_a_generator_that_the_cell_used_and_then_replaced_is_told(watch):
    namespace = {"rng": np.random.default_rng(1)}

    def cell():
        namespace["rng"].random()
        namespace["rng"] = np.random.default_rng(2)

    assert set(drawn_by(watch, namespace, cell)) == {"rng"}


def test_what_the_operating_system_gave_is_noted_and_given_again(watch):
    def cell(seen):
        return np.random.default_rng().random(), np.random.RandomState().rand(), np.random.default_rng(3).random()

    seen = watch.begin("", {})
    first = cell(seen)
    [draw] = watch.end(seen, {})
    assert (draw.generator, draw.kind, draw.is_seeded) == ("default_rng()", GeneratorKind.ENTROPY, False)
    assert len(draw.state.state) == 2
    seen = resumed(watch, draw)
    again = cell(seen)
    watch.end(seen, {})
    assert again == first
    assert cell(seen) != first


def test_a_cell_within_a_cell_is_told_of_both(watch):
    outer = watch.begin("", {})
    inner = watch.begin("", {})
    np.random.default_rng(), random.random()
    assert [one.generator for one in watch.end(inner, {})] == ["random", "default_rng()"]
    assert np.random.bit_generator.randbits is not RANDBITS
    np.random.default_rng()
    draws = {one.generator: one for one in watch.end(outer, {})}
    assert len(draws["default_rng()"].state.state) == 2


SEEDS = [
    ("np.random.RandomState(42)", True),
    ("np.random.RandomState(seed=seed)", True),
    ("np.random.RandomState(\n    seed\n)", True),
    ("forest(random_state=0)", True),  # makes a RandomState(seed) for each tree
    ("[RandomState(place) for place in range(3)]", True),
    ("np.random.RandomState()", False),
    ("np.random.RandomState(None)", False),
    ("np.random.default_rng()", False),
    ("np.random.default_rng(None)", False),
    ("(np.random.RandomState(1), np.random.default_rng())", False),
    ("np.random.Generator(np.random.PCG64())", False),
]


@pytest.mark.parametrize(("text", "is_seeded"), SEEDS)
def test_a_seed_that_is_given_is_seen_although_entropy_was_asked_for(watch, tmp_path, text, is_seeded):
    file = tmp_path / "cell.py"
    file.write_text(text)

    def forest(**settings):
        return RandomForestClassifier(n_estimators=2, **settings).fit([[0.0], [1.0]], [0, 1])

    names = {"np": np, "RandomState": np.random.RandomState, "forest": forest, "seed": 7}
    code = compile(text, str(file), "eval")
    assert drawn_by(watch, {}, lambda: eval(code, names))["default_rng()"].is_seeded is is_seeded


def test_whoever_replaces_the_source_of_entropy_meanwhile_keeps_theirs(watch):
    seen = watch.begin("", {})
    mine = np.random.bit_generator.randbits = lambda bits: 5
    try:
        watch.end(seen, {})
        assert np.random.bit_generator.randbits is mine
    finally:
        np.random.bit_generator.randbits = RANDBITS


def test_looking_runs_nothing_of_the_users(watch):
    class Sly(RandomForestClassifier):
        def __getattribute__(self, name):
            asked.append(name)
            return super().__getattribute__(name)

    asked = []
    sly = Sly(random_state=np.random.RandomState(0))
    hidden = Sly.__new__(Sly)
    trap = Trap()
    namespace = {"trap": trap, "held": [trap, {"a": trap}], "sly": sly, "hidden": hidden, 5: trap, "kind": Trap}
    Trap.sprung(trap)
    asked.clear()
    assert [one.name for one in sources(namespace)][-1] == "sly.random_state"
    watch.end(watch.begin("", namespace), namespace)
    assert Trap.sprung(trap) == []
    assert asked == []


def test_a_dictionary_that_a_class_makes_up_is_not_asked_for(watch):
    class MadeUp(RandomForestClassifier):
        @property
        def __dict__(self):
            raise AssertionError("asked")

    namespace = {"made_up": object.__new__(MadeUp)}
    watch.end(watch.begin("", namespace), namespace)


def test_a_stranger_s_bit_generator_is_said_not_to_be_read(watch):
    class Own(np.random.PCG64):
        pass

    namespace = {"rng": np.random.Generator(Own(3))}
    [problem] = drawn_by(watch, namespace, lambda: namespace["rng"].random()).values()
    assert problem.state is None
    assert "not NumPy's own" in problem.problem


def test_nothing_is_kept_alive_after_a_cell(watch):
    rng, mine = np.random.default_rng(), random.Random()
    before = sys.getrefcount(rng), sys.getrefcount(mine)
    drawn_by(watch, {"rng": rng, "mine": mine}, lambda: (rng.random(), mine.random()))
    drawn_by(watch, {"rng": rng, "mine": mine}, lambda: None)
    gc.collect()
    assert (sys.getrefcount(rng), sys.getrefcount(mine)) == before


def test_endless_containers_are_looked_at_for_a_bounded_time(watch):
    endless = []
    endless.append(endless)
    namespace = {"endless": endless, "long": [object()] * 1_000_000, **{f"list_{n}": [[n, object()]] * 500 for n in range(500)}}
    assert [one.name for one in sources(namespace)][:1] == ["random"]
    assert drawn_by(watch, namespace, lambda: None) == {}


def test_the_shell_s_own_variables_are_no_sources():
    rng = np.random.default_rng()
    assert "_" not in {one.name for one in sources({"_": rng, "_5": rng, "Out": {5: rng}})}
    assert "_rng" in {one.name for one in sources({"_5": rng, "_rng": rng})}


@pytest.mark.parametrize(
    "state", [None, 3, [3], [[1]], [[0, 0]], [[8, 256]], [[8, -1]], [[2**30, 1]], [["8", 1]], [[True, 0]], [[8, 1]] * 10_001]
)
def test_what_no_system_gave_is_refused(state):
    with pytest.raises(ValueError):
        entropy.understood(GeneratorState("os-entropy", to_plain(state)))


def test_no_library_is_imported_to_find_generators():
    code = """
import sys
from mvlake.capture.randomness.watch import RandomnessWatch
watch = RandomnessWatch()
watch.end(watch.begin("", {"x": [1, {}]}), {"x": [1, {}]})
print(sorted({"numpy", "torch", "sklearn", "ctypes.util", "secrets"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


DRAWING = "import numpy as np, torch; rng = np.random.default_rng(); drawn = rng.random(), np.random.rand(), torch.rand(1).item()"


def test_a_cell_that_imports_numpy_and_torch_is_replayed_though_they_come_with_it(tmp_path):
    """Two processes, as in life: the states are put back while the libraries are being loaded."""
    recording = f"""
import pathlib
from mvlake.capture.randomness.watch import RandomnessWatch
from mvlake.records.canonical import canonical
from mvlake.records.fields import to_fields
from mvlake.records.randomness import CellStates, RecordedState
watch, namespace = RandomnessWatch(), {{}}
seen = watch.begin("cell", namespace)
exec({DRAWING!r}, namespace)
draws = watch.end(seen, namespace)
states = tuple(RecordedState(draw.generator, draw.kind, draw.state) for draw in draws)
pathlib.Path("states").write_bytes(canonical([to_fields(CellStates("other")), to_fields(CellStates("cell", states))]))
print(sorted(draw.generator for draw in draws), *namespace["drawn"])
"""
    replaying = f"""
import pathlib, sys
from mvlake.capture.randomness.restoring import Restoring
from mvlake.capture.randomness.watch import RandomnessWatch
watch, namespace, problems, finders = RandomnessWatch(), {{}}, [], list(sys.meta_path)
watch.restoring = Restoring.of_file(pathlib.Path("states"), problems.append)
seen = watch.begin("cell", namespace)
exec({DRAWING!r}, namespace)
draws = watch.end(seen, namespace)
assert sys.meta_path == finders and problems == [], problems
import numpy, torch
assert type(torch.__spec__.loader).__name__ == type(torch.__loader__).__name__ == "SourceFileLoader"
print(sorted(draw.generator for draw in draws), *namespace["drawn"])
"""
    said = []
    for code in (recording, replaying):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        said.append(done.stdout)
    assert said[0] == said[1]
    assert said[0].startswith("['default_rng()', 'numpy.random', 'torch']")


def test_a_cell_that_is_the_first_to_use_numpy_s_random_is_replayed(tmp_path):
    code = """
import sys, numpy
from mvlake.capture.randomness.watch import RandomnessWatch
watch, namespace = RandomnessWatch(), {"numpy": numpy}
watch.end(watch.begin("x = numpy.arange(3)", namespace), namespace)
cell = "value = float(numpy.random.default_rng().normal())"
seen = watch.begin(cell, namespace)
exec(cell, namespace)
(draw,) = watch.end(seen, namespace)
assert (draw.generator, draw.is_seeded, draw.problem) == ("default_rng()", False, "")
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path)


def test_a_numpy_that_is_none_is_left_to_the_cell(watch, monkeypatch):
    monkeypatch.setitem(sys.modules, "numpy.random.mtrand", None)
    monkeypatch.setitem(sys.modules, "numpy.random", None)
    assert watch.end(watch.begin("random", {}), {}) == ()


def test_what_cannot_be_put_back_is_noted_and_the_rest_is_put_back(watch):
    problems = []
    bad = GeneratorState("numpy-pcg64", {"bit_generator": "PCG64"})
    good = python.PythonFamily().said(random.Random(5).getstate())
    states = (
        RecordedState("rng", GeneratorKind.NUMPY, bad),
        RecordedState("gone", GeneratorKind.NUMPY, bad),
        RecordedState("random", GeneratorKind.NUMPY, bad),
        RecordedState("default_rng()", GeneratorKind.ENTROPY, bad),
        RecordedState("random", GeneratorKind.PYTHON, good),
    )
    before = random.getstate()
    try:
        watch.restoring = Restoring([CellStates("x", states)], problems.append)
        namespace = {"rng": np.random.default_rng(1)}
        watch.end(watch.begin("x", namespace), namespace)
        assert random.random() == random.Random(5).random()
        assert namespace["rng"].random() == np.random.default_rng(1).random()
    finally:
        random.setstate(before)
    assert len(problems) == 4


def test_a_cell_that_the_recording_did_not_have_is_left_alone(watch):
    state = python.PythonFamily().said(random.Random(5).getstate())
    states = (RecordedState("random", GeneratorKind.PYTHON, state),)
    watch.restoring = Restoring([CellStates("a", states), CellStates("b")], pytest.fail)
    before = random.getstate()
    for text in ("%mv status", "b", "a"):  # after b, a has been passed over
        watch.end(watch.begin(text, {}), {})
    assert random.getstate() == before
