"""A process that ends while its lake's bucket does not answer."""

import pytest

from mvlake.lake.lake import Lake

WRITES = """
import sys
sys.path.insert(0, {tests!r})
from conftest import commit_version
from mvlake.lake.backlog import Job
from mvlake.lake.lake import Lake
from mvlake.store import ending

ending.GRACE = 1.0
lake = Lake.open(sys.argv[1])

def write(number):
    try:
        commit_version(lake, "fraud", depth=number, outputs={{"x": [number]}})
        print("made", number, flush=True)
    except BaseException as error:
        print(type(error).__name__, error.message, flush=True)

print("ready", flush=True)
sys.stdin.readline()
for number in (2, 3):
    lake.backlog.submit(Job("fraud", 1, write=lambda job, number=number: write(number), drop=lambda: None))
"""
ENOUGH = 100  # seconds: less than the seven minutes for which one request is tried again when nobody is ending


@pytest.fixture
def writer(request, proxy, in_child):
    code = WRITES.format(tests=str(request.config.rootpath / "tests"))
    child = in_child(code, proxy.server.url(), of=proxy.behind())
    assert child.stdout.readline() == "ready\n"
    yield child
    child.kill()
    child.wait(30)


def versions(proxy, monkeypatch):
    for name, value in proxy.server.environ.items():
        monkeypatch.setenv(name, value)
    lake = Lake.open(proxy.server.url(), create=False)
    assert lake.verify(data=True).is_clean
    return [entry.ref for entry in lake.log()]


@pytest.mark.parametrize("fault", ["silent", "503", "deaf"])
@pytest.mark.parametrize("to", ["everything", "puts"])
def test_a_bucket_that_cannot_be_reached_does_not_hold_up_the_end_of_a_process(proxy, writer, monkeypatch, fault, to):
    proxy.fault = lambda request: fault if to == "everything" or request.method == "PUT" else ""
    out, err = writer.communicate("go\n", timeout=ENOUGH)
    proxy.fault = lambda request: ""
    assert writer.returncode == 0, err
    said = out.splitlines()
    assert len(said) == 2
    assert all(line.startswith(("ReadOnlyLake", "Unreachable")) for line in said), out
    assert versions(proxy, monkeypatch) == []


def test_one_that_answers_is_written_to_the_end(proxy, writer, monkeypatch):
    out, err = writer.communicate("go\n", timeout=ENOUGH)
    assert writer.returncode == 0, err
    assert out.splitlines() == ["made 2", "made 3"]
    assert versions(proxy, monkeypatch) == ["fraud:v2", "fraud:v1"]
