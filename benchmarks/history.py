"""History: a lake of a hundred thousand versions. It is opened, asked and committed to as one of ten would be."""

import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.figure import Figure, p50, p95
from mvlake.lake.open import create_lake, read_id
from mvlake.records.artifact import Artifact, Role
from mvlake.records.canonical import canonical
from mvlake.records.environment import Author, Environment
from mvlake.records.facts import Metric, MetricSource, Param, ParamSource
from mvlake.records.fields import to_fields
from mvlake.records.record import Record, record_bytes
from mvlake.records.summary import ValueSummary
from mvlake.records.version import Cell, Names, Origin, Version
from mvlake.store.hashing import digest_of, genesis
from mvlake.store.hint import write_hint
from mvlake.store.keys import pack_key, record_key
from mvlake.store.local import LocalStore
from mvlake.store.pack import Entry, pack_bytes
from mvlake.store.seal import seal

VERSIONS = 100_000
NAMES = 20
RUNS = 9
COMMITS = 200
AT = "2026-01-01T00:00:00.000000Z"
TOP = "select ref, value from metrics where metric = 'auc' order by value desc limit 20"
ONE = "select number, value from metrics where metric = 'auc' and name = 'model-7' order by number"

# Each in a process of its own, which has only just started: how long, in milliseconds, and how much memory it has in the end.
_PREPARED = """
import resource, sys, time
from mvlake.lake.lake import Lake
def resident():
    for line in open('/proc/self/status'):
        if line.startswith('RssAnon'):
            return int(line.split()[1]) / 1024
def took(work):
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1e3
"""
_OPEN = "print(took(lambda: Lake.open(sys.argv[1])), resident())"
_SHOW = "lake = Lake.open(sys.argv[1]); print(took(lambda: lake.show('model-3:v7')), resident())"
_LIST = "lake = Lake.open(sys.argv[1]); print(took(lambda: lake.log(limit=20)), resident())"
_ASK = """
lake = Lake.open(sys.argv[1])
print(took(lambda: lake.sql(sys.argv[2])), resident())
for _ in range(9):
    print(took(lambda: lake.sql(sys.argv[2])), resident())
"""
_REBUILD = "lake = Lake.open(sys.argv[1]); print(took(lambda: lake.rebuild()), resident())"


def _in_a_new_process(program: str, *words: str) -> list[tuple[float, float]]:
    said = subprocess.run([sys.executable, "-c", _PREPARED + program, *words], check=True, capture_output=True, text=True).stdout
    return [(float(line.split()[0]), float(line.split()[1])) for line in said.splitlines()]


def _body(seq: int, chance: random.Random, shared: dict[str, str]) -> tuple[Version, dict[str, bytes]]:
    """Return a version as capture makes it, and the objects that came with it."""
    source = f"model = fit(df, depth={seq})".encode()
    held = canonical([seq])
    summary = canonical(to_fields(ValueSummary("list", str([seq]), 1)))
    objects = {digest_of(data): data for data in (source, held, summary)}
    code, content, told = objects
    name, number = f"model-{seq % NAMES}", (seq - 1) // NAMES + 1
    metrics = [Metric("auc", chance.random(), MetricSource.COMPUTED)]
    metrics += [Metric(f"metric-{one}", chance.random(), MetricSource.COMPUTED) for one in range(9)]
    version = Version(
        name=name,
        number=number,
        parent=number - 1 or None,
        identity=digest_of(f"{seq}".encode()),
        origin=Origin.CELL,
        cells=(Cell(shared["cell"], 1, "a1"), Cell(code, 2, "a2", is_tracked=True)),
        names=Names(read=("df",), bound=("model",)),
        params=tuple(Param(f"param-{one}", chance.randrange(100), ParamSource.LITERAL) for one in range(10)),
        metrics=tuple(metrics),
        artifacts=(Artifact(Role.OUTPUT, "x", "plain", 1, content, content, len(held), told),),
        omitted=(),
        environment=shared["environment"],
        git=None,
        notebook="train.ipynb",
        started_at=AT,
        duration=1.0,
    )
    return version, objects


def build(folder: Path, count: int = VERSIONS) -> None:
    """Write a lake of many versions, byte for byte what commits would have written, but without waiting for the disk."""
    store = LocalStore(folder)
    folder.mkdir(parents=True)
    create_lake(store, datetime.now(UTC))
    prev, chance = genesis(read_id(store)), random.Random(count)
    packages = {f"package-{number}": "1.0" for number in range(200)}
    first = {
        "cell": b"import pandas as pd",
        "environment": canonical(to_fields(Environment("3.11", "CPython", "Linux", "x86_64", "any", 2, packages))),
    }
    shared = {what: digest_of(data) for what, data in first.items()}
    for seq in range(1, count + 1):
        version, objects = _body(seq, chance, shared)
        if seq == 1:
            objects |= {digest_of(data): data for data in first.values()}
        pack = pack_bytes({digest: Entry(data, None) for digest, data in objects.items()})
        record = Record(seq, prev, AT, Author("ana", "lab"), version, (digest_of(pack),))
        data = seal(record_bytes(record))
        prev = digest_of(data)
        _write(folder / pack_key(digest_of(pack)), pack)
        _write(folder / record_key(seq), data)
    write_hint(store, count, prev)


def _write(path: Path, data: bytes) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
    os.write(descriptor, data)
    os.close(descriptor)


def history() -> list[Figure]:
    """A lake of 100 000 versions: opening, asking and committing, cold in new processes and warm."""
    from benchmarks.commit import commits

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / ".mvlake"
        started = time.perf_counter()
        build(folder)
        built = (time.perf_counter() - started) * 1e3
        first, _ = _in_a_new_process(_OPEN, place)[0]
        opened = [_in_a_new_process(_OPEN, place)[0] for _ in range(RUNS)]
        shown = [_in_a_new_process(_SHOW, place)[0] for _ in range(RUNS)]
        listed = [_in_a_new_process(_LIST, place)[0] for _ in range(RUNS)]
        rebuilt, rebuilt_in = _in_a_new_process(_REBUILD, place)[0]
        tops, ones = (_in_a_new_process(_ASK, place, question) for question in (TOP, ONE))
        committed = commits(place, COMMITS)
    return [
        Figure("100 000 versions written by hand, to measure on", built, None, 1),
        Figure("  opened for the first time, with no catalogue", first, None, 1),
        Figure("  opened, in a new process (p50)", p50([one for one, _ in opened]), 200, RUNS),
        Figure("  one version shown, in a new process (p50)", p50([one for one, _ in shown]), 50, RUNS),
        Figure("  the newest 20 listed, in a new process (p50)", p50([one for one, _ in listed]), 50, RUNS),
        Figure("  top 20 by a metric, first question of a process", tops[0][0], 300, 1),
        Figure("  top 20 by a metric (p50)", p50([one for one, _ in tops[1:]]), 50, len(tops) - 1),
        Figure("  a metric's history, first question of a process", ones[0][0], 300, 1),
        Figure("  a metric's history (p50)", p50([one for one, _ in ones[1:]]), 50, len(ones) - 1),
        Figure("  commit of a small version, durable (p50)", p50(committed), 2, COMMITS),
        Figure("  commit of a small version, durable (p95)", p95(committed), None, COMMITS),
        Figure("  index rebuilt", rebuilt, None, 1),
        Figure("  memory of a process that opened it and showed a version", p50([held for _, held in shown]), None, RUNS, "MB"),
        Figure("  memory of a process that asked in SQL", tops[-1][1], None, 1, "MB"),
        Figure("  memory of a process that rebuilt the index", rebuilt_in, None, 1, "MB"),
    ]
