import json
import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree

import pytest

from mvlake.errors import CannotReplay, InvalidVerb
from mvlake.lake.lake import Lake
from mvlake.records.events import Verdict

SEEDED = """%%track groups
rng = np.random.default_rng(0)
points = rng.normal(size=(20, 2))
mean = float(points.mean())
table = pd.DataFrame(points, columns=["x", "y"])
print("mean", mean)
"""


def lake_of(kernel):
    return Lake.open(kernel.folder / "lake", create=False)


def verdicts(answer):
    return {(one.kind, one.name): one.verdict for one in answer.replayed.items}


@pytest.fixture
def prepared(kernel):
    kernel.run("import numpy as np, pandas as pd, os, time")
    return kernel


def test_a_deterministic_version_reproduces_to_the_last_bit(prepared):
    prepared.run(SEEDED)
    lake = lake_of(prepared)
    before = len(lake.log().entries)
    answer = lake.replay("groups:v1", no_diagnose=True)
    assert answer.replayed.verdict is Verdict.IDENTICAL
    found = verdicts(answer)
    assert found["output", "points"] is found["output", "table"] is found["metric", "mean"] is Verdict.IDENTICAL
    assert found["stream", "stdout"] is Verdict.IDENTICAL
    assert len(lake.log().entries) == before
    assert lake.show("groups:v1").entry.replays[0].replayed == answer.replayed


def test_an_object_of_an_own_class_leaves_the_verdict_to_the_rest(prepared):
    prepared.run("class Own:\n    pass")
    prepared.run("%%track own\nthing = Own()\nthing.made = time.time()\nauc = float(sum([0.25, 0.5]))")
    answer = lake_of(prepared).replay("own:v1", no_diagnose=True)
    assert answer.replayed.verdict is Verdict.IDENTICAL
    assert verdicts(answer)["output", "thing"] is Verdict.NOT_COMPARABLE


def test_a_version_of_what_the_system_gave_drifts_and_says_what(prepared):
    prepared.run("%%track luck\nvalue = [os.urandom(8).hex()]\nfixed = sorted([1])")
    answer = lake_of(prepared).replay("luck:v1", no_diagnose=True)
    assert answer.replayed.verdict is Verdict.DRIFTED
    assert verdicts(answer) == {("output", "fixed"): Verdict.IDENTICAL, ("output", "value"): Verdict.DRIFTED}
    assert (answer.replayed.departure.cell, answer.replayed.departure.is_exact) == (2, True)


def test_noise_within_the_tolerance_is_numeric(prepared):
    # The environment tells the replay from the recording, and moves one number by one part in 10^13.
    prepared.run('noise = 1e-13 * ("MVLAKE_CAPTURE_TO" in os.environ)')
    prepared.run("%%track noisy\nvalues = np.array([1.0, 2.0]) * (1 + noise)\nscore = float(values.sum())")
    answer = lake_of(prepared).replay("noisy:v1", no_diagnose=True)
    assert answer.replayed.verdict is Verdict.NUMERIC
    assert "relative" in next(one.reason for one in answer.replayed.items if one.name == "values")


def test_only_needed_cells_run_in_the_order_in_which_they_ran(prepared, tmp_path):
    prepared.run("base = [1]")
    prepared.run("raise RuntimeError('never needed')")
    prepared.run("base.append(2)")
    prepared.run("%%track needs\ntotal = [sum(base)]")
    kept = tmp_path / "executed.ipynb"
    answer = lake_of(prepared).replay("needs:v1", output=kept, no_diagnose=True)
    assert answer.replayed.verdict is Verdict.IDENTICAL
    cells = [cell["source"] for cell in json.loads(kept.read_text())["cells"]]
    assert cells == ["base = [1]", "base.append(2)", "%%track needs\ntotal = [sum(base)]"]


def test_a_cell_that_raises_fails_the_replay_and_is_named(prepared):
    prepared.run("rows = ['1', open('/dev/null' if 'MVLAKE_CAPTURE_TO' not in os.environ else 'no-such-file').read() or '2']")
    prepared.run("%%track reads\nnumbers = [int(row) for row in rows]")
    answer = lake_of(prepared).replay("reads:v1", no_diagnose=True)
    assert answer.replayed.verdict is Verdict.FAILED
    assert "FileNotFoundError" in answer.error
    assert answer.replayed.items[0].name == "cell 2"


def test_a_cell_that_was_recorded_as_failing_may_fail_again(prepared):
    prepared.run("kept = [1]\nraise ValueError('after the binding')")
    prepared.run("%%track survives\nout = kept + [2]")
    assert lake_of(prepared).replay("survives:v1", no_diagnose=True).replayed.verdict is Verdict.IDENTICAL


def test_a_cell_that_takes_too_long_fails_the_replay(prepared):
    prepared.run("%%track slow\ntime.sleep(20 * ('MVLAKE_CAPTURE_TO' in os.environ))\nx = [1]")
    answer = lake_of(prepared).replay("slow:v1", timeout=2, no_diagnose=True)
    assert answer.replayed.verdict is Verdict.FAILED
    assert (answer.error, answer.replayed.items[0].name) == ("it took more than 2 s", "cell 2")


def test_a_kernel_that_dies_fails_the_replay(prepared):
    prepared.run("%%track dies\nx = [1]\nif 'MVLAKE_CAPTURE_TO' in os.environ:\n    os._exit(1)")
    answer = lake_of(prepared).replay("dies:v1", no_diagnose=True)
    assert answer.replayed.verdict is Verdict.FAILED
    assert answer.error


