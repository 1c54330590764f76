"""Compare: what two versions of a frame differ in, row by row, and what others take to say that of two Parquet files.

Peers run in an environment of their own (`make peers`), each in a process of its own; reading the files is theirs, as reading the
lake is ours, importing libraries is nobody's. `daff` takes tables of Python lists: it gets the fiftieth part of the keyed frame.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import parquet
from benchmarks.edits import edits
from benchmarks.figure import Figure, p50
from benchmarks.flights import flights
from benchmarks.frames import ONE_PERCENT
from benchmarks.ours import NAME, keep
from benchmarks.scale import Scale
from mvlake.lake import compared_rows
from mvlake.lake.lake import Lake

PEERS = Path(sys.prefix).with_name(f"{Path(sys.prefix).name}-compare") / "bin" / "python"
KEYED_PEERS = ("datacompy", "polars", "DuckDB", "pandas")
WIDE_PEERS = ("pandas compare", "polars", "DuckDB")
_PATIENCE = 60  # seconds
_PART = 50


def wide(scale: Scale) -> list[Figure]:
    """The large frame with a hundredth of its rows edited: one run of rows in all columns, and one column here and there."""
    frame, found = flights(scale.rows), []
    changes = edits(scale.rows)
    for what in (ONE_PERCENT, "1 % of one column, scattered", "delete 1 % of the rows, scattered"):
        after = changes[what](frame)
        names = WIDE_PEERS if len(after) == len(frame) else ()
        found += _figures(scale, f"{scale.rows:,} by {len(frame.columns)}, {what}", (frame, after), None, names, goal=1000)
    return found


def keyed(scale: Scale) -> list[Figure]:
    """A frame with a key: one cell in a thousand edited, rows left out and put in, in another order."""
    rows = scale.rows // 5
    before = numbers(rows)
    after = edited(before)
    what = f"{rows:,} by {len(before.columns)} by key"
    found = _figures(scale, what, (before, after), "id", KEYED_PEERS, goal=None)
    part = before.iloc[: rows // _PART]
    small = (part, edited(part))
    return found + _figures(scale, f"{len(part):,} by {len(before.columns)} by key", small, "id", ("daff",), goal=None)


def numbers(rows: int) -> pd.DataFrame:
    """Return a frame of ten columns: a key, and numbers and texts."""
    dice = np.random.default_rng(5)
    columns: dict[str, object] = {"id": dice.permutation(rows)}
    columns |= {f"x{place}": dice.normal(size=rows) for place in range(5)}
    columns |= {f"n{place}": dice.integers(0, 1000, rows) for place in range(2)}
    columns |= {f"s{place}": pd.Series(dice.integers(0, 10_000, rows)).map("word {}".format) for place in range(2)}
    return pd.DataFrame(columns)


def edited(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with 1 % of two columns edited, half a percent of the rows out, as many new ones in, in another order."""
    dice = np.random.default_rng(6)
    rows = len(frame)
    after = frame.copy()
    for name, value in (("x0", 0.5), ("s0", "new")):
        after.loc[dice.choice(rows, rows // 100, replace=False), name] = value
    after = after.drop(index=dice.choice(rows, rows // 200, replace=False))
    new = frame.iloc[: rows // 200].assign(id=np.arange(rows, rows + rows // 200))
    return pd.concat([after, new]).sample(frac=1, random_state=3).reset_index(drop=True)


def _figures(
    scale: Scale, what: str, frames: tuple[pd.DataFrame, pd.DataFrame], key: str | None, names: Sequence[str], goal: float | None
) -> list[Figure]:
    print(f"  {what} …", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        lake = Lake.open(folder / "lake")
        for frame in frames:
            keep(lake, frame)
        a, b = f"{NAME}:v1", f"{NAME}:v2"
        rows = _times(scale.repeats, lambda: lake.rows_between(a, b, NAME, key=key))
        whole = _times(scale.repeats, lambda: lake.compare(a, b, key=key))
        peers = {}
        if scale.with_peers and names:
            for name, frame in zip(("a.parquet", "b.parquet"), frames, strict=True):
                parquet.write(frame, folder / name)
            peers = _peers(folder, names, key)
    return [
        Figure(f"{what}: rows", rows, goal, scale.repeats, peers=peers),
        Figure(f"{what}: the whole comparison", whole, goal, scale.repeats, peers=peers),
    ]


def _times(repeats: int, work: Callable[[], object]) -> float:
    """Return the milliseconds that it takes, of a lake that was opened before and has compared nothing yet."""
    spent = []
    for _ in range(repeats + 1):
        compared_rows.forget()
        start = time.perf_counter()
        work()
        spent.append((time.perf_counter() - start) * 1e3)
    return p50(spent[1:])  # the first one loads what later ones find loaded, as a kernel does once


def _peers(folder: Path, names: Sequence[str], key: str | None) -> dict[str, float]:
    if not PEERS.exists():
        print(f"  {', '.join(names)} are not installed (make peers): left out", file=sys.stderr, flush=True)
        return {}
    found = {}
    for name in names:
        try:
            done = subprocess.run(
                [str(PEERS), "-c", _SCRIPT, name, key or ""],
                cwd=folder,
                capture_output=True,
                text=True,
                check=True,
                timeout=_PATIENCE,
            )
            found[name] = json.loads(done.stdout.splitlines()[-1]) * 1e3
        except (subprocess.SubprocessError, ValueError, IndexError) as error:
            said = (getattr(error, "stderr", "") or "").strip().splitlines()[-1:]
            print(f"  {name}: not measured ({type(error).__name__} {''.join(said)})", file=sys.stderr, flush=True)
    return found


_SCRIPT = """
import json, sys, time
name, key = sys.argv[1:]
import pandas as pd
if name == "datacompy":
    import datacompy
    def work():
        a, b = pd.read_parquet("a.parquet"), pd.read_parquet("b.parquet")
        found = datacompy.PandasCompare(a, b, join_columns=[key])
        return found.count_matching_rows(), len(found.df1_unq_rows), len(found.df2_unq_rows)
elif name == "pandas compare":
    def work():
        return len(pd.read_parquet("a.parquet").compare(pd.read_parquet("b.parquet")))
elif name == "pandas":
    def work():
        a, b = (pd.read_parquet(one).set_index(key) for one in ("a.parquet", "b.parquet"))
        both = a.index.intersection(b.index)
        return len(a.loc[both].compare(b.loc[both])), len(a) - len(both), len(b) - len(both)
elif name == "polars":
    import polars as pl
    def work():
        a, b = pl.read_parquet("a.parquet"), pl.read_parquet("b.parquet")
        names = [one for one in a.columns if one != key]
        if key:
            both = a.join(b, on=key, how="inner", suffix="_b")
            apart = both.select(any=pl.any_horizontal(pl.col(one).ne_missing(pl.col(one + "_b")) for one in names))
            return apart["any"].sum(), len(a) - len(both), len(b) - len(both)
        apart = [a[one].ne_missing(b[one]) for one in names]
        return [int(one.sum()) for one in apart]
elif name == "DuckDB":
    import duckdb
    def work():
        names = [one[0] for one in duckdb.sql("describe select * from 'a.parquet'").fetchall()]
        if key:
            apart = " or ".join(f"a.{one} is distinct from b.{one}" for one in names if one != key)
            query = f"select count(*) filter (a.{key} is null), count(*) filter (b.{key} is null), count(*) filter ({apart})"
            return duckdb.sql(query + f" from 'a.parquet' a full join 'b.parquet' b using ({key})").fetchall()
        counts = ", ".join(f"count(*) filter (a.{one} is distinct from b.{one})" for one in names)
        return duckdb.sql(f"select {counts} from 'a.parquet' a positional join 'b.parquet' b").fetchall()
else:
    import daff
    def work():
        tables = []
        for file in ("a.parquet", "b.parquet"):
            frame = pd.read_parquet(file)
            tables.append(daff.PythonTableView([list(frame.columns), *frame.to_numpy().tolist()]))
        flags = daff.CompareFlags()
        flags.addPrimaryKey(key)
        flags.ordered = False
        found = daff.PythonTableView([])
        daff.TableDiff(daff.Coopy.compareTables(*tables, flags).align(), flags).hilite(found)
        return found.get_height()
start = time.perf_counter()
said = work()
spent = time.perf_counter() - start
print(said, file=sys.stderr)
print(json.dumps(spent))
"""
