import contextlib
import json
import os
import signal
import threading
from dataclasses import replace

import pytest
from harness.copying import Snapshot

from mvlake.errors import MissingObject, MvlakeError, Refused
from mvlake.lake.lake import Lake
from mvlake.lake.shelf import LakeShelf
from mvlake.records.artifact import DraftArtifact, Role
from mvlake.records.node import Node
from mvlake.records.summary import ValueSummary
from mvlake.store.hashing import digest_of
from mvlake.store.local import LocalStore

pytestmark = pytest.mark.forks

BIG = b"big " * 300_000
CALLS = ("open", "write", "fsync", "link", "mkdir", "rename", "replace", "unlink", "close")


@pytest.fixture(autouse=True)
def quick_commits(monkeypatch):
    # A process that dies takes nothing from the operating system's cache: flushing would only cost time here. It still dies there.
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


def collect(place, times=4):
    """Collect in another process, as a colleague's cron job does."""
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(BaseException):
            for _ in range(times):
                Lake.open(place).gc(apply=True, grace="0", hasty=True, repack=True)
            os._exit(0)
        os._exit(1)
    assert os.waitpid(pid, 0)[1] == 0


def check_whole(place):
    """Check that no version that is wanted misses anything, as a reader sees it who has never seen the lake before."""
    lake = Lake.open(place)
    assert lake.verify(data=True).problems == ()
    for entry in lake.log():
        if entry.forgotten is None:
            assert lake.show(entry.ref).dossier.problems == ()
            for artifact in entry.version.artifacts:
                assert lake._parts.objects.read(artifact.object)
    return lake


def node_artifact(lake):
    """Return an artifact of which only the node is at hand when it is committed: what is below was staged and let go."""
    shelf = LakeShelf(lake._parts)
    leaves = tuple(shelf.put(b"leaf %d " % number * 5_000) for number in range(3))
    inner = Node(b"inner", leaves=leaves).to_bytes()
    data = Node(b"outer", nodes=(shelf.put(inner),)).to_bytes()
    summary = ValueSummary("dict", "{}", None)
    return DraftArtifact(
        Role.OUTPUT, "tree", "plain", 1, digest_of(data), digest_of(data), len(data) + shelf.size, summary, data, True, shelf.finish()
    )  # fmt: skip


def draft_of(lake, new_draft, kind):
    """Return a draft whose content is at hand, was staged before, or lies in the lake already."""
    draft = new_draft(lake, outputs={} if kind == "tree" else {"big": BIG, "x": {"a": 1}}, params={"depth": 7})
    return replace(draft, artifacts=(node_artifact(lake),)) if kind == "tree" else draft


def stop_before(monkeypatch, where):
    """Stop this process right before it writes its record, or right after."""
    real, stopped = LocalStore.put_new, []

    def put_new(store, key, data):
        stops = key.startswith("log/") and not stopped
        stopped.extend([key] * stops)
        if stops and where == "before":
            os.kill(os.getpid(), signal.SIGSTOP)
        done = real(store, key, data)
        if stops and where == "after":
            os.kill(os.getpid(), signal.SIGSTOP)
        return done

    monkeypatch.setattr(LocalStore, "put_new", put_new)


def write_stopped(place, new_draft, monkeypatch, kind, where, pipe):
    """Commit in this process, which stops itself on the way; tell what came of it."""
    lake = Lake.open(place)
    draft = draft_of(lake, new_draft, kind)
    if where == "staged":
        os.kill(os.getpid(), signal.SIGSTOP)
    else:
        stop_before(monkeypatch, where)
    try:
        said = {"ref": lake.commit(draft).version.ref}
    except MvlakeError as error:
        said = {"error": str(error)}
    os.write(pipe, json.dumps(said).encode())


@pytest.mark.parametrize("where", ["staged", "before", "after"])
@pytest.mark.parametrize("kind", ["new", "known", "tree"])
def test_a_writer_that_was_stopped_while_others_collect_is_whole_or_says_so(tmp_path, new_draft, monkeypatch, commit, kind, where):
    lake = Lake.open(tmp_path)
    commit(lake, depth=1)
    if kind == "known":  # what the writer will find in the lake, and rely on, goes while it is stopped
        commit(lake, depth=2, outputs={"big": BIG, "x": {"a": 1}})
        lake.forget("fraud:v2")
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(BaseException):
            write_stopped(tmp_path, new_draft, monkeypatch, kind, where, writing)
            os._exit(0)
        os._exit(1)
    os.close(writing)
    assert os.WIFSTOPPED(os.waitpid(pid, os.WUNTRACED)[1])
    with contextlib.suppress(Refused):
        collect(tmp_path)
    os.kill(pid, signal.SIGCONT)
    assert os.waitpid(pid, 0)[1] == 0
    said = json.loads(os.read(reading, 10_000))
    os.close(reading)
    lake = check_whole(tmp_path)
    refs = [entry.ref for entry in lake.log() if entry.forgotten is None]
    if "ref" in said:
        assert said["ref"] in refs
        if kind != "tree":
            assert lake.load(said["ref"], "big") == BIG
    else:
        assert "collected" in said["error"]
        assert "run the cell again" in said["error"]
        assert refs == ["fraud:v1"]
    commit(lake, depth=50)
    check_whole(tmp_path)


