"""What a program's run is, seen from outside: real processes, whose output and exit are those of the untracked program."""

import os
import signal
import subprocess
import sys

import pytest

from mvlake.records.artifact import Role
from mvlake.records.facts import MetricSource, ParamSource
from mvlake.records.files import Flow
from mvlake.records.hint import HintCode

WHOLE = """
    import random, warnings
    import numpy as np
    import mvlake
    import helper
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import accuracy_score

    depth = 6
    unused = 7

    def main():
        rows = 40
        with mvlake.track("fraud", message="first") as run:
            rng = np.random.default_rng(3)
            weight = helper.twice(float(open("data.csv").read()))
            luck = random.random()
            np.random.seed(4)
            X = np.random.normal(size=(rows, depth))
            model = LogisticRegression(C=0.5).fit(X, np.arange(rows) % 2)
            accuracy = accuracy_score(np.arange(rows) % 2, model.predict(X))
            print("accuracy", 0 < accuracy <= 1)
            warnings.warn("careful")
            for epoch in range(3):
                mvlake.log(loss=1 / (epoch + 1), step=epoch)
            open("made.txt", "w").write("done")
            run.metric(stated=0.5)
            run.model(model=model)
        open("later.txt", "w").close()

    if __name__ == "__main__":
        main()
"""


def test_a_block_is_what_a_cell_is(programs):
    (programs.folder / "helper.py").write_text("def twice(x):\n    return 2 * x\n")
    (programs.folder / "data.csv").write_text("2.5")
    done = programs.same(WHOLE)
    assert (done.code, done.out) == (0, "accuracy True\n")
    version = programs.version()
    assert version.message == "first"
    files = {(one.path, one.direction) for one in version.files}
    assert files == {("data.csv", Flow.READ), ("made.txt", Flow.WRITTEN)}
    assert {one.name for one in version.artifacts if one.role is Role.CODE} == {"helper"}
    assert {one.name for one in version.artifacts if one.role is Role.STREAM} == {"stdout", "stderr"}
    assert programs.lake.load("fraud", "data.csv") == b"2.5"
    params = {one.name: (one.value, one.source) for one in version.params}
    assert params["depth"] == (6, ParamSource.LITERAL)
    assert params["rows"] == (40, ParamSource.LITERAL)
    assert params["model.C"] == (0.5, ParamSource.ESTIMATOR)
    assert "unused" not in params
    metrics = {one.name: one.source for one in version.metrics}
    assert metrics["accuracy"] is MetricSource.FUNCTION
    assert (metrics["stated"], metrics["loss"]) == (MetricSource.STATED, MetricSource.LOGGED)
    drawn = {one.generator: one.is_seeded for one in version.draws}
    assert drawn == {"random": False, "numpy.random": True}
    assert all(one.state is not None and one.cell == 1 for one in version.draws)
    assert {(one.call, one.value) for one in version.seeds} >= {("numpy.random.seed", 4), ("numpy.random.default_rng", 3)}
    assert [one.message for one in version.warnings] == ["careful"]
    assert {one.package for one in version.imports} >= {"python", "numpy", "scikit-learn"}
    assert [one.code for one in version.hints] == [HintCode.UNSEEDED_RANDOMNESS]
    assert version.hints[0].cells == (1,)
    assert version.peak_memory is None or version.peak_memory > 0


def test_the_data_policy_holds(programs):
    programs.run("""
        import numpy as np, mvlake
        rows = np.arange(1000)
        with mvlake.track("asked", data="profile") as run:
            run.input(rows=rows)
        with mvlake.track("whole") as run:
            run.input(rows=rows)
    """)
    assert [one.name for one in programs.version("asked").omitted] == ["rows"]
    assert programs.version("whole").omitted == ()
    (programs.folder / ".mvlake" / "policy.toml").write_text('[data]\nkeep = "none"\n')
    done = programs.run("""
        import numpy as np, mvlake
        with mvlake.track("refused", data="full") as run:
            run.input(rows=np.arange(1000), other=np.arange(9))
        try:
            mvlake.track("wrong", data="some")
        except ValueError as error:
            print(error)
    """)
    assert sorted(one.name for one in programs.version("refused").omitted) == ["other", "rows"]
    assert "none, profile, full" in done.out


ENDINGS = """
    import sys, mvlake
    try:
        with mvlake.track("fraud"):
            sys.exit({code})
    except SystemExit as error:
        print(repr(error.code))
        raise
"""


@pytest.mark.parametrize(("code", "is_good"), [("", True), ("3", False)])
def test_leaving_with_sys_exit_leaves(programs, code, is_good):
    done = programs.same(ENDINGS.format(code=code))
    assert done.code == int(code or 0)
    assert (programs.lake.latest("fraud") == 1) is is_good
    assert len(programs.lake.log("fraud").attempts) == (not is_good)


