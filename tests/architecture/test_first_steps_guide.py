import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
GUIDE = REPOSITORY / "docs" / "guides" / "first-steps.md"

# What the guide takes for granted: data, imports, and functions of the reader's own.
READERS_OWN = """
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
X, y = make_classification(300, flip_y=0.2, random_state=0)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
def train(X, y, depth):
    return RandomForestClassifier(max_depth=depth, random_state=0).fit(X, y)
def score(model):
    return roc_auc_score(y_test, model.predict_proba(X_test)[:, 1])
"""

READER = """
import json, shlex, sys
from IPython.core.interactiveshell import InteractiveShell
from mvlake.cli.main import main

shell = InteractiveShell.instance()
failures = []
for surface, text in json.load(sys.stdin):
    if surface == "terminal":
        code = main(shlex.split(text, comments=True)[1:])
        if code:
            failures.append([text, f"exit code {code}"])
    else:
        done = shell.run_cell(text, store_history=True)
        if not done.success:
            failures.append([text, repr(done.error_before_exec or done.error_in_exec)])
from mvlake import Lake
lake = Lake.open(create=False)
facts = {one.ref: [one.version.origin.value, one.confirmations, list(one.labels)] for one in lake.log().entries}
print("READ", json.dumps({"failures": failures, "facts": facts, "clean": lake.verify().is_clean}))
"""


def steps():
    """Yield what a reader of the guide does, in its order: cells of a notebook, and lines in a terminal."""
    for language, body in re.findall(r"^```(\w*)\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        if language == "python":
            yield from (("notebook", cell) for cell in variations(body))
        elif language == "sh":
            # A replay starts a kernel, and has tests of its own.
            yield from (("terminal", line) for line in body.splitlines() if line.startswith("mvlake ") and " replay " not in line)
        else:
            yield from (("notebook", line) for line in body.splitlines() if line.startswith("%mv "))


def variations(body):
    """Return the cell; where the guide says to run it again with another depth, and without a change, that too."""
    deeper = body.replace("depth = 6", "depth = 8")
    return [body] if deeper == body else [body, deeper, deeper]


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """Return what comes of a reader who does all of it."""
    folder = tmp_path_factory.mktemp("reader")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MVLAKE_")}
    environment |= {"PYTHONPATH": str(REPOSITORY / "src"), "IPYTHONDIR": str(folder / "ipython"), "MVLAKE_LAKE": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", READER],
        input=json.dumps([("notebook", READERS_OWN), *steps()]),
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    [line] = [line for line in done.stdout.splitlines() if line.startswith("READ ")]
    return {"folder": folder, "shown": done.stdout, **json.loads(line.removeprefix("READ "))}


def test_the_guide_is_read_whole():
    assert len(list(steps())) > 25


def test_everything_that_the_guide_says_works(reader):
    assert reader["failures"] == []


def test_the_versions_are_those_that_the_guide_tells_of(reader):
    facts = reader["facts"]
    assert facts["fraud-detector:v1"] == ["cell", 0, ["production"]]
    assert facts["fraud-detector:v2"] == ["cell", 1, []]
    assert facts["fraud-detector:v3"][0] == "snapshot"
    assert facts["fraud-detector:v4"][0] == "script"
    assert len(facts) == 4
    assert reader["clean"]


def test_the_card_reads_as_in_the_guide(reader):
    [example] = re.findall(r"^fraud-detector:v1  auc .*$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    [shown] = re.findall(r"^fraud-detector:v1  auc .*$", reader["shown"], re.MULTILINE)
    assert re.sub(r"0\.\d+", "0.N", shown) == re.sub(r"0\.\d+", "0.N", example)


def test_the_files_that_the_guide_asks_for_are_there(reader):
    assert (reader["folder"] / "difference.html").stat().st_size > 1000
    assert (reader["folder"] / "restored" / "notebook.ipynb").is_file()
    assert (reader["folder"] / "model.skops").read_bytes().startswith(b"PK")
