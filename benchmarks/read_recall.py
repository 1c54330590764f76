"""A program: runs each reader in a tracked cell of one shell, and prints which of their files the versions name, as JSON."""

import importlib.util
import json
import time

from IPython.core.interactiveshell import InteractiveShell

from benchmarks.readers import READERS
from mvlake import Lake
from mvlake.records.files import Flow

IMPORTS = """
import os, pathlib, sqlite3, threading, subprocess, multiprocessing
import numpy as np, pandas as pd, pyarrow, pyarrow.csv, pyarrow.dataset, pyarrow.feather, pyarrow.parquet as pq, duckdb
def length(path): return len(open(path).read())
folder = os.getcwd() + '/data'
os.makedirs(folder, exist_ok=True)
"""
ALSO = {"polars": "import polars as pl", "PIL": "import PIL.Image", "matplotlib": "import matplotlib.image"}


def main() -> None:
    shell = InteractiveShell.instance()
    shell.run_cell(IMPORTS).raise_error()
    needed = {name for reader in READERS for name in reader.needs}
    absent = {name for name in needed if importlib.util.find_spec(name) is None}
    for name in sorted(needed - absent - {"tables"}):
        shell.run_cell(ALSO.get(name, f"import {name}")).raise_error()
    readers = {number: one for number, one in enumerate(READERS) if absent.isdisjoint(one.needs)}
    errors = []
    for number, reader in list(readers.items()):
        made = shell.run_cell(reader.make.format(f"folder + '/{number}{reader.suffix}'"))
        open(f"data/decoy-{number}.csv", "w").close()
        if made.error_in_exec is not None:
            errors.append(f"{reader.name} ({made.error_in_exec!r:.80})")
            del readers[number]
    time.sleep(0.1)  # a file that was made just now could be taken for one that the cell wrote
    shell.run_line_magic("load_ext", "mvlake")
    shell.run_cell("pass")
    for number, reader in list(readers.items()):
        code = reader.read.format(f"folder + '/{number}{reader.suffix}'")
        ran = shell.run_cell(f"%%track r{number}\nunread = 'data/decoy-{number}.csv'\n{code}", store_history=True)
        if ran.error_in_exec is not None:
            errors.append(f"{reader.name} ({ran.error_in_exec!r:.80})")
            del readers[number]
    lake = Lake.open()
    found, false = {}, []
    for number, reader in readers.items():
        uses = [one for one in lake.show(f"r{number}:v1").entry.version.files if one.direction is Flow.READ]
        name = f"data/{number}{reader.suffix}"
        found[reader.name] = name in {one.name for one in uses}
        false += [f"{reader.name}: {one.name}" for one in uses if one.name != name]
    not_installed = [one.name for one in READERS if not absent.isdisjoint(one.needs)]
    shell.run_line_magic("unload_ext", "mvlake")
    print(json.dumps({"found": found, "false": false, "not installed": not_installed, "errors": errors}))


if __name__ == "__main__":
    main()