def test_a_checked_out_variable_is_fetched_again(prepared):
    prepared.run("%%track first\nmodel = {'weights': [1.0, 2.0]}")
    prepared.run("%mv checkout first:v1 model")
    prepared.run("%%track second\ndoubled = [w * 2 for w in model['weights']]")
    assert lake_of(prepared).replay("second:v1", no_diagnose=True).replayed.verdict is Verdict.IDENTICAL


def test_auto_and_snapshot_versions_replay_too(prepared):
    prepared.run("%mv auto on every")
    prepared.run("rows = [1, 2]")
    prepared.run("%mv auto off")
    prepared.run("%mv snapshot whole")
    lake = lake_of(prepared)
    assert lake.replay("every:v1", no_diagnose=True).replayed.verdict is Verdict.IDENTICAL
    assert lake.replay("whole:v1", no_diagnose=True).replayed.verdict is Verdict.IDENTICAL


def test_a_script_version_replays(prepared, tmp_path):
    script = tmp_path / "train.py"
    script.write_text(
        "import mvlake\nwith mvlake.track('scripted') as run:\n    run.param(depth=3)\n    run.output(rows=[1, 2])\n    run.metric(auc=0.5)\n"
    )
    environment = {**os.environ, "MVLAKE_LAKE": str(tmp_path / "lake")}
    subprocess.run([sys.executable, str(script)], check=True, env=environment, cwd=tmp_path)
    lake = lake_of(prepared)
    assert lake.show("scripted:v1").entry.version.params[0].name == "depth"
    assert lake.replay("scripted:v1", no_diagnose=True).replayed.verdict is Verdict.IDENTICAL


def test_the_verb_works_inside_the_kernel_that_made_the_version(prepared):
    prepared.run(SEEDED)
    ran = prepared.run("%mv replay groups:v1")
    assert "identical" in ran.cards[0]
    assert prepared.value("1 + 1") == "2"


def test_the_command_line_has_stable_exit_codes_and_writes_junit(prepared, tmp_path):
    prepared.run(SEEDED)
    prepared.run("%%track luck\nvalue = [os.urandom(8).hex()]")
    prepared.run("%%track dies\nx = [1]\nassert 'MVLAKE_CAPTURE_TO' not in os.environ")
    environment = {**os.environ, "MVLAKE_LAKE": str(tmp_path / "lake")}

    def replay(ref):
        junit, summary = tmp_path / "out.xml", tmp_path / "out.md"
        words = [sys.executable, "-m", "mvlake", "replay", ref, "--json", "--junit", str(junit), "--summary", str(summary)]
        ran = subprocess.run(words, env=environment, capture_output=True, text=True, cwd=tmp_path)
        assert summary.read_text().count("### Replays") == 1
        assert ref.partition(":")[0] in summary.read_text()
        return ran.returncode, json.loads(ran.stdout), ElementTree.parse(junit).getroot()

    code, document, xml = replay("groups:v1")
    assert (code, document["verdict"]) == (0, "identical")
    assert {"kind", "name", "verdict", "reason"} <= set(document["items"][0])
    assert len(xml.findall(".//testcase")) == len(document["items"])
    code, document, xml = replay("luck:v1")
    assert (code, document["verdict"]) == (1, "drifted")
    assert xml.findall(".//failure")
    code, document, _ = replay("dies:v1")
    assert (code, document["verdict"]) == (2, "failed")


def test_what_cannot_be_replayed_says_so_before_anything_runs(prepared):
    prepared.run("%%track one\nx = [1]")
    lake = lake_of(prepared)
    with pytest.raises(InvalidVerb, match="no runner"):
        lake.replay("one:v1", runner="airflow", no_diagnose=True)
    pack = next((prepared.folder / "lake/.mvlake/objects").rglob("*.pack"))
    pack.unlink()
    with pytest.raises(CannotReplay, match="cell 1"):
        lake_of(prepared).replay("one:v1", no_diagnose=True)


def test_a_killed_replay_leaves_no_kernel_and_the_lake_whole(prepared, tmp_path):
    prepared.run(
        "%%track waits\nimport os, time\nopen(os.environ['MARK'], 'w').write(str(os.getpid()))\ntime.sleep(30 * ('MVLAKE_CAPTURE_TO' in os.environ))\nx = [1]".replace(
            "import os, time\n", "import os, time\nos.environ.setdefault('MARK', os.devnull)\n"
        )
    )
    mark = tmp_path / "mark"
    environment = {**os.environ, "MVLAKE_LAKE": str(tmp_path / "lake"), "MARK": str(mark)}
    running = subprocess.Popen([sys.executable, "-m", "mvlake", "replay", "waits:v1"], env=environment, cwd=tmp_path)
    deadline = time.monotonic() + 60
    while not (mark.exists() and mark.read_text()) and time.monotonic() < deadline:
        time.sleep(0.1)
    child = int(mark.read_text())
    running.send_signal(signal.SIGKILL)
    running.wait()
    while time.monotonic() < deadline and _is_alive(child):
        time.sleep(0.2)
    assert not _is_alive(child)
    assert lake_of(prepared).verify().is_clean


def _is_alive(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_snapshot_after_cells_that_raised_replays(prepared):
    prepared.run("%%track inner\nrows = sorted([2, 1])")
    prepared.run("1 / 0")
    prepared.run("%%track inner\nraise ValueError('x')")
    prepared.run("def (:")
    prepared.run("%mv show nothing:v1")
    prepared.run("%mv snapshot whole")
    assert lake_of(prepared).replay("whole:v1", no_diagnose=True).replayed.verdict is Verdict.IDENTICAL
