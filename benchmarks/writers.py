"""Writers: many processes that commit to one lake at once. `python -m benchmarks.writers LAKE WRITER COUNT` is one of them."""

import json
import os
import subprocess
import sys
import tempfile
import time

from benchmarks.commit import _draft
from benchmarks.figure import Figure, p50, p95
from benchmarks.scale import Scale
from mvlake.lake.lake import Lake

PROCESSES = (4, 16)
COMMITS = 60
APART = 1_000_000


def writers(scale: Scale) -> list[Figure]:
    """Commits of small versions by several processes into one lake, under one name: each has to find its number free."""
    figures = [Figure("for comparison: two small files written, synced and linked (p50)", p50(_synced()), None, COMMITS)]
    for count in PROCESSES:
        each = COMMITS if scale.rows > 1_000_000 else COMMITS // 10
        with tempfile.TemporaryDirectory() as folder:
            Lake.open(folder)
            started, samples = _together(folder, count, each)
            lost = count * each - (Lake.open(folder).latest("bench") or 0)
        rate = count * each / started
        figures += [
            Figure(f"commit, {count} processes at once (p50)", p50(samples), None, len(samples)),
            Figure(f"commit, {count} processes at once (p95)", p95(samples), None, len(samples)),
            Figure(f"commit, {count} processes at once: all together", rate, None, 1, "/s", is_rate=True),
            Figure(f"commit, {count} processes at once: versions lost", lost, 0, len(samples), "lost"),
        ]
    return figures


def _synced() -> list[float]:
    """Return what the disk itself takes for the two files of a commit, a pack and a record, in milliseconds."""
    samples = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(COMMITS):
            started = time.perf_counter()
            for name in ("pack", "record"):
                path = os.path.join(folder, "new")
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
                os.write(descriptor, bytes(4096))
                os.fsync(descriptor)
                os.close(descriptor)
                os.link(path, os.path.join(folder, f"{name}{number}"))
                os.unlink(path)
                directory = os.open(folder, os.O_RDONLY)
                os.fsync(directory)
                os.close(directory)
            samples.append((time.perf_counter() - started) * 1e3)
    return samples


def _together(folder: str, count: int, each: int) -> tuple[float, list[float]]:
    """Return the seconds from the first commit to the last, and the milliseconds of each."""
    command = [sys.executable, "-m", "benchmarks.writers", folder]
    running = [
        subprocess.Popen([*command, str(number), str(each)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for number in range(count)
    ]
    for one in running:  # all are there before any begins
        assert one.stdout is not None
        one.stdout.readline()
    started = time.perf_counter()
    for one in running:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    said = [one.communicate()[0] for one in running]
    return time.perf_counter() - started, [sample for text in said for sample in json.loads(text)]


def _write(folder: str, writer: int, count: int) -> None:
    lake = Lake.open(folder)
    print("ready", flush=True)
    sys.stdin.readline()
    samples = []
    for number in range(writer * APART, writer * APART + count):
        draft = _draft(lake, number)
        started = time.perf_counter()
        lake.commit(draft)
        samples.append((time.perf_counter() - started) * 1e3)
    print(json.dumps(samples))


if __name__ == "__main__":
    _write(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
