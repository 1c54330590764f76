"""Notebooks in the manner of handbooks: each runs for real, is tracked, and is replayed after its project is gone.

`handbook/expected.toml` says of each what is expected of its versions, and why where an item may differ.
"""

import shutil
import tomllib
from pathlib import Path

import nbformat
import pytest

HANDBOOK = Path(__file__).parent / "handbook"
STEMS = sorted(path.stem for path in HANDBOOK.glob("*.ipynb"))
EXPECTED = tomllib.loads((HANDBOOK / "expected.toml").read_text(encoding="utf-8"))


def surprises(answer, expected):
    """Return, with their reasons, the items of a replay and the verdict that are not as expected."""
    replayed = answer.replayed
    allowed = {name: one["verdict"] for name, one in expected.get("differs", {}).items()}
    items = {f"{one.kind} {one.name}": one for one in replayed.items}
    found = [
        (name, one.verdict.value, one.reason)
        for name, one in items.items()
        if one.verdict.value not in allowed.get(name, ["identical"])
    ]
    found += [
        (name, "there is no such item", "")
        for name, verdicts in allowed.items()
        if name not in items and "identical" not in verdicts
    ]
    if replayed.verdict.value not in expected["verdict"]:
        found.append(("verdict", replayed.verdict.value, answer.error))
    return found


@pytest.mark.parametrize("stem", STEMS)
def test_a_notebook_is_short_and_clean(stem):
    notebook = nbformat.read(HANDBOOK / f"{stem}.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert len(notebook.cells) < 15
    assert notebook.cells[0].cell_type == "markdown"
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in notebook.cells)


def test_every_notebook_has_its_expectation():
    assert sorted(EXPECTED) == STEMS
    reasons = [
        one["why"]
        for told in EXPECTED.values()
        for version in told["versions"].values()
        for one in version.get("differs", {}).values()
    ]
    assert all(reasons)


@pytest.mark.parametrize("stem", STEMS)
def test_a_notebook_replays_as_expected_though_its_folder_is_gone(stem, project, monkeypatch):
    expected = EXPECTED[stem]
    if expected.get("runs_in_order_of_time"):
        project.run_as_it_ran(stem)
    else:
        project.run(stem, **expected.get("parameters", {}))
    shutil.rmtree(project.folder)
    monkeypatch.chdir(project.lake_folder)
    lake = project.lake
    assert sorted(entry.ref for entry in lake.log().entries) == sorted(f"{name}:v1" for name in expected["versions"])
    for name, version in expected["versions"].items():
        answer = lake.replay(f"{name}:v1", no_diagnose=True)
        assert surprises(answer, version) == [], name
        if expected.get("twice"):
            assert lake.replay(f"{name}:v1", no_diagnose=True).replayed.items == answer.replayed.items
