import io
import json
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from mvlake.lake.files_judged import judge_files
from mvlake.lake.site import Site
from mvlake.records.events import Verdict
from mvlake.records.files import FileUse, Flow, FoundBy, PlaceKind
from mvlake.records.tolerance import ToleranceRule, Tolerances
from mvlake.store.hashing import digest_of

IDENTICAL, EQUIVALENT, NUMERIC, STATISTICAL, DRIFTED, NOT_COMPARABLE, NOT_RUN, FAILED = Verdict


def array(values):
    target = io.BytesIO()
    np.save(target, values)
    return target.getvalue()


def arrays(**values):
    target = io.BytesIO()
    np.savez(target, **values)
    return target.getvalue()


def table(values, **options):
    target = io.BytesIO()
    parquet.write_table(pa.table({"x": values}), target, **options)
    return target.getvalue()


def written(name, data, **facts):
    facts = {"relative": name, "digest": None if data is None else digest_of(data), "found_by": (FoundBy.OPENED,)} | facts
    return FileUse(name, Flow.WRITTEN, PlaceKind.FILE, **facts)


@pytest.fixture
def made(lake, commit):
    """Return the version that wrote these files."""
    version = commit(lake)
    return lambda *files: replace(version, files=files)


@pytest.fixture
def judged(tmp_path, made):
    """Judge one file: as the version wrote it, and still has it in its project unless it `is_gone`, and as the replay did."""
    site, here = Site.below(tmp_path / "scratch", ""), tmp_path / "project"

    def judge(name, before, after, *, is_gone=False, tolerances=None):
        for folder, data in ((here, None if is_gone else before), (site.project, after)):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).unlink(missing_ok=True)
            if data is not None:
                (folder / name).write_bytes(data)
        a, b = (made(*([] if data is None else [written(name, data)])) for data in (before, after))
        (item,) = judge_files(a, b, site, here, tolerances or Tolerances())
        assert (item.kind, item.name) == ("file", name)
        return item

    return judge


@pytest.mark.parametrize(
    ("name", "before", "after", "verdict"),
    [
        ("out/a.csv", b"x,y\n1.5,a\n", b"x,y\n1.5,a\n", IDENTICAL),
        ("out/a.csv", b"x,y\n1.5,a\n", b"x,y\n1.50,a\n", EQUIVALENT),
        ("a.csv", b"x,y\n1.5,a\n", b'"x","y"\r\n1.5,"a"\r\n', EQUIVALENT),
        ("a.csv", b"x,y\n1.5,a\n", b"x,y\n1.5000000001,a\n", NUMERIC),
        ("a.csv", b"x,y\n1.5,a\n", b"x,y\n1.6,a\n", DRIFTED),
        ("a.csv", b"x,y\n1.5,a\n", b"x,y\n1.5,b\n", DRIFTED),
        ("a.csv", b"x\n1\n", b"x\n1\n2\n", DRIFTED),
        ("a.csv", b"x\n1\n", b"y\n1\n", DRIFTED),
        ("a.tsv", b"x\ty\n1.5\ta\n", b"x\ty\n1.50\ta\n", EQUIVALENT),
        ("m.json", b'{"a": 1, "b": 0.5}', b'{"b":0.5,"a":1}', EQUIVALENT),
        ("m.json", b'{"a": 1, "b": 0.5}', b'{"b":0.50000000001,"a":1}', NUMERIC),
        ("m.json", b'{"a": 1}', b'{"a": 2}', DRIFTED),
        ("m.json", b'{"a": NaN}', b'{"a":  NaN}', EQUIVALENT),
        ("m.jsonl", b'{"a": 1}\n{"a": 2}\n', b'{"a":1}\n\n{"a":2}\n', EQUIVALENT),
        ("a.npy", array(np.array([1.0, 2.0])), array(np.array([1.0, np.nextafter(2, 3)])), NUMERIC),
        ("a.npy", array(np.array([1.0, 2.0])), array(np.array([[1.0, 2.0]])), DRIFTED),
        ("a.npz", arrays(a=np.array([1.0]), b=np.eye(2)), arrays(a=np.array([1.0 + 1e-12]), b=np.eye(2)), NUMERIC),
        ("a.npz", arrays(a=np.array([1.0])), arrays(b=np.array([1.0])), DRIFTED),
        ("t.parquet", table([0.5, 1.5]), table([0.5, 1.5], compression="none"), EQUIVALENT),
        ("t.parquet", table([0.5, 1.5]), table([0.5, 1.5 + 1e-10]), NUMERIC),
        ("t.parquet", table([1, 2]), table([1, 3]), DRIFTED),
        ("notes.txt", b"one", b"two", DRIFTED),
        ("m.pkl", b"\x80\x04", b"\x80\x05", NOT_COMPARABLE),
        ("m.pdf", b"%PDF 1", b"%PDF 2", NOT_COMPARABLE),
        ("m.pdf", b"%PDF /CreationDate (D:20260303)", b"%PDF /CreationDate (D:20261129)", EQUIVALENT),
        ("m.svg", b'<svg><metadata>1</metadata><g id="a"/></svg>', b'<svg><metadata>2</metadata><g id="b"/></svg>', EQUIVALENT),
        ("m.svg", b'<svg><g id="a"/></svg>', b'<svg><g id="a"/><g/></svg>', NOT_COMPARABLE),
        ("m.svg", b"\xff", b"\xfe", NOT_COMPARABLE),
        ("m.html", b'<table id="T_1a2b3">', b'<table id="T_9f8e7">', EQUIVALENT),
        ("m.zip", b"no archive", b"not one", NOT_COMPARABLE),
        ("a.csv", b"x\n1\n", None, FAILED),
    ],
)
def test_a_written_file_is_judged_by_its_bytes_and_else_by_its_values(judged, name, before, after, verdict):
    item = judged(name, before, after)
    assert item.verdict is verdict, item.reason
    assert (item.measured is not None) == (verdict is NUMERIC or "numbers differ" in item.reason)


