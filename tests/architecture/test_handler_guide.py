import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
GUIDE = REPOSITORY / "docs" / "guides" / "handlers.md"

USE = """
from acme import Scorecard
from mvlake import Lake, track

lake = Lake.in_memory()
with track("scorecard", lake=lake) as run:
    run.output(card=Scorecard(500, {"owns a house": 40}))
assert run.committed is not None
[kept] = [one for one in run.committed.version.artifacts if one.role.value == "model"]
assert (kept.handler, kept.role.value) == ("acme", "model"), kept
assert lake.load("scorecard:v1").score(["owns a house"]) == 540
"""


def files_of_the_guide():
    """Return the files that the guide shows: a line with the name alone, then the fenced text."""
    text = GUIDE.read_text(encoding="utf-8")
    return dict(re.findall(r"^`([\w.]+)`\n\n```\w+\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))


@pytest.fixture
def installed(tmp_path):
    """Return a folder that holds the guide's files as an installed distribution, with the entry points that they declare."""
    files = files_of_the_guide()
    for name, body in files.items():
        (tmp_path / name).write_text(body, encoding="utf-8")
    project = tomllib.loads(files["pyproject.toml"])["project"]
    information = tmp_path / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    information.mkdir()
    (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    lines = [
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in points.items()) for group, points in entry_points(project)
    ]
    (information / "entry_points.txt").write_text("\n".join(lines))
    (tmp_path / "pyproject.toml").unlink()
    return tmp_path


def entry_points(project):
    return project["entry-points"].items()


def run(folder, *command):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(folder), str(REPOSITORY / "src")])}
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_guide_is_a_whole_example():
    assert set(files_of_the_guide()) == {"acme.py", "mvlake_acme.py", "pyproject.toml", "test_mvlake_acme.py"}


def test_the_example_passes_the_contract(installed):
    shown = run(installed, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "test_mvlake_acme.py")
    passed = re.search(r"(\d+) passed", shown)
    assert passed is not None
    assert int(passed[1]) > 15
    assert "skipped" not in shown


def test_the_example_keeps_and_restores_an_object(installed):
    run(installed, "-c", USE)


def test_every_python_block_of_the_guides_compiles():
    for path in sorted((REPOSITORY / "docs").rglob("*.md")):
        for body in re.findall(r"^```python\n(.*?)^```$", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
            code = "\n".join(f"# {line}" if line.startswith("%") else line for line in body.splitlines())
            compile(code, str(path), "exec")
