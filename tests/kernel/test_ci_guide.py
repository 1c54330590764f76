"""The workflows of the guide, run: their shell steps, in their order, in a project with a lake elsewhere, as a runner would run them."""

import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
import yaml

from mvlake.lake.lake import Lake

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "ci.md"
SETUP = re.compile(r"[\w-]+/[\w/-]+@v\d+\.\d+\.\d+")
EXPRESSION = re.compile(r"\$\{\{ *(.*?) *\}\}")
STEADY = (
    "import mvlake\nwith mvlake.track('{}') as run:\n    run.param(depth=3)\n    run.output(rows=[1, 2])\n    run.metric(auc=0.5)\n"
)
LUCK = "import mvlake, os\nwith mvlake.track('{}') as run:\n    run.output(rows=[os.urandom(8).hex()])\n"


@pytest.fixture(scope="module")
def workflows():
    blocks = re.findall(r"^```yaml\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    github, gitlab = map(yaml.safe_load, blocks)
    return github, gitlab


@pytest.fixture
def team(tmp_path):
    """The team's lake, on a disk that every runner sees: two names, of which one holds the label."""
    (tmp_path / "team").mkdir()
    environment = {**os.environ, "MVLAKE_LAKE": str(tmp_path / "team"), "MVLAKE_USER": "ana"}
    for name, text in (("fraud", STEADY), ("churn", LUCK)):
        (tmp_path / "team" / f"{name}.py").write_text(text.format(name))
        subprocess.run([sys.executable, f"{name}.py"], check=True, env=environment, cwd=tmp_path / "team")
    lake = Lake.open(tmp_path / "team", create=False)
    lake.promote("fraud:v1", "production")
    return lake


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "requirements.txt").write_text(
        "mvlake\npapermill\n"
    )  # what the project of the guide would list besides is not needed
    return folder


class Github:
    """As much of a runner as the workflow needs: expressions, `if`, environment of job and step, the files of a step."""

    def __init__(self, job, project, lake, home):
        self.job, self.project = job, project
        self.known = {"github.workspace": str(project), "github.run_id": "7", "vars.LAKE": lake}
        self.known |= {f"secrets.{name}": f"{name}-value" for name in ("LAKE_READER_ID", "LAKE_READER_KEY")}
        self.summary, self.output = home / "summary.md", home / "output.txt"
        self.base = runner_environment(home) | {"GITHUB_STEP_SUMMARY": str(self.summary), "GITHUB_OUTPUT": str(self.output)}
        self.ran, self.uses, self.environments, self.kept = {}, [], {}, home / "kept"

    def run(self):
        for file in (self.summary, self.output):
            file.write_text("")
        self.ran, failed = {}, False
        for step in self.job["steps"]:
            assert step.get("if") in (None, "${{ !cancelled() }}")
            if failed and "if" not in step:
                continue
            if "uses" in step:
                self.use(step)
                continue
            environment = self.base | self.said(self.job["env"]) | self.said(step.get("env", {}))
            done = bash(step["run"], environment, self.project)
            self.ran[step["name"]] = done.returncode
            self.environments[step["name"]] = environment
            failed = failed or done.returncode != 0
        return 1 if failed else 0

    def use(self, step):
        """Note the action; of those that keep files from one run to the next, do what they do."""
        self.uses.append(step["uses"])
        if "/cache/" in step["uses"]:
            kept, file = self.kept, self.project / step["with"]["path"]
            source, target = (kept, file) if "/restore@" in step["uses"] else (file, kept)
            if source.exists():
                shutil.copytree(source, target, dirs_exist_ok=True)

    def said(self, variables):
        return {name: EXPRESSION.sub(lambda found: self.known[found[1]], value) for name, value in variables.items()}


