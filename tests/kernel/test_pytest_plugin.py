"""pytest replays versions beside a project's tests: real runs of pytest, each in a process of its own, as a team would start it."""

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest
from _pytest.assertion.rewrite import AssertionRewriter

import mvlake
from mvlake.lake.lake import Lake

pytest_plugins = ["pytester"]

HEAD = "import mvlake, os\nreplays = 'MVLAKE_CAPTURE_TO' in os.environ\n"
PROGRAMS = {
    "steady": "with mvlake.track('steady') as run:\n    run.output(rows=[1, 2])\n    run.metric(auc=0.5)\n",
    "luck": "with mvlake.track('luck') as run:\n    run.output(rows=[1, 2])\n    run.metric(auc=0.5 + 0.125 * replays)\n",
    "nearly": "with mvlake.track('nearly') as run:\n    run.metric(auc=0.5 * (1 + 1e-13 * replays))\n",
    "dies": "with mvlake.track('dies') as run:\n    run.output(rows=[1, 2])\n    assert not replays\n",
    "opaque": (
        "class Own:\n    pass\nthing = Own()\nthing.made = os.urandom(4)\n"
        "with mvlake.track('opaque') as run:\n    run.output(thing=thing, more=[1])\n    if replays:\n        run.output(extra=[2])\n"
    ),
}
OURS = "import sys\n\ndef test_ours():\n    assert 1 + 1 == 2\n"


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    given = {**os.environ, "MVLAKE_LAKE": str(folder)}
    for name, text in PROGRAMS.items():
        (folder / f"{name}.py").write_text(HEAD + text)
        subprocess.run([sys.executable, f"{name}.py"], check=True, env=given, cwd=folder)
    lake = Lake.open(folder, create=False)
    for name in ("steady", "luck"):
        lake.promote(f"{name}:v1", "production")
    return lake


@pytest.fixture
def run(pytester, lake, monkeypatch):
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    pytester.makepyfile(test_ours=OURS)

    def run(*words, lake=lake.path):
        return pytester.runpytest_subprocess(*words, *([f"--mvlake-lake={lake}"] if "--mvlake" in words else []))

    return run


def replays(lake):
    return sum(len(entry.replays) for entry in lake.log().entries)


def test_collecting_names_all_that_will_be_judged_and_replays_nothing(run, lake):
    before = replays(lake)
    found = run("--mvlake", "--mvlake-refs=@production,dies", "--collect-only", "-q")
    assert found.ret == 0
    assert sorted(line for line in found.outlines if "::" in line) == [
        "mvlake::dies::output rows",
        "mvlake::dies::replay",
        "mvlake::luck@production::metric auc",
        "mvlake::luck@production::output rows",
        "mvlake::luck@production::replay",
        "mvlake::steady@production::metric auc",
        "mvlake::steady@production::output rows",
        "mvlake::steady@production::replay",
        "test_ours.py::test_ours",
    ]
    tree = run("--mvlake", "--mvlake-refs", "steady", "--collect-only")
    assert re.search("<ReplayedVersion steady>\n *<(Replay|Judged) ", tree.stdout.str())
    assert replays(lake) == before


def test_what_drifted_fails_what_did_not_run_is_an_error_and_what_nobody_compares_is_skipped(run, lake, pytester):
    pytester.makeini("[pytest]\nmvlake_refs =\n    steady@production\n    luck@production\n    dies\n    opaque\n    nearly\n")
    before = replays(lake)
    found = run("--mvlake", "-v", "-rs", "--junitxml", "out.xml")
    said = found.stdout.str()
    outcome = dict(re.findall(r"^(?:mvlake|test_ours\.py)::(.+?) (PASSED|FAILED|ERROR|SKIPPED)", said, re.MULTILINE))
    assert outcome == {
        "steady@production::replay": "PASSED",
        "steady@production::output rows": "PASSED",
        "steady@production::metric auc": "PASSED",
        "luck@production::replay": "PASSED",
        "luck@production::output rows": "PASSED",
        "luck@production::metric auc": "FAILED",
        "dies::replay": "ERROR",
        "dies::output rows": "ERROR",
        "opaque::replay": "FAILED",
        "opaque::output thing": "SKIPPED",
        "opaque::output more": "PASSED",
        "nearly::replay": "PASSED",
        "nearly::metric auc": "PASSED",
        "test_ours": "PASSED",
    }
    assert found.ret == 1
    assert "luck:v1: metric auc drifted: " in said
    assert "0.125" in said
    assert "1e-09" in said or "1e-9" in said
    assert "dies:v1 could not be replayed: " in said
    assert "AssertionError" in said
    assert "opaque:v1: output extra drifted: " in said
    assert "thing is not comparable" in said
    assert "Traceback" not in said
    assert replays(lake) == before + 5  # each version once, whatever the number of its items
    cases = {
        (case.get("classname"), case.get("name")): case for case in ElementTree.parse(pytester.path / "out.xml").iter("testcase")
    }
    assert cases["mvlake.luck@production", "metric auc"].find("failure") is not None
    assert cases["mvlake.dies", "replay"].find("error") is not None