MANY = """
    import asyncio, contextlib, gc, random, sys, threading, weakref
    import mvlake

    def numbers():
        with mvlake.track("generator"):
            yield 1
            yield 2

    print(list(numbers()), next(numbers()))
    with mvlake.track("outer") as outer:
        open("outer.txt", "w").close()
        with mvlake.track("inner"):
            open("inner.txt", "w").close()
            print("in")

    def work(name):
        with mvlake.track("thread-" + name):
            barrier.wait()
            open(name + ".txt", "w").close()
            barrier.wait()

    barrier = threading.Barrier(2)
    threads = [threading.Thread(target=work, args=(name,)) for name in "ab"]
    [one.start() for one in threads], [one.join() for one in threads]

    async def task(name):
        with mvlake.track("task-" + name):
            await asyncio.sleep(0.01)
            open("task-" + name + ".txt", "w").close()
            await asyncio.sleep(0.01)

    async def both():
        await asyncio.gather(task("a"), task("b"))

    asyncio.run(both())
    with contextlib.ExitStack() as stack:
        run = stack.enter_context(mvlake.track("stack"))
        run.param(a=1)

    class Thing: pass

    def lets_go():
        held = Thing()
        gone = weakref.ref(held)
        with mvlake.track("lets-go"):
            del held
            gc.collect()
            return gone() is None

    print(lets_go())

    @mvlake.track("decorated")
    def train(depth, rate=0.5):
        open("decorated.txt", "w").close()
        return depth * rate

    print(train(4), train.__name__)
    random.seed(1)
    with mvlake.track("same"):
        pass
    print(random.random(), sys.stdout.write is sys.stdout.write, "write" in vars(sys.stdout), sys.getrecursionlimit())
    with mvlake.track("replaced"):
        sys.stdout = None
        print("nowhere")
        sys.stdout = sys.__stdout__
    with mvlake.track("raises"):
        raise ValueError("mine")
"""


def paths(version):
    return sorted(one.path for one in version.files)


def test_runs_of_all_kinds_change_nothing_and_are_told_apart(programs):
    done = programs.same(MANY)
    assert done.code == 1
    assert done.err.rstrip().endswith("ValueError: mine")
    assert "mvlake/" not in done.err
    versions = programs.version
    assert paths(versions("outer")) == ["inner.txt", "outer.txt"]
    assert paths(versions("inner")) == ["inner.txt"]
    assert [paths(versions(f"thread-{name}")) for name in "ab"] == [["a.txt"], ["b.txt"]]
    assert [paths(versions(f"task-{name}")) for name in "ab"] == [["task-a.txt"], ["task-b.txt"]]
    assert paths(versions("decorated")) == ["decorated.txt"]
    assert [one.value for one in versions("stack").params] == [1]
    assert programs.lake.latest("generator") == 1
    assert {one.error_type for name in ("generator", "raises") for one, _ in programs.lake.log(name).attempts} == {
        "GeneratorExit",
        "ValueError",
    }
    assert programs.lake.latest("lets-go") == programs.lake.latest("replaced") == 1


CHILDREN = """
    import multiprocessing, os, time
    import mvlake

    def read(name):
        return open(name).read()

    @mvlake.track("child")
    def tracked(number):
        return number * 2

    if __name__ == "__main__":
        for method in ("fork", "spawn"):
            open(method + ".txt", "w").write(method)
            with mvlake.track(method), multiprocessing.get_context(method).Pool(2) as pool:
                print(pool.map(read, [method + ".txt"]), pool.map(tracked, [1, 2]))
        with mvlake.track("both-leave"):
            time.sleep(1)  # until git has answered: Python 3.12 warns of a fork beside threads
            child = os.fork()
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
        print("over")
"""


def test_children_read_for_their_parent_and_make_versions_of_their_own_runs(programs):
    done = programs.same(CHILDREN)
    assert (done.code, done.err) == (0, "")
    assert "fork.txt" in paths(programs.version("fork"))
    assert programs.lake.latest("spawn") == 1
    assert programs.lake.latest("both-leave") == 1
    assert sum(1 + entry.confirmations for entry in programs.lake.log("child").entries) == 4
    assert programs.lake.verify().is_clean


def test_an_interrupt_ends_the_program_as_it_would(programs):
    # Who runs the tests may have told their children to ignore the signal.
    source = "import mvlake, signal, time\nsignal.signal(signal.SIGINT, signal.default_int_handler)\nwith mvlake.track('fraud'):\n    print('ready', flush=True)\n    for _ in range(600):\n        time.sleep(0.1)\n"
    (programs.folder / "train.py").write_text(source)
    process = subprocess.Popen([sys.executable, "train.py"], cwd=programs.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)  # half of what it would sleep
    assert process.returncode == -signal.SIGINT
    assert err.rstrip().endswith(b"KeyboardInterrupt")
    assert [one.error_type for one, _ in programs.lake.log("fraud").attempts] == ["KeyboardInterrupt"]


BODY = "import mvlake\nrate = 0.5\nwith mvlake.track('fraud'):\n    doubled = rate * 2\n"


def test_modules_tests_and_a_prompt_have_runs_too(programs):
    (programs.folder / "package").mkdir()
    (programs.folder / "package" / "__init__.py").touch()
    programs.same(BODY, name="package/train.py", command=("-m", "package.train"))
    assert {one.name: one.value for one in programs.version().params} == {"rate": 0.5}
    in_a_test = "import mvlake\ndef test_it():\n    rate = 0.25\n    with mvlake.track('tested'):\n        doubled = rate * 2\n"
    done = programs.run(in_a_test, name="test_it.py", command=("-m", "pytest", "-q", "-p", "no:cacheprovider", "test_it.py"))
    assert done.code == 0, done.out
    assert {one.name: one.value for one in programs.version("tested").params} == {"rate": 0.25}
    typed = "import mvlake\nwith mvlake.track('typed') as run:\n    run.metric(a=1)\n\nprint(run.committed.version.ref)\n"
    done = programs.run("", command=("-i",), given=typed)
    assert "typed:v1" in done.out
    assert [one.name for one in programs.version("typed").metrics] == ["a"]


def test_a_program_that_may_not_be_tracked_is_not(programs):
    done = programs.run(
        "import mvlake\nwith mvlake.track('fraud') as run:\n    run.metric(a=1)\nprint(run.committed)", disabled=True
    )
    assert (done.code, done.out, done.err) == (0, "None\n", "")
    assert os.listdir(programs.folder) == ["train.py"]
