"""Frames: a large frame and what people do to it: what each version adds to the disk, and the processor time, here and with peers."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyarrow as pa

from benchmarks import ours, parquet
from benchmarks.edits import edits, new_cells
from benchmarks.figure import Figure, p50
from benchmarks.flights import flights
from benchmarks.peers import DATA, Peer, peers_here
from benchmarks.scale import Scale
from benchmarks.spent import Spent, spend

FIRST = "first version"
PLAIN, PAGES = "Parquet", "Parquet pages"
ONE_PERCENT = "update 1 % of the rows, contiguous"
MB = 1e6


@dataclass
class Edited:
    """What one edit took: here, with each peer, and how many bytes the new cells alone are, compressed (0: there are none)."""

    ours: Spent
    peers: dict[str, Spent]
    new: int = 0
    reading: Spent | None = None
    compared: list[Spent] = field(default_factory=list)
    restore: Spent | None = None


def frames(scale: Scale) -> list[Figure]:
    """The large frame, its next versions, and peers that keep the same."""
    found = measure(scale, peers_here() if scale.with_peers else ())
    figures = []
    for what, one in found.items():
        figures += _stored(what, one)
    return figures + _speed(scale, found)


def measure(scale: Scale, peers: Sequence[Peer]) -> dict[str, Edited]:
    """Return what the first version and each edit took."""
    frame = flights(scale.rows)
    found: dict[str, Edited] = {}
    with tempfile.TemporaryDirectory() as place:
        theirs = _Theirs(Path(place), peers)
        found[FIRST] = Edited(Spent(0, 0, 0), theirs.keep(frame), reading=theirs.read())
        firsts = []
        for what, change in edits(scale.rows).items():
            print(f"  {what} …", file=sys.stderr, flush=True)
            after = change(frame)
            new = new_cells(frame, after)
            spent = theirs.keep(after)
            kept = _ours(scale, what)
            firsts += kept["first"]
            size = 0 if new is None else theirs.size_alone(new)
            found[what] = Edited(kept["then"][0], spent, size, None, kept["compared"], kept["restore"][0])
    found[FIRST].ours = Spent(p50([one.cpu for one in firsts]), p50([one.wall for one in firsts]), firsts[0].stored)
    return found


class _Theirs:
    """A folder in which peers keep one version of a Parquet file after another."""

    def __init__(self, folder: Path, peers: Sequence[Peer]) -> None:
        self.folder = folder
        self.peers = peers
        self.pages: dict[bytes, int] = {}
        for peer in peers:
            (folder / peer.command).mkdir()
            peer.prepare(folder / peer.command)

    def keep(self, frame: pd.DataFrame) -> dict[str, Spent]:
        """Return what each took for the next version; what writing the Parquet file takes is theirs too."""
        file = self.folder / DATA
        written = spend(lambda: parquet.write(frame, file), self.folder / "nothing")
        spent = {PLAIN: Spent(written.cpu, written.wall, file.stat().st_size), PAGES: self._keep_pages(frame)}
        for peer in self.peers:
            own = self.folder / peer.command
            (own / DATA).unlink(missing_ok=True)
            shutil.copyfile(file, own / DATA)  # each may move or link its own
            kept = peer.keep(own)
            spent[peer.name] = Spent(written.cpu + kept.cpu, written.wall + kept.wall, kept.stored)
        return spent

    def read(self) -> Spent:
        """Return what reading the file takes."""
        return spend(lambda: pd.read_parquet(self.folder / DATA), self.folder / "nothing")

    def size_alone(self, cells: pd.DataFrame) -> int:
        """Return how many bytes these cells are, compressed as Parquet does it, without its footer."""
        file = self.folder / "cells.parquet"
        parquet.write(cells, file)
        return parquet.size_of_columns(file)

    def _keep_pages(self, frame: pd.DataFrame) -> Spent:
        file, found = self.folder / "pages.parquet", {}

        def work() -> None:
            parquet.write(frame, file, cuts_by_content=True)
            found.update(parquet.pages(file))

        spent = spend(work, self.folder / "nothing")
        stored = sum(size for digest, size in found.items() if digest not in self.pages)
        self.pages = self.pages or found
        return Spent(spent.cpu, spent.wall, stored)


def _ours(scale: Scale, what: str) -> dict[str, list[Spent]]:
    if not scale.is_isolated:
        return ours.measure(scale.rows, what)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.ours", str(scale.rows), what], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{what}: {done.stderr}")
    return {part: [Spent(**one) for one in spent] for part, spent in json.loads(done.stdout.splitlines()[-1]).items()}


def _stored(what: str, one: Edited) -> list[Figure]:
    stored = {name: spent.stored / MB for name, spent in one.peers.items()}
    cpu = {name: spent.cpu for name, spent in one.peers.items()}
    figures = [Figure(f"{what}: newly stored", one.ours.stored / MB, None, 1, "MB", peers=stored)]
    if one.new:
        figures.append(Figure(f"{what}: stored / new cells compressed", one.ours.stored / one.new, 2, 1, "times"))
    return [*figures, Figure(f"{what}: processor time", one.ours.cpu, None, 1, "s", peers=cpu)]


def _speed(scale: Scale, found: dict[str, Edited]) -> list[Figure]:
    size = pa.Table.from_pandas(flights(scale.rows)).nbytes / MB
    first, edited = found[FIRST], [one for what, one in found.items() if what != FIRST]
    assert first.reading is not None
    whole = [one.restore.cpu for what, one in found.items() if one.restore is not None and "sample" not in what]
    reading = {PLAIN: size / first.reading.cpu}
    compared = [spent.wall * 1e3 for spent in found[ONE_PERCENT].compared]
    return [
        Figure(
            "restoring a version (p50 over the edits) (a core)",
            size / p50(whole),
            None,
            len(whole),
            "MB/s",
            is_rate=True,
            peers=reading,
        ),
        Figure(
            "restoring a version (the slowest edit) (a core)",
            size / max(whole),
            None,
            len(whole),
            "MB/s",
            is_rate=True,
            peers=reading,
        ),
        Figure(f"comparing two versions ({ONE_PERCENT})", p50(compared), 1000, len(compared)),
        Figure(
            "comparing two versions (the slowest edit)",
            max(s.wall for one in edited for s in one.compared) * 1e3,
            1000,
            len(edited),
        ),
    ]
