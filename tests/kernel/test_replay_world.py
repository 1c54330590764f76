"""A replay finds what its version found: files at their places, modules as they were, folders, variables."""

import shutil

import pandas as pd
import pytest

from mvlake.lake.lake import Lake
from mvlake.records.events import DifferenceKind, Verdict

FEATURES = "SCALE = {scale}\n\ndef scaled(values):\n    return [SCALE * value for value in values]\n"


@pytest.fixture
def project(tmp_path, start_kernel):
    """A repository with data, a module and a package below `src`, and a kernel in its folder of notebooks."""
    root, outside = tmp_path / "project", tmp_path / "outside"
    for folder in (root / ".git/objects", root / ".git/refs", root / "data/raw", root / "notebooks", root / "src/shop", outside):
        folder.mkdir(parents=True)
    (root / ".git/HEAD").write_text("ref: refs/heads/main\n")
    (root / "data/raw/rows.csv").write_text("x,y\n1,2\n3,4\n")
    (root / "notebooks/features.py").write_text(FEATURES.format(scale=2))
    (root / "src/shop/__init__.py").write_text("")
    (root / "src/shop/prices.py").write_text("from pathlib import Path\nVAT = 0.2\nHERE = Path(__file__).parent.name\n")
    (outside / "limits.txt").write_text("7\n")
    kernel = start_kernel(folder=root / "notebooks")
    kernel.root, kernel.outside, kernel.lake = root, outside, tmp_path / "lake"
    return kernel


def replayed(kernel, ref):
    return Lake.open(kernel.lake, create=False).replay(ref, no_diagnose=True)


def differences(answer, *kinds):
    return {one.name: one.reason for one in answer.replayed.differences if one.kind in kinds}


def test_files_and_modules_come_back_though_the_project_has_moved_on(project):
    project.run("import pandas as pd, sys, os; sys.path.insert(0, '../src')")
    project.run("import features; from shop import prices")
    project.run("rows = pd.read_csv('../data/raw/rows.csv')")
    project.run(f"limit = int(open({str(project.outside / 'limits.txt')!r}).read())")
    ran = project.run(
        "%%track world\ntotal = features.scaled([int(rows.x.sum()), limit])\nwhere = os.path.basename(os.getcwd())\n"
        "os.makedirs('../out', exist_ok=True)\nopen('../out/total.txt', 'w').write(str(total))\nprint(prices.HERE, prices.VAT)"
    )
    assert ran.status == "ok", ran.error
    shutil.rmtree(project.root / "data")
    (project.root / "notebooks/features.py").write_text(FEATURES.format(scale=9))
    (project.root / "src/shop/prices.py").unlink()
    (project.outside / "limits.txt").write_text("8\n")
    before = sorted(path for path in project.root.rglob("*") if ".git" not in path.parts)
    answer = replayed(project, "world:v1")
    assert answer.replayed.verdict is Verdict.IDENTICAL, answer.replayed.items
    assert differences(answer, DifferenceKind.FILE, DifferenceKind.MODULE) == {}
    assert before == sorted(path for path in project.root.rglob("*") if ".git" not in path.parts)
    version = Lake.open(project.lake, create=False).show("world:v1").entry
    assert version.version.folder == "notebooks"
    assert version.replays[0].replayed.differences == answer.replayed.differences


def test_what_cannot_be_had_is_told_and_the_rest_is_there(project):
    gone, key = project.outside / "gone.parquet", project.root / "notebooks/service.key"
    key.write_text("no secret")
    project.run("import pandas as pd, pyarrow.parquet as pq")
    pd.DataFrame({"a": [1, 2]}).to_parquet(gone)
    project.run("lines = open('../data/raw/rows.csv').read().splitlines()")
    project.run(f"%%track needs\ntable = pq.read_table({str(gone)!r})\nkey = open('service.key').read()\ncount = len(lines)")
    project.run(f"%%track native\ntable = pq.read_table({str(gone)!r})\ncount = len(lines)")
    lake = Lake.open(project.lake, create=False)
    gone.unlink()
    key.unlink()
    answer = lake.replay("needs:v1", no_diagnose=True)
    assert answer.replayed.verdict is Verdict.NOT_RUN  # the key is not kept, and not here
    assert "holds keys or passwords" in {item.name: item.reason for item in answer.replayed.items}["notebooks/service.key"]
    assert "holds keys or passwords" in differences(answer, DifferenceKind.FILE)["notebooks/service.key"]
    answer = lake.replay("native:v1", no_diagnose=True)
    assert answer.replayed.verdict is Verdict.FAILED
    assert "could not be given the copy" in differences(answer, DifferenceKind.FILE)[str(gone)]


def test_a_file_that_the_lake_does_not_hold_is_taken_from_here_while_it_is_the_same(project, monkeypatch):
    project.run("%%track --data profile big\ntext = open('../data/raw/rows.csv').read()\nlength = len(text)")
    lake = Lake.open(project.lake, create=False)
    monkeypatch.chdir(project.root / "src")
    answer = lake.replay("big:v1", no_diagnose=True)
    assert differences(answer, DifferenceKind.FILE) == {}
    assert {one.name: one.verdict for one in answer.replayed.items}["length"] is Verdict.IDENTICAL
    (project.root / "data/raw/rows.csv").write_text("x,y\n1,2\n")
    assert "not here as it was" in differences(lake.replay("big:v1", no_diagnose=True), DifferenceKind.FILE)["data/raw/rows.csv"]


def test_variables_that_decide_are_those_of_the_version(project, monkeypatch):
    project.run("import os")
    project.run("%%track told\nseen = [os.environ.get(name) for name in ('TZ', 'LC_ALL', 'NUMEXPR_MAX_THREADS')]")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("NUMEXPR_MAX_THREADS", "3")
    assert replayed(project, "told:v1").replayed.verdict is Verdict.IDENTICAL


def test_what_the_cells_make_themselves_is_not_there_before(project):
    project.run("import sqlite3; from pathlib import Path")
    project.run(
        "with sqlite3.connect('../data/made.db') as made:\n    made.execute('create table t (x)')\n    made.execute('insert into t values (3)')\n"
        "with open('../data/new.txt', 'x') as file:\n    file.write('new')"
    )
    project.run("found = sqlite3.connect('../data/made.db').execute('select x from t').fetchall()")
    project.run("%%track made\nnew = Path('../data/new.txt').read_text()\nrows = found[:] + [made is None]")
    version = Lake.open(project.lake, create=False).show("made:v1").entry.version
    assert {one.name: one.is_made for one in version.files if one.name.startswith("data/")} == {
        "data/made.db": True,
        "data/new.txt": True,
    }
    answer = replayed(project, "made:v1")
    assert answer.replayed.verdict is Verdict.IDENTICAL, (answer.error, answer.replayed.items)
    assert "made by a cell" in project.run("%mv show made:v1").cards[0]
