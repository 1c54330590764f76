"""Which data came from which, through a real kernel: files, splits, guesses, hostile names, and earlier versions."""

import json

from mvlake.lake.lake import Lake
from mvlake.view.document import as_document
from mvlake.view.html import as_html
from mvlake.view.text import as_text

LOAD = """%%track data
from pathlib import Path
import pandas as pd
from sklearn.model_selection import train_test_split
folder = Path('data')
df = pd.read_csv(folder / 'rows.csv')
train, test = train_test_split(df, test_size=0.2, random_state=0)
"""
FIT = """%%track fraud
X = train[['a']]
total = float(X['a'].sum())
"""


def lineage_of(version):
    return {(one.child, one.parent): one for one in version.lineage}


def section(text, title):
    return text.partition(f"\n{title}\n")[2].partition("\n\n")[0]


def test_data_is_told_with_what_it_came_from(kernel):
    folder = kernel.folder / "data"
    folder.mkdir()
    (folder / "rows.csv").write_text("a,b\n" + "".join(f"{n},{n * n}\n" for n in range(100)))
    assert kernel.run(LOAD).status == "ok"
    assert kernel.run(FIT).status == "ok"
    lake = Lake.open(kernel.folder / "lake", create=False)
    first = lake.show("data:v1")
    told = lineage_of(first.entry.version)
    assert set(told) == {("train", "df"), ("test", "df"), ("df", "data/rows.csv")}
    split, read = told["train", "df"], told["df", "data/rows.csv"]
    assert (split.known_by, split.portion, split.function) == ("content", "rows", "train_test_split")
    assert (split.rows, split.parent_rows, split.digest) == (80, 100, first.entry.version.artifact("df")[0].digest)
    assert (read.known_by, read.function, read.rows) == ("opened", "pd.read_csv", 100)
    (use,) = [one for one in first.entry.version.files if one.name == "data/rows.csv"]
    assert read.digest == use.digest is not None
    text = " ".join(as_text(first).split())
    short = use.digest[3:11]
    assert f"train ← df (80 % of rows: train_test_split) ← data/rows.csv (read_csv, {short})" in text
    assert f"test ← df (20 % of rows: train_test_split) ← data/rows.csv (read_csv, {short})" in text
    # In the next version the frame is no artifact: its share is reckoned, and said to be a guess. What stood in a version is named.
    second = lake.show("fraud:v1")
    told = lineage_of(second.entry.version)
    assert (told["X", "train"].known_by, told["X", "train"].portion) == ("content", "columns")
    assert (told["train", "df"].known_by, told["train", "df"].parent_rows) == ("text", 100)
    text = " ".join(as_text(second).split())
    assert "X ← train = data:v1/train (some of its columns) ← df (80 % of rows: train_test_split, a guess) ← data/rows.csv" in text
    assert "data:v1/train" in as_html(second)
    document = json.loads(json.dumps(as_document(second)))
    assert {one["child"] for one in document["lineage"]} == {"X", "train", "df"}
    assert list(document["standing"].values()) == ["data:v1/train"]
    # SQL answers who read a file or a frame.
    rows = lake.sql(f"select ref, child from lineage where digest = '{use.digest}' order by ref").rows
    assert rows == (("data:v1", "df"), ("fraud:v1", "df"))
    digest = told["X", "train"].digest
    rows = lake.sql(f"select ref, role from artifacts where digest = '{digest}' order by ref").rows
    assert rows == (("data:v1", "output"), ("fraud:v1", "input"))
    # Another way to the same name is a difference.
    kernel.run(LOAD.replace("train_test_split(df, test_size=0.2, random_state=0)", "df.head(60), df.tail(40)"))
    (changed,) = [one for one in lake.compare("data:v1", "data:v2").lineage if one.name == "train ← df"]
    assert (changed.change, changed.a, changed.b) == (
        "changed",
        "train_test_split, rows, 80 rows of 100",
        "df.head, rows, 60 rows of 100",
    )


def test_large_frames_hostile_names_and_what_is_none(kernel):
    kernel.run("import numpy as np, pandas as pd, os\nrng = np.random.default_rng(0)")
    kernel.run("big = pd.DataFrame(rng.normal(size=(60_000, 6)), columns=list('abcdef'))")
    kernel.run("%%track big\npart = big.sample(frac=0.5, random_state=1)\nother = big * 2")
    kernel.run("%mv status")
    lake = Lake.open(kernel.folder / "lake", create=False)
    told = lineage_of(lake.show("big:v1").entry.version)
    assert (told["part", "big"].known_by, told["part", "big"].portion) == ("content", "rows")
    assert (told["other", "big"].known_by, told["other", "big"].portion) == ("text", "unknown")
    text = " ".join(as_text(lake.show("big:v1")).split())
    assert "part ← big (50 % of rows: sample)" in text
    assert "other ← big (as many rows, a guess)" in text
    nasty = "<script>alert(1)</script>\\x1b[2J.csv"
    kernel.run(f"place = {nasty!r}.replace('/', '_').encode().decode('unicode_escape')\nopen(place, 'w').write('a\\n1\\n')")
    kernel.run("%%track nasty\nframe = pd.read_csv(place)\nbad = [1]")
    shown = lake.show("nasty:v1")
    (step,) = shown.entry.version.lineage
    assert step.child == "frame"
    assert "<script>" in step.parent
    assert "<script>alert" not in as_html(shown)
    assert "\x1b[2J" not in as_text(shown)
    kernel.run("%%track none\nx = sorted([2, 1])")
    assert lake.show("none:v1").entry.version.lineage == ()
    assert "Lineage" not in as_text(lake.show("none:v1"))
