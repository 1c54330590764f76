"""What a lake of some thousand versions costs to open and to use: as much as one of a few."""

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from mvlake.lake.lake import Lake
from mvlake.lake.open import create_lake, read_id
from mvlake.records.artifact import Artifact, Role
from mvlake.records.environment import Author
from mvlake.records.record import Record, record_bytes
from mvlake.records.version import Cell, Names, Origin, Version
from mvlake.store.hashing import digest_of, genesis
from mvlake.store.keys import pack_key, record_key
from mvlake.store.local import LocalStore
from mvlake.store.pack import entry_of, pack_bytes
from mvlake.store.seal import seal

AT = "2026-03-03T14:00:00.000000Z"
NAMES = 5
MEASURED = """
import sys, tracemalloc
from mvlake.lake.lake import Lake
from mvlake.store import table_file
table_file._PAGES_KEPT = 16  # else the pages kept, which are bounded, hide what is not
Lake.open(sys.argv[1]).show("model-1:v3")
Lake.open(sys.argv[1]).note("model-1:v3", "warm")
tracemalloc.start()
lake = Lake.open(sys.argv[1])
lake.show("model-1:v3")
lake.log(limit=5)
lake.note("model-1:v3", "once more")
lake.promote("model-1:v3", "production")
print(tracemalloc.get_traced_memory()[1])
"""


def write(folder, key, data):
    path = folder / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def built(folder, count):
    """Return a lake of so many versions, byte for byte what commits would have written, but without waiting for the disk."""
    store = LocalStore(folder / ".mvlake")
    (folder / ".mvlake").mkdir(parents=True)
    create_lake(store, datetime.now(UTC))
    prev = genesis(read_id(store))
    for seq in range(1, count + 1):
        source, held = b"x = %d" % seq, b"held %d" % seq
        pack = pack_bytes({digest_of(data): entry_of(data) for data in (source, held, b"{}")[: 3 if seq == 1 else 2]})
        artifact = Artifact(Role.OUTPUT, "x", "text", 1, digest_of(held), digest_of(held), len(held), digest_of(b"{}"))
        version = Version(
            f"model-{seq % NAMES}", (seq - 1) // NAMES + 1, None, digest_of(source), Origin.CELL, (Cell(digest_of(source)),), Names(), (),
            (), (artifact,), (), digest_of(b"{}"), None, "", AT, 1.0,
        )  # fmt: skip
        data = seal(record_bytes(Record(seq, prev, AT, Author("ana", "lab"), version, (digest_of(pack),))))
        write(folder / ".mvlake", pack_key(digest_of(pack)), pack)
        write(folder / ".mvlake", record_key(seq), data)
        prev = digest_of(data)
    Lake.open(folder)
    return folder


@pytest.fixture(scope="module")
def long_lake(tmp_path_factory):
    return built(tmp_path_factory.mktemp("long"), 3000)


@pytest.fixture(scope="module")
def short_lake(tmp_path_factory):
    return built(tmp_path_factory.mktemp("short"), 3000 % 256 + 256)


def opened_files(monkeypatch):
    found, real = [], os.open
    monkeypatch.setattr(os, "open", lambda path, *more, **options: found.append(str(path)) or real(path, *more, **options))
    return found


def test_opening_and_showing_reads_the_tail_and_what_is_shown(long_lake, monkeypatch):
    Lake.open(long_lake).load_bytes("model-1:v1")
    files = opened_files(monkeypatch)
    lake = Lake.open(long_lake)
    shown = lake.show("model-1:v1").entry
    assert lake.load_bytes("model-1:v1") == b"held 1"
    assert shown.seq == 1
    assert len(lake.log(limit=20)) == 20
    assert sum("/log/" in file for file in files) <= 3000 % 256 + 30
    assert sum("/objects/" in file for file in files) <= 5


def test_a_list_says_whether_it_is_all(short_lake):
    lake = Lake.open(short_lake)
    count = lake.latest("model-1")
    assert lake.log("model-1", limit=count - 1).is_cut
    assert not lake.log("model-1", limit=count).is_cut
    assert not lake.log("model-1").is_cut


def test_memory_does_not_follow_the_lake(long_lake, short_lake):
    peaks = [int(subprocess.check_output([sys.executable, "-c", MEASURED, str(one)])) for one in (short_lake, long_lake)]
    assert peaks[1] < peaks[0] * 1.5 + 500_000


def test_a_rebuild_makes_all_that_is_derived_anew(long_lake):
    index = long_lake / ".mvlake/index"
    lake = Lake.open(long_lake)
    lake.load_bytes("model-1:v1")
    kept = {path.name: path.read_bytes() for path in index.glob("catalogue-*")}
    for path in index.iterdir():
        path.write_bytes(b"rubbish")
    assert lake.rebuild().sentence.startswith("rebuilt the index over 30")
    assert {path.name: path.read_bytes() for path in index.glob("catalogue-*")} == kept
    assert Lake.open(long_lake).load_bytes("model-1:v1") == b"held 1"
    assert Lake.open(long_lake).verify().is_clean
