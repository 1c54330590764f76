import contextlib
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from mvlake.errors import ReadOnlyLake
from mvlake.lake.lake import Lake

pytestmark = pytest.mark.forks
NOBODY = 65534


@pytest.fixture
def folder(commit):
    """A lake where somebody else could look at it, which no folder of a root's test is."""
    parent = Path(tempfile.mkdtemp(prefix="mvlake-shared-"))
    parent.chmod(0o755)
    lake = Lake.open(parent)
    commit(lake, depth=1, outputs={"x": {"a": 1}, "big": b"big " * 300_000})
    commit(lake, depth=2, outputs={"x": {"a": 2}})
    lake.promote("fraud:v2", "production")
    lake.forget("fraud:v1")
    yield parent / ".mvlake"
    for path in (parent / ".mvlake").rglob("*"):
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(parent)


def as_somebody_else(verb, folder):
    """Ask a lake as a user who may read and not write, and return the problem, if there is one."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(Exception):
            verb(Lake.in_memory())  # loads what it needs: others may not read where Python is
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setegid(NOBODY)
                os.seteuid(NOBODY)
            verb(Lake.open(folder))
            os.write(writing, b"-")
        except BaseException as error:
            os.write(writing, repr(error).encode()[:4000])
        os._exit(0)
    os.close(writing)
    said = os.read(reading, 5000).decode()
    os.close(reading)
    os.waitpid(pid, 0)
    return "" if said == "-" else said


def closed(folder):
    """Take every right to write."""
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


READS = {
    "log": lambda lake: lake.log(),
    "show": lambda lake: lake.show("fraud:v1"),
    "compare": lambda lake: lake.compare("fraud:v1", "fraud:v2"),
    "load": lambda lake: lake.load("fraud@production", "x"),
    "big": lambda lake: lake.load("fraud:v1", "big"),
    "checkout": lambda lake: lake.checkout("fraud:v2", into={}),
    "labels": lambda lake: lake.labels(),
    "at": lambda lake: lake.at("2030-01-01"),
    "sql": lambda lake: lake.sql("select count(*) from versions"),
    "status": lambda lake: lake.status(),
    "verify": lambda lake: lake.verify(),
    "verify --data": lambda lake: lake.verify(data=True),
    "repair": lambda lake: lake.repair(),
    "gc": lambda lake: lake.gc(),
    "doctor": lambda lake: lake.doctor(),
}


@pytest.mark.parametrize("has_index", [True, False], ids=["index", "no index"])
@pytest.mark.parametrize("verb", READS)
def test_whatever_reads_works_in_a_lake_that_cannot_be_written(folder, verb, has_index):
    if not has_index:
        shutil.rmtree(folder / "index")
    before = closed(folder)
    assert as_somebody_else(READS[verb], folder) == ""
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


@pytest.mark.parametrize("verb", ["commit", "promote", "forget", "unforget", "gc", "rebuild"])
def test_whatever_writes_says_that_it_cannot(folder, verb, commit):
    writes = {
        "commit": lambda lake: commit(lake, depth=9),
        "promote": lambda lake: lake.promote("fraud:v2", "staging"),
        "forget": lambda lake: lake.forget("fraud:v2") if not lake.labels().current else lake.forget("fraud:v1"),
        "rebuild": lambda lake: lake.rebuild(),
        "unforget": lambda lake: lake.unforget("fraud:v1"),
        "gc": lambda lake: [lake.gc(apply=True, grace="0", hasty=True) for _ in range(2)],
    }
    before = closed(folder)
    said = as_somebody_else(writes[verb], folder)
    if verb not in ("forget", "gc"):  # these find nothing to write
        assert ReadOnlyLake.__name__ in said
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
