"""A process that dies while it writes what is derived leaves a lake that answers as if nothing had happened."""

import multiprocessing
import os
import shutil
import signal

import pytest

from mvlake.records.environment import Author
from mvlake.records.events import Note
from mvlake.records.record import Record
from mvlake.registry.tables import END, Table
from mvlake.store.hashing import genesis
from mvlake.store.local import LocalStore
from mvlake.store.log import Log
from mvlake.store.spans import SHORTEST, covering_key

pytestmark = pytest.mark.forks

FORK = multiprocessing.get_context("fork")
START = genesis("0" * 32)


def opened(folder):
    log = Log(LocalStore(folder), genesis=START, follow=lambda record, digest: None)
    log.refresh()
    return log


def commit(log):
    return log.append(lambda seq, prev: Record(seq, prev, "2026-03-03T14:00:00.000000Z", Author("a", "b"), Note("a", seq, "x")))


def rows(log):
    return [row for part in log.parts() for row in part.between(Table.REMARKS, b"", END)]


def killed_at(folder, name, times):
    """Commit the record that ends a chapter, in a process that is killed when it calls this for so many times."""
    calls, real = [0], getattr(os, name)

    def counted(*words, **options):
        calls[0] += 1
        if calls[0] == times:
            if name == "write":
                real(words[0], words[1][: len(words[1]) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*words, **options)

    def work():
        log = opened(folder)
        setattr(os, name, counted)
        commit(log)
        os._exit(0)

    child = FORK.Process(target=work)
    child.start()
    child.join(60)
    return child.exitcode


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """A lake whose next record ends a chapter, which is then joined with three others."""
    folder = tmp_path_factory.mktemp("plain")
    log = opened(folder)
    for _ in range(4 * SHORTEST - 1):
        commit(log)
    return folder


@pytest.mark.parametrize("name", ["open", "write", "close", "replace", "unlink"])
def test_whoever_dies_writing_the_catalogue_leaves_none_or_a_whole_one(tmp_path, plain, name):
    key = covering_key("catalogue", 1, 4 * SHORTEST)
    for times in range(1, 40):
        folder = tmp_path / f"{times}"
        shutil.copytree(plain, folder)
        exitcode = killed_at(folder, name, times)
        found = opened(folder)
        assert found.head in (4 * SHORTEST - 1, 4 * SHORTEST)
        assert len(rows(found)) == found.head
        if found.head < 4 * SHORTEST:
            commit(found)
        assert LocalStore(folder).size(key) is not None
        assert rows(opened(folder)) == rows(found)
        if exitcode == 0:
            break
    else:
        pytest.fail("it was killed at every call")
