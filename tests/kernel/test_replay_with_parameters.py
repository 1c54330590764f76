"""A version made anew with other parameters: what becomes of it in the lake, and what does not when it fails."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from mvlake.compare.varied import Varied
from mvlake.errors import CannotReplay, Invalid, InvalidVerb
from mvlake.lake.grammar import parse_line
from mvlake.lake.lake import Lake
from mvlake.records.artifact import Role
from mvlake.records.events import DifferenceKind, Verdict
from mvlake.records.files import Flow
from mvlake.records.plain import from_plain
from mvlake.view.text import as_text

FIGURE = "import matplotlib\nmatplotlib.use('agg')\nimport matplotlib.pyplot as plt\nimport pandas as pd, random, features"


@pytest.fixture
def project(tmp_path, start_kernel):
    root = tmp_path / "project"
    for folder in (root / ".git/objects", root / ".git/refs", root / "data", root / "notebooks"):
        folder.mkdir(parents=True)
    (root / ".git/HEAD").write_text("ref: refs/heads/main\n")
    (root / "data/rows.csv").write_text("x\n1\n2\n3\n4\n")
    (root / "notebooks/features.py").write_text("def scaled(values, by):\n    return values * by\n")
    kernel = start_kernel(folder=root / "notebooks")
    kernel.root = root
    kernel.run(FIGURE)
    kernel.run("rows = pd.read_csv('../data/rows.csv')\nby = 2")
    made = kernel.run(
        "%%track fraud\ndepth = 2\ndf = features.scaled(rows, by).head(depth)\ndf['noise'] = [random.random() for _ in range(depth)]\n"
        "auc = float(df.x.sum())\nprint('auc', auc)\nopen('../data/out.txt', 'w').write(str(auc))\nplt.plot(df.x)\nplt.show()"
    )
    assert made.status == "ok", made.error
    return kernel


def test_a_version_made_with_other_parameters_is_one_like_any_other(project, tmp_path, monkeypatch):
    monkeypatch.setenv("MVLAKE_USER", "ana")
    lake = Lake.open(tmp_path / "lake", create=False)
    before = lake.log().entries[0].version
    answer = lake.replay("fraud:v1", params={"depth": 3, "by": 10}, output=tmp_path / "ran.ipynb")
    assert isinstance(answer, Varied)
    assert (answer.ref, answer.made, answer.is_confirmation) == ("fraud:v1", "fraud:v2", False)
    shutil.rmtree(project.root / "data")  # all that is asked from here on lies in the lake
    entry = lake.show("fraud:v2").entry
    version = entry.version
    assert (version.parent, entry.author, version.message) == (1, "ana", "fraud:v1 with depth = 3, by = 10")
    assert {one.name: (one.value, one.source.value) for one in version.params} == {"depth": (3, "literal"), "by": (10, "literal")}
    assert (version.git, version.folder, version.notebook) == (before.git, "notebooks", before.notebook)
    places = {(one.relative, one.direction) for one in version.files}
    assert {("data/rows.csv", Flow.READ), ("data/out.txt", Flow.WRITTEN)} <= places
    assert not any("mvlake-replay-" in one.path for one in version.files)
    kept = {(one.role, one.name) for one in version.artifacts}
    assert {(one.role, one.name) for one in before.artifacts if one.role is not Role.DISPLAY} <= kept
    assert {(one.child, one.parent) for one in version.lineage} == {(one.child, one.parent) for one in before.lineage} != set()
    assert lake.load("fraud:v2", "df").shape == (3, 2)
    assert lake.load_bytes("fraud:v2", "stdout") == b"auc 60.0\n"
    assert lake.verify(data=True).is_clean
    diff = lake.compare("fraud:v2")
    assert diff == answer.diff
    assert {one.name: (from_plain(one.a), from_plain(one.b)) for one in diff.metrics} == {"auc": (6.0, 60.0)}
    again = lake.replay("fraud:v2")
    assert again.replayed.verdict is Verdict.IDENTICAL, again.replayed.items
    assert not [one for one in again.replayed.differences if one.kind in (DifferenceKind.FILE, DifferenceKind.MODULE)]
    confirmed = lake.replay("fraud:v1", params=["depth=3", "by=10"])
    assert (confirmed.made, confirmed.is_confirmation, len(lake.log().entries)) == ("fraud:v2", True, 2)
    shown = project.run("%mv replay fraud:v2 -p depth=1")
    assert "fraud:v3 was made from fraud:v2 with depth = 1" in shown.cards[0]
    assert "auc" in shown.cards[0]


def test_what_cannot_be_made_leaves_nothing(project, tmp_path):
    lake = Lake.open(tmp_path / "lake", create=False)

    def files():
        return sorted(path for path in (tmp_path / "lake").rglob("*") if path.is_file() and "index" not in path.parts)

    before = files()
    refused = [
        ({"auc": 1}, "they assign by, depth"),
        ({"depth": object()}, "no code says"),
        ({"__import__('os')": 1}, "cannot be called"),
    ]
    for params, said in refused:
        with pytest.raises(Invalid, match=said):
            lake.replay("fraud:v1", params=params)
    for beside in ({"cells": "all"}, {"from_frames": True}, {"notebook": "a.ipynb"}):
        with pytest.raises(Invalid, match="do not go together"):
            lake.replay("fraud:v1", params={"depth": 3}, **beside)
    with pytest.raises(Invalid, match="one version"):
        lake.replay("fraud:v1", "fraud:v1", params={"depth": 3})
    with pytest.raises(InvalidVerb, match="--params and --junit do not go together"):
        parse_line("replay fraud:v1 -p depth=3 --junit a.xml")
    with pytest.raises(CannotReplay, match="with depth = 'deep' cell 3 raised TypeError"):
        lake.replay("fraud:v1", params=["depth=deep"], output=tmp_path / "ran.ipynb")
    assert "TypeError" in (tmp_path / "ran.ipynb").read_text()
    assert files() == before
    environment = {**os.environ, "MVLAKE_LAKE": str(tmp_path / "lake"), "MVLAKE_USER": "bo"}
    words = [sys.executable, "-m", "mvlake", "replay", "fraud:v1", "-p", "depth=4", "--params", "by = 1", "--json"]
    ran = subprocess.run(words, env=environment, capture_output=True, text=True, cwd=tmp_path, check=False)
    document = json.loads(ran.stdout)
    assert (ran.returncode, document["made"], document["said"]) == (0, "fraud:v2", "depth = 4, by = 1"), ran.stderr
    assert lake.show("fraud:v2").entry.author == "bo"


def test_a_secret_that_is_given_leaves_a_mark_and_nothing_else(kernel, tmp_path):
    kernel.run("%%track guarded\npassword = 'correct-horse-9'\nlength = [len(password)]")
    lake = Lake.open(tmp_path / "lake", create=False)
    answer = lake.replay("guarded:v1", params=["password=battery-staple-77"])
    assert lake.load(answer.made, "length") == [17]
    version = lake.show(answer.made).entry.version
    assert "redacted" in version.message
    assert "redacted" in answer.said
    told = as_text(answer, width=200) + as_text(lake.show(answer.made), width=200) + str(lake.show(answer.made, slice_=True))
    assert "battery-staple" not in told
    assert not any(b"battery-staple" in path.read_bytes() for path in (tmp_path / "lake").rglob("*") if path.is_file())
