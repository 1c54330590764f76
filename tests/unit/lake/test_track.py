"""Tracking in a script, through the door that users knock at: `mvlake.track`."""

import subprocess
import sys
import threading
import warnings

import pytest

import mvlake
from mvlake.errors import Invalid, InvalidName
from mvlake.lake.lake import Lake
from mvlake.records.artifact import Role
from mvlake.records.facts import MetricSource, ParamSource
from mvlake.records.version import Origin


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("MVLAKE_LAKE", "MVLAKE_CAPTURE_TO"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def told(version):
    """Return the artifacts that the run was told of: these tests are modules of somebody's own, too."""
    return [one for one in version.artifacts if one.role not in (Role.CODE, Role.PATCH)]


def test_a_run_becomes_a_version_with_what_it_was_told(here):
    with mvlake.track("fraud", message="why") as run:
        run.param(depth=3, layers=(64, 32))
        run.input(df=[1, 2, 3])
        run.output(scores={"a": 1})
        run.model(model={"w": 2})
        run.metric(auc=0.5)
        run.note("looks good")
    lake = Lake.open(here, create=False)
    version = lake.show("fraud").entry.version
    assert run.committed.version == version
    assert version.origin is Origin.SCRIPT
    assert {one.name: (one.value, one.source) for one in version.params}["depth"] == (3, ParamSource.STATED)
    assert [(one.name, one.source) for one in version.metrics] == [("auc", MetricSource.STATED)]
    assert {one.name: one.role for one in told(version)} == {"df": Role.INPUT, "scores": Role.OUTPUT, "model": Role.MODEL}
    assert lake.load("fraud", "scores") == {"a": 1}
    assert lake.load("fraud") == {"w": 2}
    assert version.message == "why\nlooks good"
    assert version.duration >= 0
    assert lake.show("fraud").dossier.environment.packages
    assert "run.param(depth=3" in lake.show("fraud").dossier.sources[0]
    assert lake.verify().is_clean


def test_runs_follow_one_another(here):
    for depth in (1, 2):
        with mvlake.track("fraud") as run:
            run.param(depth=depth)
    assert (run.committed.version.ref, run.committed.version.parent) == ("fraud:v2", 1)
    with mvlake.track("fraud") as run:
        run.param(depth=2)
    assert run.committed.is_confirmation


def test_what_is_kept_is_what_it_was_then(here):
    rows = [1]
    with mvlake.track("fraud") as run:
        run.input(rows=rows)
        rows.append(2)
        run.output(rows=rows)
    version = run.committed.version
    lake = Lake.open(here)
    kept = {one.role: lake._parts.objects.read(one.object) for one in version.artifact("rows")}
    assert kept == {Role.INPUT: b"[1]", Role.OUTPUT: b"[1,2]"}


def test_a_run_that_raises_is_an_attempt_and_the_error_goes_on(here):
    error = ValueError("no such luck")
    with pytest.raises(ValueError) as raised, mvlake.track("fraud") as run:  # noqa: PT012 - what raises is the body
        run.param(depth=1)
        raise error
    assert raised.value is error
    assert run.committed is None
    lake = Lake.open(here)
    ((attempt, _),) = lake.log("fraud").attempts
    assert (attempt.error_type, attempt.error_message) == ("ValueError", "no such luck")
    assert lake.latest("fraud") is None


def test_an_interrupt_goes_on(here):
    with pytest.raises(KeyboardInterrupt), mvlake.track("fraud"):
        raise KeyboardInterrupt
    assert Lake.open(here).log("fraud").attempts[0][0].error_type == "KeyboardInterrupt"


def test_a_decorated_function_is_tracked_at_every_call(here):
    @mvlake.track("fraud")
    def train(frame, depth=2, *, rate=0.1):
        """Train."""
        return depth * rate

    assert train([1, 2], 4) == 0.4
    assert train([1, 2], depth=6) == pytest.approx(0.6)
    assert (train.__name__, train.__doc__) == ("train", "Train.")
    entries = Lake.open(here).log("fraud").entries
    assert [entry.ref for entry in entries] == ["fraud:v2", "fraud:v1"]
    assert {one.name: one.value for one in entries[1].version.params} == {"depth": 4, "rate": 0.1}
    assert [one.name for one in told(entries[1].version)] == ["frame"]
    assert entries[1].version.metrics[0].name == "result"


def test_a_decorated_function_that_raises_raises(here):
    @mvlake.track("fraud")
    def train():
        return 1 / 0

    with pytest.raises(ZeroDivisionError):
        train()
    assert len(Lake.open(here).log("fraud").attempts) == 1


@pytest.mark.parametrize("given", ["lake", "path", "text"])
def test_the_lake_can_be_said(here, given):
    lake = Lake.open(here / "other")
    said = {"lake": lake, "path": here / "other", "text": str(here / "other")}[given]
    with mvlake.track("fraud", lake=said) as run:
        run.param(depth=1)
    assert lake.show("fraud").entry.ref == "fraud:v1"
    assert not (here / ".mvlake").exists()


def test_where_captures_are_sent_goes_before_the_lake_that_was_said(here, monkeypatch):
    monkeypatch.setenv("MVLAKE_CAPTURE_TO", str(here / "scratch"))
    with mvlake.track("fraud", lake=Lake.open(here / "other")) as run:
        run.param(depth=1)
    assert Lake.open(here / "scratch", create=False).latest("fraud") == 1
    assert Lake.open(here / "other").latest("fraud") is None


@pytest.mark.parametrize("value", [object(), [object()], {1: {2: object()}}], ids=["object", "list", "dict"])
def test_a_setting_that_is_no_plain_value_is_an_error(value):
    with pytest.raises(Invalid) as raised, mvlake.track("fraud") as run:
        run.param(depth=value)
    assert "run.input" in str(raised.value)


@pytest.mark.parametrize("value", ["0.5", None, [1, 2], True, object()], ids=lambda value: type(value).__name__)
def test_a_result_that_is_no_number_is_an_error(value):
    with pytest.raises(Invalid) as raised, mvlake.track("fraud") as run:
        run.metric(auc=value)
    assert "auc" in str(raised.value)


def test_numbers_of_numpy_are_numbers():
    np = pytest.importorskip("numpy")
    with mvlake.track("fraud") as run:
        run.metric(auc=np.float64(0.5), count=np.int64(3))
        run.param(depth=np.int32(4))
    version = run.committed.version
    assert {one.name: one.value for one in version.metrics} == {"auc": 0.5, "count": 3}
    assert version.params[0].value == 4


def test_what_cannot_be_kept_is_described_or_an_omission():
    with mvlake.track("fraud") as run:
        run.output(stream=(item for item in [1]), lock=threading.Lock(), x=1)
    version = run.committed.version
    assert [one.name for one in version.described] == ["stream"]
    assert [one.name for one in version.omitted if not one.name.endswith("more modules")] == ["lock"]
    assert [one.name for one in told(version)] == ["x"]


@pytest.mark.parametrize("name", ["", "a/b", "..", "🐟", "x" * 500])
def test_a_name_that_is_no_name_is_refused_before_the_run(here, name):
    with pytest.raises(InvalidName):
        mvlake.track(name)
    assert list(here.iterdir()) == []


def test_a_lake_that_cannot_be_written_is_a_warning_and_the_run_goes_on(here):
    lake = Lake.open(here)
    (here / ".mvlake" / "tmp").rmdir() if (here / ".mvlake" / "tmp").exists() else None
    (here / ".mvlake" / "tmp").write_text("in the way")
    done = []
    with pytest.warns(UserWarning, match="made no version") as told, mvlake.track("fraud") as run:  # noqa: PT031
        run.output(x=1)
        done.append("work")
    done.append("after")
    assert done == ["work", "after"]
    assert run.committed is None
    assert told[0].filename == __file__
    assert lake.latest("fraud") is None


def test_a_damaged_lake_is_a_warning_and_the_error_of_the_run_goes_on(here):
    Lake.open(here)
    (here / ".mvlake" / "log" / "000000").mkdir(parents=True)
    (here / ".mvlake" / "log" / "000000" / "000001.json").write_bytes(b"garbage")
    with pytest.warns(UserWarning, match="made no version"), mvlake.track("fraud"):
        pass
    with pytest.warns(UserWarning, match="made no version"), pytest.raises(KeyError), mvlake.track("fraud"):
        raise KeyError("mine")


def test_a_good_run_says_nothing(capsys):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with mvlake.track("fraud") as run:
            run.param(depth=1)
    assert capsys.readouterr() == ("", "")


def test_a_script_is_tracked_with_its_text(here):
    script = here / "train.py"
    script.write_text("import mvlake\nwith mvlake.track('fraud') as run:\n    run.metric(auc=0.5)\n")
    done = subprocess.run([sys.executable, str(script)], cwd=here, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert Lake.open(here).show("fraud").dossier.sources == (script.read_text(),)
