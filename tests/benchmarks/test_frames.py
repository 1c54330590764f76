import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EDITS = (
    "append 1 %",
    "1 % of one column, scattered",
    "1 % of one column in 20 runs",
    "update 1 % of the rows, contiguous",
    "delete 1 % of the rows, contiguous",
    "delete 1 % of the rows, scattered",
    "delete 100 rows, scattered",
    "add a column",
    "drop a column",
    "sort by tail number",
    "take a 10 % sample",
)


def benchmarks(*words):
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *words], cwd=ROOT, capture_output=True, text=True, check=False, env=dict(os.environ)
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    file = tmp_path_factory.mktemp("bench") / "figures.json"
    done = benchmarks("frames", "--small", "--no-peers", "--json", str(file))
    assert done.returncode == 0, done.stderr
    return done.stdout, {one["what"]: one for one in json.loads(file.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("edit", ["first version", *EDITS])
def test_every_edit_has_its_rows_beside_parquet(run, edit):
    text, figures = run
    for what in (f"{edit}: newly stored", f"{edit}: processor time"):
        assert set(figures[what]["peers"]) == {"Parquet", "Parquet pages"}
        assert what in text
    assert figures[f"{edit}: newly stored"]["value"] > 0


def test_an_edit_that_makes_new_cells_has_a_goal_and_a_verdict(run):
    _, figures = run
    judged = [what for what, one in figures.items() if one["goal"] and "new cells" in what]
    assert len(judged) == 5
    for what in judged:
        goal = figures[what]["goal"]
        assert goal["value"] == 2
        assert goal["verdict"] == ("met" if figures[what]["value"] <= 2 else "missed")


def test_restoring_and_comparing_are_rows_too(run):
    text, _ = run
    assert "restoring a version" in text
    assert "comparing two versions" in text


def test_the_page_of_the_last_full_run_has_every_row(run):
    page = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    assert [what for what in run[1] if what not in page] == []


def test_a_group_that_is_none_is_refused_with_those_that_are():
    done = benchmarks("frame")
    assert done.returncode == 2
    assert "no group 'frame'" in done.stderr
    assert "fingerprint" in done.stderr