def runner_environment(home):
    """What a machine that nobody has worked on gives to a step: no lake, no user, no secret of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MVLAKE", "AWS", "GITHUB", "CI"))}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return kept | {"PATH": path, "XDG_STATE_HOME": str(home / "state"), "HOME": str(home), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def bash(text, environment, folder):
    done = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", text], env=environment, cwd=folder, capture_output=True, text=True)
    print(done.stdout, done.stderr)
    return done


def verdicts(folder):
    return [(one["ref"], one["verdict"]) for one in json.loads((folder / "replay.json").read_text())["replays"]]


def test_the_github_workflow_tells_what_reproduced_and_what_drifted(workflows, team, project, tmp_path):
    job = workflows[0]["jobs"]["replay"]
    runner = Github(job, project, str(Path(team.path).parent), tmp_path)
    before = len(team.log().entries), team.status().records

    assert runner.run() == 0
    assert list(runner.ran.values()) == [0, 0, 0, 0]
    assert runner.output.read_text() == "code=0\n"
    assert "fraud\\:v1 | ✓ identical" in runner.summary.read_text()
    assert verdicts(project / "reports") == [("fraud:v1", "identical")]
    assert [path.name for path in (project / "reports" / "notebooks").iterdir()] == ["fraud-v1.ipynb"]

    # The next night: the cache holds the copy of before the replay, and somebody has promoted what nobody can make again.
    for name in (".mvlake", "reports"):
        (project / name).rename(tmp_path / f"first {name}")
    team.promote("churn:v1", "production")
    assert runner.run() == 1
    assert (runner.ran["Replay"], runner.output.read_text()) == (1, "code=1\n")
    assert verdicts(project / "reports") == [("churn:v1", "drifted"), ("fraud:v1", "identical")]
    suites = ElementTree.parse(project / "reports" / "replay.xml").getroot()
    assert [(suite.get("name"), suite.get("failures")) for suite in suites] == [("churn:v1", "1"), ("fraud:v1", "0")]
    assert "churn\\:v1 | ≠ drifted" in runner.summary.read_text()
    assert "drifted" in (project / "reports" / "replay.html").read_text()
    assert runner.uses[-1].startswith("actions/upload-artifact@")

    known = [Lake.open(folder, create=False).status().records for folder in (runner.kept, project)]
    assert known == [before[1] + 1, before[1] + 3]  # kept before two verdicts were recorded in what is thrown away
    assert (len(team.log().entries), team.status().records) == (before[0], before[1] + 1)  # the promotion alone
    told = [name for name, said in runner.environments.items() if any("LAKE_READER" in value for value in said.values())]
    assert told == ["Bring the copy up to the lake"]


def test_the_github_workflow_asks_for_no_more_than_it_needs(workflows):
    workflow = workflows[0]
    assert workflow["permissions"] == {"contents": "read"}
    assert "pull_request_target" not in workflow[True]  # YAML 1.1 reads the key `on` as true
    steps = workflow["jobs"]["replay"]["steps"]
    assert all(SETUP.fullmatch(step["uses"]) for step in steps if "uses" in step)
    checkout = next(step for step in steps if step.get("uses", "").startswith("actions/checkout@"))
    assert checkout["with"]["persist-credentials"] is False
    assert not [step["name"] for step in steps if "${{" in step.get("run", "")]  # what a stranger wrote is no part of a script


def test_the_gitlab_job_tells_what_reproduced_and_what_drifted(workflows, team, project, tmp_path):
    job = workflows[1]["replay"]
    given = {"CI_PROJECT_DIR": str(project), "LAKE": str(Path(team.path).parent), "AWS_SECRET_ACCESS_KEY": "hidden"}
    environment = runner_environment(tmp_path) | given
    for name, value in job["variables"].items():
        environment[name] = value.replace("$CI_PROJECT_DIR", str(project))

    def run():
        return bash("\n".join([*job["before_script"], *job["script"]]), environment, project).returncode

    assert run() == 0
    assert verdicts(project / "reports") == [("fraud:v1", "identical")]
    # The next pipeline has what the cache keeps, and no more; it finds more in the lake.
    (project / ".mvlake").rename(tmp_path / "first lake")
    (project / "reports").rename(tmp_path / "first reports")
    team.promote("churn:v1", "production")
    assert run() == 1
    assert verdicts(project / "reports") == [("churn:v1", "drifted"), ("fraud:v1", "identical")]
    assert job["artifacts"]["when"] == "always"
    for path in [job["artifacts"]["reports"]["junit"], *job["artifacts"]["paths"]]:
        assert (project / path).exists()
    assert "≠ drifted" in (project / "reports" / "replay.md").read_text()
    assert {path.split("/")[0] for path in job["cache"]["paths"]} == {".cache"}
