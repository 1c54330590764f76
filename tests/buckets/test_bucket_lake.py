import sys
import threading

import pytest

from mvlake.errors import DamagedLake, Invalid, LakeNotFound, ReadOnlyLake, Refused
from mvlake.lake.lake import Lake
from mvlake.store.keys import record_key

COMMITS = """
import sys
sys.path.insert(0, {tests!r})
from conftest import commit_version
from mvlake.lake.lake import Lake
lake = Lake.open(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
for number in range({count}):
    commit_version(lake, "fraud", depth=f"{{sys.argv[2]}}-{{number}}", outputs={{"x": [sys.argv[2], number]}})
    print(number, flush=True)
"""


@pytest.fixture
def commits(request):
    return COMMITS.format(tests=str(request.config.rootpath / "tests"), count=25)


@pytest.fixture
def lake(server):
    return Lake.open(server.url())


def test_a_lake_in_a_bucket_is_a_lake(server, lake, commit):
    commit(lake, outputs={"x": [1, 2, 3]})
    commit(lake, depth=2, outputs={"x": [1, 2, 4]})
    lake.promote("fraud:v2", "production")
    again = Lake.open(server.url(), create=False)
    assert again.path == server.url()
    assert again.load("fraud@production", "x") == [1, 2, 4]
    assert [entry.ref for entry in again.log()] == ["fraud:v2", "fraud:v1"]
    assert again.sql("select count(*) from versions").rows == ((2,),)
    assert again.verify().is_clean
    assert again.status().path == server.url()


def test_it_is_found_by_the_environment(server, lake, monkeypatch):
    monkeypatch.setenv("MVLAKE_LAKE", server.url())
    assert Lake.open(create=False).path == server.url()


def test_a_place_without_a_lake_is_not_found_and_not_made(server):
    with pytest.raises(LakeNotFound):
        Lake.open(server.url("elsewhere"), create=False)
    assert list(server.store("elsewhere").keys("")) == []


def test_records_without_settings_are_damage(server):
    server.store().put_new(record_key(1), b"{}")
    with pytest.raises(DamagedLake, match=r"lake\.toml is missing"):
        Lake.open(server.url())


def test_a_bucket_that_is_not_there_is_refused(server):
    with pytest.raises(Refused, match="no such bucket"):
        Lake.open("s3://nowhere-to-be-found/lake")


def test_init_makes_one(server):
    assert Lake.init(server.url("made")).path == server.url("made")


def test_an_address_with_credentials_is_refused(server):
    with pytest.raises(Invalid, match="come from the environment"):
        Lake.open("s3://key:top-secret@team/lake")


def test_a_server_without_conditions_is_found_at_open(proxy, server, commit, monkeypatch):
    for name, value in proxy.behind().environ.items():
        monkeypatch.setenv(name, value)
    url = proxy.behind().url()
    commit(Lake.open(url), outputs={"x": 1})
    proxy.ignores_conditions = True
    lake = Lake.open(url)
    before = list(proxy.server.store().keys("log/"))
    assert lake.load("fraud:v1", "x") == 1
    with pytest.raises(ReadOnlyLake, match="If-None-Match"):
        lake.promote("fraud:v1", "production")
    assert list(proxy.server.store().keys("log/")) == before
    with pytest.raises(ReadOnlyLake, match="If-None-Match"):
        Lake.open(proxy.behind().url("new"))


def test_who_may_only_read_reads(proxy, server, commit, monkeypatch):
    for name, value in proxy.behind().environ.items():
        monkeypatch.setenv(name, value)
    commit(Lake.open(proxy.behind().url()), outputs={"x": 1})
    proxy.fault = lambda request: "deny" if request.method not in ("GET", "HEAD") else ""
    lake = Lake.open(proxy.behind().url())
    assert lake.load("fraud:v1", "x") == 1
    assert lake.sql("select count(*) from versions").rows == ((1,),)
    assert not lake.status().is_writable
    with pytest.raises(ReadOnlyLake, match="may only read"):
        lake.note("fraud:v1", "no")