def test_values_are_compared_only_where_the_recorded_bytes_still_lie(judged):
    item = judged("a.csv", b"x\n1.5\n", b"x\n1.50\n", is_gone=True)
    assert item.verdict is DRIFTED
    assert "not here any more" in item.reason
    assert judged("a.csv", b"x\n1.5\n", b"x\n1.5\n", is_gone=True).verdict is IDENTICAL
    assert judged("m.pdf", b"%PDF 1", b"%PDF 2", is_gone=True).verdict is NOT_COMPARABLE  # it says when it was written


@pytest.mark.parametrize("name", ["x.csv", "x.json", "x.jsonl", "x.parquet", "x.npy", "x.npz", "x.feather"])
def test_bytes_that_are_none_of_their_format_have_drifted(judged, name):
    for junk in (b"\x00\xff" * 50, b"[" * 100_000, b""):
        item = judged(name, b"before", junk)
        assert item.verdict is DRIFTED
        assert item.reason


def test_an_array_of_objects_is_not_read(judged):
    pickled = array(np.array([{}], object))
    item = judged("a.npy", pickled, pickled + b" ")
    assert (item.verdict, "ValueError" in item.reason) == (DRIFTED, True)


def test_a_file_has_its_own_tolerance(judged):
    loose = Tolerances((ToleranceRule(by_item={"m.json": 0.5}),))
    assert judged("m.json", json.dumps(1.0).encode(), json.dumps(1.25).encode(), tolerances=loose).verdict is NUMERIC


def test_what_only_the_replay_wrote_is_drift_where_a_cell_surely_did(made, tmp_path):
    site, none = Site.below(tmp_path, ""), made()
    for ways, verdicts in (((FoundBy.OPENED,), [DRIFTED]), ((FoundBy.WATCHED,), [])):
        other = made(written("a.txt", b"a", found_by=ways))
        assert [one.verdict for one in judge_files(none, other, site, tmp_path, Tolerances())] == verdicts


def test_what_is_not_known_is_not_compared(made, tmp_path):
    site = Site.below(tmp_path, "")
    a = made(written("log.txt", None, problem="it was changed before it could be kept"))
    (item,) = judge_files(a, a, site, tmp_path, Tolerances())
    assert (item.verdict, item.reason) == (NOT_COMPARABLE, "it was changed before it could be kept")


def test_a_file_outside_of_the_project_is_what_the_replay_says_that_it_wrote(made, tmp_path):
    site, path = Site.below(tmp_path, ""), str(tmp_path / "elsewhere.csv")
    a = made(written(path, b"a", relative=""))
    same, other, none = made(written(path, b"a", relative="")), made(written(path, b"b", relative="")), made()
    found = [judge_files(a, one, site, tmp_path, Tolerances())[0].verdict for one in (same, other, none)]
    assert found == [IDENTICAL, DRIFTED, FAILED]
