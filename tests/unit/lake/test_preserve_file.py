import os

import pytest

from mvlake.handlers.file import PIECE
from mvlake.lake.backlog import Cancelled, Job
from mvlake.lake.manner import Manner
from mvlake.lake.stamp import stamp_of
from mvlake.store.hashing import digest_of


@pytest.fixture
def keep(lake, tmp_path):
    def keep_one(data, *, keep=True, name="a.bin", age=100, **more):
        path = tmp_path / name
        if data is not None:
            path.write_bytes(data)
            os.utime(path, (path.stat().st_mtime - age,) * 2)
        return lake.preserve_file(name, str(path), stamp_of(str(path)), keep=keep, **more)

    return keep_one


def test_the_digest_is_that_of_the_bytes(keep):
    for data in (b"", b"x" * 100, os.urandom(3 * PIECE + 17)):
        found = keep(data)
        assert found.digest == found.artifact.digest == digest_of(data)
        assert not found.problem
        assert keep(data, keep=False, name="b.bin").artifact is None


def test_a_file_that_is_known_by_its_stamp_is_not_read_again(keep, lake, tmp_path, monkeypatch):
    first = keep(b"x" * 100)
    monkeypatch.setattr(os, "open", None)
    assert lake.knows_file(stamp_of(str(tmp_path / "a.bin")))
    assert keep(None, keep=False).digest == first.digest


def test_a_file_of_this_moment_is_read_again_for_its_clock_may_not_tell_a_change(keep, lake, tmp_path):
    keep(b"x" * 100, age=0)
    assert not lake.knows_file(stamp_of(str(tmp_path / "a.bin")))


def test_a_file_that_was_changed_or_removed_is_said_and_not_guessed(keep, lake, tmp_path):
    keep(b"before")
    stamp = stamp_of(str(tmp_path / "a.bin"))
    (tmp_path / "a.bin").write_bytes(b"after, and longer")
    lake._now.files.clear()
    found = lake.preserve_file("a.bin", str(tmp_path / "a.bin"), stamp, keep=True)
    assert (found.digest, found.artifact) == (None, None)
    assert "changed" in found.problem
    (tmp_path / "a.bin").unlink()
    assert "deleted" in lake.preserve_file("a.bin", str(tmp_path / "a.bin"), stamp, keep=True).problem
    os.mkfifo(tmp_path / "a.bin")
    assert "changed" in lake.preserve_file("a.bin", str(tmp_path / "a.bin"), stamp, keep=True).problem


def test_a_file_that_cannot_be_read_is_said(lake, tmp_path):
    (tmp_path / "a.bin").write_bytes(b"x")
    stamp = stamp_of(str(tmp_path / "a.bin"))
    found = lake.preserve_file("a", str(tmp_path / "a.bin" / "below"), stamp, keep=True)
    assert "could not be read" in found.problem


def test_a_file_that_grew_shares_its_first_pieces(keep):
    data = os.urandom(2 * PIECE)
    first = keep(data)
    grown = keep(data + b"more")
    assert set(_leaves(first)) < set(_leaves(grown))


def test_a_cancelled_job_ends_in_the_middle(keep):
    job = Job("fraud", 0, write=lambda _: None, drop=lambda: None)
    job.cancel()
    with pytest.raises(Cancelled):
        keep(os.urandom(2 * PIECE), manner=Manner(job))
    with pytest.raises(Cancelled):
        keep(os.urandom(2 * PIECE), manner=Manner(job), keep=False, name="b.bin")


def _leaves(found):
    from mvlake.records.node import read_node

    return read_node(found.artifact.content).leaves