@pytest.mark.parametrize("where", ["before", "after"])
def test_a_repacking_that_was_stopped_while_others_collect_and_commit_loses_nothing(tmp_path, monkeypatch, commit, where):
    lake = Lake.open(tmp_path)
    commit(lake, depth=1, outputs={"shared": {"a": 1}, "gone": 1})
    commit(lake, depth=1, outputs={"shared": {"a": 1}, "kept": 2})
    lake.forget("fraud:v1")
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(BaseException):
            lake = Lake.open(tmp_path)
            stop_before(monkeypatch, where)
            lake.gc(apply=True, grace="0", hasty=True, repack=True)
            os._exit(0)
        os._exit(1)
    assert os.WIFSTOPPED(os.waitpid(pid, os.WUNTRACED)[1])
    collect(tmp_path)
    lake = check_whole(tmp_path)
    commit(lake, depth=9, outputs={"gone": 1})  # what was to be left out is wanted again
    collect(tmp_path, times=2)
    os.kill(pid, signal.SIGCONT)
    assert os.waitpid(pid, 0)[1] == 0
    check_whole(tmp_path)
    collect(tmp_path)
    lake = check_whole(tmp_path)
    assert lake.load("fraud:v2", "shared") == {"a": 1}
    assert lake.load("fraud:v3", "gone") == 1


def test_what_is_collected_right_before_the_record_is_stored_again_by_the_next_try(tmp_path, new_draft):
    lake = Lake.open(tmp_path)
    draft = draft_of(lake, new_draft, "tree")
    collect(tmp_path)
    with pytest.raises(MissingObject, match="collected"):
        lake.commit(draft)
    assert lake.commit(draft_of(lake, new_draft, "tree")).version.ref == "fraud:v1"
    check_whole(tmp_path)


def die_at(number):
    """Let this process die at the n-th call that changes a disk."""
    count = 0

    def mortal(real):
        def call(*arguments, **options):
            nonlocal count
            count += 1
            if count == number:
                os._exit(9)
            return real(*arguments, **options)

        return call

    for name in CALLS:
        setattr(os, name, mortal(getattr(os, name)))


def prepared(place, commit):
    """Make a lake with one file that is due to be moved, one that is due to be removed, and one that came to be wanted in the trash."""
    lake = Lake.open(place)
    for depth, content in enumerate([b"one " * 300_000, b"two " * 300_000, b"three " * 300_000], 1):
        commit(lake, depth=depth, outputs={"big": content})
    commit(lake, depth=9, outputs={"x": 1})
    lake.forget("fraud:v1")
    lake.forget("fraud:v2")
    for _ in range(2):
        lake.gc(apply=True, grace="0", hasty=True)
    lake._parts.append(type(lake._parts.log.read(lake._parts.log.head)[0].body)("fraud", 2, is_undone=True))
    lake.forget("fraud:v3")
    Lake.open(place).gc(apply=True, grace="0", hasty=True)  # puts the second one back, marks the third
    return lake


def test_a_collection_that_dies_at_any_call_loses_nothing(tmp_path, commit):
    number = 0
    prepared(tmp_path / "before", commit)
    before = Snapshot.of(tmp_path / "before")
    while True:
        number += 1
        place = tmp_path / str(number)
        before.put(place)
        pid = os.fork()
        if pid == 0:
            with contextlib.suppress(BaseException):
                lake = Lake.open(place)
                die_at(number)
                lake.gc(apply=True, grace="0", hasty=True)
                os._exit(0)
            os._exit(1)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        assert code in (0, 9)
        lake = check_whole(place)
        assert lake.load("fraud:v2", "big") == b"two " * 300_000
        collect(place, times=3)
        assert not list((place / ".mvlake/trash").rglob("*.pack")) or check_whole(place)
        check_whole(place)
        if code == 0:
            break
    assert number > 10


def at_first_rename(monkeypatch, do, *, before):
    """Do something at the moment when the first file is moved."""
    real, done = os.rename, []

    def rename(source, target, **options):
        first = not done
        done.append(source)
        if first and before:
            do()
        real(source, target, **options)
        if first and not before:
            do()

    monkeypatch.setattr(os, "rename", rename)
    return done


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("act", ["commit", "unforget", "promote"])
def test_what_comes_to_be_wanted_while_it_is_collected_stays(tmp_path, commit, monkeypatch, before, act):
    lake, other = Lake.open(tmp_path), None
    commit(lake, depth=1, outputs={"big": BIG})
    commit(lake, depth=2)
    other = Lake.open(tmp_path)
    other.log()
    lake.forget("fraud:v1")
    lake.gc(apply=True, grace="0", hasty=True)

    def do():
        if act == "commit":
            commit(other, depth=3, outputs={"other": BIG})
        else:
            other.unforget("fraud:v1")
        if act == "promote":
            other.promote("fraud:v1", "production")

    moved = at_first_rename(monkeypatch, do, before=before)
    lake.gc(apply=True, grace="0", hasty=True)
    assert moved
    for _ in range(3):
        Lake.open(tmp_path).gc(apply=True, grace="0", hasty=True)
    lake = check_whole(tmp_path)
    assert lake.load(*(("fraud:v3", "other") if act == "commit" else ("fraud:v1", "big"))) == BIG


def test_many_collections_and_commits_at_once_lose_nothing(tmp_path, commit):
    Lake.open(tmp_path)
    contents = [b"%d " % number * 400_000 for number in range(3)]
    problems, gate = [], threading.Barrier(4)

    def work(number):
        lake = Lake.open(tmp_path)
        gate.wait()
        try:
            for turn in range(6):
                if number < 2:
                    with contextlib.suppress(Refused, MvlakeError):
                        lake.gc(apply=True, grace="0", hasty=True)
                else:
                    with contextlib.suppress(MissingObject):
                        version = commit(lake, f"n{number}", depth=turn, outputs={"big": contents[turn % 3]})
                        if turn % 2:
                            lake.forget(version.ref)
        except BaseException as error:  # a thread's assertion is to be seen
            problems.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    lake = check_whole(tmp_path)
    for entry in lake.log():
        if entry.forgotten is None:
            assert lake.load(entry.ref, "big") in contents