def test_items_are_selected_marked_and_shared_out_like_any_other(run, lake, pytester):
    before = replays(lake)
    found = run("--mvlake", "--mvlake-refs", "luck", "--mvlake-refs", "steady", "-k", "auc and steady")
    found.assert_outcomes(passed=1, deselected=6)
    assert replays(lake) == before + 1
    pytester.makeconftest(
        "import pytest\n"
        "def pytest_collection_modifyitems(items):\n"
        "    for item in items:\n"
        "        if item.nodeid == 'mvlake::luck::metric auc':\n"
        "            item.add_marker(pytest.mark.xfail(reason='known', strict=True))\n"
    )
    shared = run("--mvlake", "--mvlake-refs", "luck steady", "-n", "2")
    shared.assert_outcomes(passed=6, xfailed=1)
    assert replays(lake) == before + 3
    strict = run("--mvlake", "--mvlake-refs", "nearly", "--mvlake-accept", "identical", "-k", "nearly")
    strict.assert_outcomes(passed=1, failed=1, deselected=1)
    assert "identical or better passes" in strict.stdout.str()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--mvlake-refs", "typo"], 'nothing is named "typo"'),
        (["--mvlake-refs=@nobody"], "nobody"),
        ([], "none is named"),
        (["--mvlake-refs", "steady", "--mvlake-accept", "drifted"], "no verdict that can pass"),
        (["--mvlake-refs", "steady", "--mvlake-lake", "nowhere"], "no lake"),
        (["--mvlake-refs", "typo", "-n", "2"], 'nothing is named "typo"'),
    ],
)
def test_what_cannot_be_meant_is_said_and_no_test_runs(run, words, said):
    found = run("--mvlake", *words) if "nowhere" not in words else run("--mvlake", *words[:2], lake="nowhere")
    assert found.ret == 4
    assert said in found.stderr.str() + found.stdout.str()
    assert "Hint: " in found.stderr.str() + found.stdout.str()
    assert "Traceback" not in found.stderr.str() + found.stdout.str()


def test_who_does_not_ask_is_not_disturbed(run, pytester):
    pytester.makepyfile(
        test_ours="import json, sys\n\ndef test_ours():\n    names = sorted(n for n in sys.modules if n.split('.')[0] == 'mvlake')\n"
        "    with open('modules.json', 'w') as file:\n        json.dump(names, file)\n"
    )
    run("-W", "error").assert_outcomes(passed=1)
    loaded = json.loads((pytester.path / "modules.json").read_text())
    assert loaded == ["mvlake", "mvlake._version", "mvlake.pytest_plugin", "mvlake.pytest_plugin.options"]
    run("-p", "no:mvlake").assert_outcomes(passed=1)
    assert json.loads((pytester.path / "modules.json").read_text()) == []
    refused = pytester.runpytest_subprocess("-p", "no:mvlake", "--mvlake")
    assert refused.ret == 4
    assert "--mvlake" in refused.stderr.str()


def test_a_kernel_that_has_loaded_mvlake_is_not_warned():
    assert AssertionRewriter.is_rewrite_disabled(mvlake.__doc__)


def test_a_strangers_version_wants_a_word(run, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "somebody-else"))
    found = run("--mvlake", "--mvlake-refs", "steady", "-k", "steady")
    found.assert_outcomes(errors=3, deselected=1)
    assert "trust" in found.stdout.str()
    run("--mvlake", "--mvlake-refs", "steady", "-k", "steady", "--mvlake-trust").assert_outcomes(passed=3, deselected=1)