def test_a_replay_leaves_the_lake_that_it_judges_as_it_is(server, lake, commit, monkeypatch):
    commit(lake, outputs={"x": 1})
    monkeypatch.setenv("MVLAKE_LAKE", server.url())
    monkeypatch.setenv("MVLAKE_CAPTURE_TO", "/nowhere")
    with pytest.raises(ReadOnlyLake, match="a replay leaves it"):
        Lake.open(server.url()).note("fraud:v1", "no")


def test_four_processes_lose_nothing(server, lake, in_child, commits):
    children = [in_child(commits, server.url(), number) for number in range(4)]
    for child in children:
        assert child.stdout.readline() == "ready\n", child.stderr.read()
    for child in children:
        child.stdin.write("go\n")
        child.stdin.flush()
    for child in children:
        _, errors = child.communicate(timeout=240)
        assert child.returncode == 0, errors
    lake = Lake.open(server.url())
    versions = [entry.version for entry in lake.log()]
    assert sorted(version.number for version in versions) == list(range(1, 101))
    assert len({version.params[0].value for version in versions}) == 100
    assert lake.verify().is_clean


def test_a_lost_reply_to_a_commit_makes_no_second_one(proxy, server, commit, monkeypatch):
    for name, value in proxy.behind().environ.items():
        monkeypatch.setenv(name, value)
    lake = Lake.open(proxy.behind().url())
    proxy.fault = lambda request: "lost" if request.method == "PUT" and "/log/" in request.path and request.number == 1 else ""
    for depth in (1, 2, 3):
        commit(lake, depth=depth)
    found = Lake.open(proxy.behind().url())
    assert [entry.ref for entry in found.log()] == ["fraud:v3", "fraud:v2", "fraud:v1"]
    assert found.verify().records == 3


@pytest.mark.parametrize("phase", ["objects", "log", "index"])
@pytest.mark.parametrize("fault", ["deaf", "lost"])
def test_a_kernel_that_is_killed_in_a_commit_leaves_all_of_it_or_nothing(proxy, in_child, commits, commit, phase, fault):
    arrived, released = threading.Event(), threading.Event()

    def hold(request):
        if request.method == "PUT" and f"/fraud/{phase}/" in request.path and not arrived.is_set():
            arrived.set()
            released.wait(60)
            return fault
        return ""

    child = in_child(commits, proxy.behind().url(), 0, of=proxy.behind())
    assert child.stdout.readline() == "ready\n"
    proxy.fault = hold
    child.stdin.write("go\n")
    child.stdin.flush()
    assert arrived.wait(60)
    child.kill()
    child.communicate(timeout=60)
    released.set()
    proxy.fault = lambda request: ""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in proxy.server.environ.items():
            patch.setenv(name, value)
        lake = Lake.open(proxy.server.url())
        assert lake.verify().is_clean
        assert len(lake.log()) <= 1
        commit(lake)  # and it goes on
        assert lake.verify().is_clean


def test_without_obstore_it_is_said_what_to_install(server, monkeypatch):
    monkeypatch.setitem(sys.modules, "obstore", None)
    for name in ("bucket", "bucket_reply", "cached_bucket"):
        monkeypatch.delitem(sys.modules, f"mvlake.store.{name}", raising=False)
    with pytest.raises(Refused, match="needs obstore") as caught:
        Lake.open(server.url())
    assert caught.value.hint == 'pip install "mvlake[s3]"'


def test_no_credential_is_written_anywhere(server, lake, commit, caches, tmp_path):
    commit(lake, outputs={"x": list(range(100))})
    Lake.open(server.url()).load("fraud:v1", "x")
    here = tmp_path / "here"
    Lake.init(str(here), source=server.url())
    store = server.store()
    files = [path for folder in (caches, here) for path in folder.rglob("*") if path.is_file()]
    kept = [store.get(key) for key in store.keys("")] + [path.read_bytes() for path in files]
    assert len(kept) > 8
    assert not [data for data in kept if b"top-secret" in data or b"AWS4-HMAC" in data or b"127.0.0.1" in data]
