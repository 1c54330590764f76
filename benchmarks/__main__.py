"""`make bench`: prints each figure beside its goal, and how many times better it is than what peers need for the same in this run.

`python -m benchmarks frames commit` measures these alone, `--small` with little data for a quick look.
"""

import argparse
import json
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from benchmarks.causes import causes
from benchmarks.cell import small_cell
from benchmarks.commit import commit
from benchmarks.compare import keyed, wide
from benchmarks.facts import facts
from benchmarks.faults import faults
from benchmarks.figure import Figure, table
from benchmarks.fingerprint import fingerprint
from benchmarks.frames import frames
from benchmarks.history import history
from benchmarks.load import load_extension
from benchmarks.loop import audited, loop, million_rows
from benchmarks.machine import load, machine
from benchmarks.notebooks import notebooks
from benchmarks.recall import recall
from benchmarks.replay import replay
from benchmarks.scale import FULL, SMALL, Scale
from benchmarks.scenario import scenario
from benchmarks.secrets import detectors
from benchmarks.waits import waits
from benchmarks.writers import writers

GROUPS: dict[str, list[Callable[[Scale], list[Figure]]]] = {
    "load": [lambda _: load_extension()],
    "cell": [lambda _: small_cell(), waits, million_rows, loop, audited],
    "commit": [lambda _: commit(), writers],
    "history": [lambda _: history()],
    "fingerprint": [fingerprint],
    "frames": [frames],
    "notebooks": [notebooks],
    "compare": [wide, keyed],
    "replay": [replay],
    "scenario": [lambda _: scenario()],
    "secrets": [lambda _: detectors()],
    "faults": [faults],
    "facts": [lambda _: facts()],
    "recall": [lambda _: recall()],
    "causes": [lambda _: causes()],
}


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure what mvlake costs, beside its goals and its peers."
    )
    parser.add_argument("groups", nargs="*", metavar="group", help=f"what to measure (all when not given): {', '.join(GROUPS)}")
    parser.add_argument("--small", action="store_true", help="little data, for a quick look")
    parser.add_argument("--no-peers", action="store_true", help="leave out the tools of others, plain Parquet apart")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures for a program too")
    wanted = parser.parse_args()
    for group in wanted.groups:
        if group not in GROUPS:
            parser.error(f"no group {group!r}: {', '.join(GROUPS)}")
    scale = replace(SMALL if wanted.small else FULL, with_peers=not wanted.no_peers)
    before = machine()
    figures: list[Figure] = []
    failed: list[str] = []
    for group in wanted.groups or GROUPS:
        print(f"measuring: {group} …", file=sys.stderr, flush=True)
        for measure in GROUPS[group]:
            try:
                figures += measure(scale)
            except Exception:  # what took minutes to measure is not thrown away for one group
                traceback.print_exc()
                failed.append(group)
    print(f"{scale.rows:,} rows; {before}; at the end {load()}", end="\n\n")
    print(table(figures))
    if failed:
        print(f"\nnot measured, because of an error: {', '.join(failed)}")
    if wanted.json:
        wanted.json.write_text(json.dumps([figure.plain() for figure in figures], indent=1), encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
