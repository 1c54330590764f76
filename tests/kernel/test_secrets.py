"""Secrets in a real kernel: they are seeded wherever a notebook can have them, and then looked for in every byte that was written."""

import base64
import json
import os
import urllib.parse

import pytest
from every_byte import every_byte
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from mvlake.capture.boundary import Boundary
from mvlake.lake.lake import Lake
from mvlake.redaction.marker import markers_in
from mvlake.view.text import as_text

WORD = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0"
IN_ENVIRONMENT = 'kq82/nX+w9="0a&Ls7'
IN_FILE = "netrcXw90aLs42kd"
IN_PROJECT = "dotenv-Zx81kkL0p9"
TYPED = "typed0ByHand1Xq"
GITHUB = f"ghp_{WORD[:36]}"
HUGGING = "hf_" + "aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgH"
PASSWORD = "tr0ub4dor-and-3"
PARAM = "p4rameterSecret9"
BOUND = "s3ssion-b0und-77"
DSN = "dsnPa55w0rd81"
ATTEMPT = "raised-s3cret-5521"
WRAPPED = "wr4pped-in-a-class"
IN_A_MODEL = "p1dantic-inside-88"
SEEDED = [IN_ENVIRONMENT, IN_FILE, IN_PROJECT, TYPED, GITHUB, HUGGING, PASSWORD, PARAM, BOUND, DSN, ATTEMPT, WRAPPED, IN_A_MODEL]

UTIL = f'''
SERVICE_TOKEN = "{GITHUB}"
def fetch():
    raise ValueError("refused: {ATTEMPT} password={ATTEMPT}")
'''


def forms(secret):
    """Return a secret as it may stand in bytes, said once more: the test does not ask the detectors what they look for."""
    data = secret.encode()
    yield data
    yield json.dumps(secret)[1:-1].encode()
    yield urllib.parse.quote(secret, safe="").encode()
    yield data.hex().encode()
    yield data.hex().upper().encode()
    for lead in range(3):
        coded = base64.b64encode(b"\0" * lead + data)
        yield coded[-(-8 * lead // 6) : 8 * (lead + len(data)) // 6]


def leaks(*folders):
    return [
        f"{secret} in {path}" for path, data in every_byte(*folders) for secret in SEEDED for form in forms(secret) if form in data
    ]


@pytest.fixture
def seeded(start_kernel, tmp_path):
    """A kernel in a project that holds secrets wherever a notebook can have them."""
    home, project, temporary = tmp_path / "home", tmp_path / "project", tmp_path / "tmp"
    for folder in (home, project, temporary):
        folder.mkdir()
    (home / ".netrc").write_text(f"machine api.example.org login ana password {IN_FILE}\n")
    (project / ".env").write_text(f"DB_PASSWORD={IN_PROJECT}\n")
    (project / "util.py").write_text(UTIL)
    return start_kernel(
        folder=project,
        HOME=str(home),
        SERVICE_KEY=IN_ENVIRONMENT,
        AUTH_MODE="disabled",
        TMPDIR=str(temporary),
        PYTHONPATH=str(project),
    )


def test_no_secret_reaches_the_disk_in_any_form(seeded, tmp_path):
    kernel = seeded
    notebook = kernel.folder / "secret.ipynb"
    cells = [
        {"cell_type": "code", "id": "a", "metadata": {}, "source": f"password = '{PASSWORD}'\nkey = '{GITHUB}'", "outputs": [
            {"output_type": "stream", "name": "stdout", "text": [f"{HUGGING}\n", f"{IN_ENVIRONMENT}\n"]}], "execution_count": 1},
    ]  # fmt: skip
    notebook.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
    kernel.run(f"__session__ = {str(notebook)!r}")
    kernel.run("import os, base64, util, pickle")
    kernel.run(f"""typed_password = "".join({list(TYPED)!r})
class Wrapped:
    pass
""")
    first = kernel.run(f"""%%track leaky -m "with {GITHUB}"
password = "{PASSWORD}"  # {HUGGING}
api_token = "{PARAM}"
config = {{"depth": 3, "user": "ana", "client_secret": "{PARAM}", "url": "postgresql://ana:{DSN}@db/prod"}}
depth = 3
key = os.environ["SERVICE_KEY"]
print(key, typed_password, base64.b64encode(b"x" + key.encode()).decode(), key.encode().hex(), repr(key), "{IN_FILE}", "{IN_PROJECT}")
words = [key, (typed_password, {{"deep": util.SERVICE_TOKEN}}), b"bytes " + key.encode()]
note = f"https://ana:{{key}}@host/?q={{password}}"
plain_name = "harmless"
environ = os.environ
environment = dict(os.environ)
wrapped = Wrapped(); wrapped.inside = "{HUGGING}"
""")
    assert first.status == "ok", first.error
    kernel.run(
        "%%track leaky\nimport sys\nprint(typed_password, file=sys.stderr)\nfrom IPython.display import HTML, display\ndisplay(HTML(f'<b>{key}</b>'))\nscore = 0.5"
    )
    kernel.run("%%track leaky\nutil.fetch()")
    kernel.run(f"%%track leaky\nraise RuntimeError('token={ATTEMPT} ' + key)")
    kernel.run("%mv auto on leaky-auto")
    kernel.run(f"auto_secret = '{BOUND}'\nsaid = ['{GITHUB}']\nlength = 3")
    kernel.run("%mv auto off")
    assert kernel.run("%mv snapshot leaky-whole").cards
    kernel.run(f"""%mv note leaky:v1 the key is {GITHUB}, and {IN_PROJECT}""")
    kernel.run(f"""%mv promote leaky:v1 staging -m "because {HUGGING}" """)
    refused = kernel.run(f"%mv tag leaky:v1 {GITHUB}")
    assert "holds a secret" in refused.text + str(refused.error) + "".join(refused.cards)
    kernel.run(f"""import mvlake
with mvlake.track("leaky-script", message="for {GITHUB}") as run:
    run.param(db_password="{PASSWORD}", dsn="mysql://a:{DSN}@h/d")
    run.output(value={{"token": typed_password, "list": [key]}}, text=key * 2)
    run.note(typed_password)
""")
    assert "leaky-script:v1" in "".join(kernel.run("%mv log leaky-script").cards)

    lake = Lake.open(tmp_path / "lake", create=False)
    version = lake.show("leaky:v1").entry.version
    rules = {one.rule for one in version.redacted}
    assert {"github-token", "huggingface-token", "named-value", "url-password", "environment.SERVICE_KEY"} <= rules
    assert "variable.typed_password" in rules
    assert {one.place for one in version.redacted} >= {"cell 1", "message", "stream stdout", "output words"} or version.redacted
    omitted = {one.name: one.reason for one in version.omitted}
    assert set(omitted) >= {"environ", "environment", "wrapped"}
    assert {one.name for one in version.artifacts} >= {"words", "note", "plain_name"} - {one.name for one in version.params}
    assert "redacted" in first.cards[0]
    assert lake.load("leaky:v1", "words")[2].startswith(b"bytes ")
    shown = "".join(kernel.run("%mv show leaky:v1").cards)
    assert "environment.SERVICE_KEY" in shown
    table = "".join(kernel.run("%mv sql select rule, place, count from redactions where ref = 'leaky:v1'").cards)
    assert "github-token" in table
    kernel.run("%unload_ext mvlake")

    assert leaks(tmp_path / "lake", tmp_path / "tmp") == []


def test_no_secret_is_kept_within_models_and_files(seeded, tmp_path):
    kernel = seeded
    (kernel.folder / "config.json").write_text(json.dumps({"api": IN_ENVIRONMENT}))
    (kernel.folder / "harmless.json").write_text('{"depth": 3}')
    ran = kernel.run(f"""%%track deep
import json, pydantic
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
class Settings(pydantic.BaseModel):
    api: pydantic.SecretStr
    depth: int = 3
settings = Settings(api="".join({list(IN_A_MODEL)!r}))
holder = [settings.api]
bare = settings.api.get_secret_value()
print(bare)
config, harmless = json.load(open("config.json")), json.load(open("harmless.json"))
model = make_pipeline(FunctionTransformer(kw_args={{}}), LinearRegression()).fit([[1.0], [2.0]], [1.0, 2.0])
model.steps[1][1].origin_ = ["", bare]
other = LinearRegression().fit([[1.0], [2.0]], [1.0, 2.0])
""")
    assert ran.error is None
    assert kernel.run("%mv snapshot deep-whole").cards
    kernel.run("%unload_ext mvlake")
    version = Lake.open(tmp_path / "lake", create=False).show("deep:v1").entry.version
    omitted = {one.name: one.reason for one in version.omitted}
    assert omitted["settings"] == omitted["holder"] == "it holds what its class is there to keep secret"
    assert omitted["model"] == "it holds a secret: variable.holder"  # where it was found first
    assert omitted["config.json"].startswith("it holds a secret: environment.SERVICE_KEY")
    assert {one.name for one in version.artifacts} >= {"other", "harmless.json", "bare"}
    assert {one.name for one in version.files if one.digest is not None} >= {"config.json", "harmless.json"}
    assert leaks(tmp_path / "lake", tmp_path / "tmp") == []


def test_equal_secrets_leave_equal_marks_and_another_one_shows_as_a_change(kernel):
    for value in (PASSWORD, PASSWORD, f"{PASSWORD}x"):
        kernel.run(f"%%track same\npassword = '{value}'\nscore = len(password)")
    lake = Lake.open(kernel.folder / "lake", create=False)
    assert [entry.version.number for entry in lake.log("same").entries] == [2, 1]
    assert lake.log("same").entries[1].confirmations == 1
    marks = [list(markers_in(lake.show(f"same:v{number}").dossier.sources[-1])) for number in (1, 2)]
    assert marks[0][0].rule == marks[1][0].rule == "named-value"
    assert marks[0] != marks[1]
    rows = {(one.rule, one.place): (one.change, one.note) for one in lake.compare("same:v1", "same:v2").redactions}
    assert rows["named-value", "cell 1"] == ("changed", "other values")
    assert "other values" in as_text(lake.compare("same:v1", "same:v2"))
    assert marks[0][0].hash in as_text(lake.show("same:v1"))
    found = lake.sql(f"select distinct ref from redactions where hashes like '%{marks[1][0].hash}%'").rows
    assert [tuple(one) for one in found] == [("same:v2",)]


def test_a_replay_says_what_must_be_supplied_and_runs_when_it_is(kernel, monkeypatch, tmp_path):
    cell = f"%%track again\npassword = '{PASSWORD}'\nassert password.endswith('and-3')\nletters = [len(password), password]"
    assert kernel.run(cell).cards
    lake = Lake.open(kernel.folder / "lake", create=False)
    refused = lake.replay("again:v1", no_diagnose=True).replayed
    assert refused.verdict == "not run"
    assert "must be supplied: named-value" in refused.items[0].reason
    [mark] = {one.hash for one in markers_in(lake.show("again:v1").dossier.sources[0])}
    assert f"MVLAKE_SECRET_{mark.upper()}" in refused.items[0].reason

    monkeypatch.setenv(f"MVLAKE_SECRET_{mark.upper()}", PASSWORD)
    answer = lake.replay("again:v1", output=tmp_path / "executed.ipynb", no_diagnose=True)
    assert answer.replayed.verdict == "identical", answer
    assert PASSWORD not in (tmp_path / "executed.ipynb").read_text()

    restored = lake.checkout("again:v1", into={})
    assert [one.rule for one in restored.redacted] != []
    assert "secrets were redacted" in as_text(restored)
    lake.checkout("again:v1", to=tmp_path / "out")
    assert PASSWORD not in (tmp_path / "out" / "notebook.ipynb").read_text()


def test_what_goes_wrong_in_capture_leaves_no_secret_in_the_log_of_failures(tmp_path, monkeypatch):
    monkeypatch.setenv("SERVICE_KEY", IN_ENVIRONMENT)
    boundary = Boundary(tmp_path / "failures.log")
    boundary.guard_quietly(lambda: {}[f"{IN_ENVIRONMENT} {GITHUB}"])()
    assert boundary.failures == 1
    assert leaks(tmp_path) == []
    assert "github-token" in (tmp_path / "failures.log").read_text(encoding="utf-8")


def test_what_opts_out_is_not_tracked_and_its_text_is_kept_nowhere(start_kernel, tmp_path):
    kernel = start_kernel()
    hidden = "nothing-of-th1s-is-kept"
    assert kernel.run(f"%%track out\n# mvlake: off\nx = '{hidden}'").cards == []
    assert kernel.value("x") == hidden
    kernel.run("%mv pause")
    assert kernel.run("%%track out\ny = 2").cards == []
    kernel.run("%mv resume")
    kernel.run(f"  # mvlake: off\nword = ['{hidden}'][0]")
    assert kernel.run("%%track out\nlength = len(x) + len(word)\nkept = [length]").cards
    assert kernel.run("%mv show out:v1 --history").cards
    lake = Lake.open(kernel.folder / "lake", create=False)
    assert [entry.ref for entry in lake.log().entries] == ["out:v1"]
    assert "mvlake: off" in lake.show("out:v1").dossier.sources[0]
    written = b"".join(data for _, data in every_byte(tmp_path / "lake"))
    assert f"x = '{hidden}'".encode() not in written


def test_a_cell_opts_out_by_its_tag_where_the_front_end_tells_it(start_kernel, tmp_path):
    hidden = "nothing-of-th1s-is-kept"
    loading = start_kernel(load=False)
    # What JupyterLab and Notebook send along: all metadata of the cell, and what they say of the run.
    told = {"tags": ["slow", "mvlake-off"], "trusted": True, "deletedCells": [], "recordTiming": False}
    loading.wait(loading.start(f"%load_ext mvlake\nfirst = '{hidden}'", metadata=told))
    assert loading.wait(loading.start(f"%%track tagged\nx = '{hidden}'", metadata=told, cell_id="one")).cards == []
    loading.run("%mv auto on tagged")
    assert loading.wait(loading.start(f"y = ['{hidden}'][0]", metadata=told)).cards == []
    loading.run("%mv auto off")
    assert loading.value("x == y == first") == "True"
    not_so = told | {"tags": ["mvlake-offer", 3]}
    assert loading.wait(
        loading.start("%%track tagged\nlength = len(x) + len(y) + len(first)\nkept = [length]", metadata=not_so)
    ).cards
    assert loading.run("%mv snapshot tagged-whole").cards
    lake = Lake.open(loading.folder / "lake", create=False)
    assert [entry.ref for entry in lake.log("tagged").entries] == ["tagged:v1"]
    assert "mvlake: off" in lake.show("tagged:v1").dossier.sources[0]
    written = b"".join(data for _, data in every_byte(tmp_path / "lake"))
    assert not [one for one in ("first", "x") if f"{one} = '{hidden}'".encode() in written]
    assert f"['{hidden}'][0]".encode() not in written


def test_nbclient_tells_no_tags_and_the_line_opts_out(tmp_path):
    cells = [
        new_code_cell("%load_ext mvlake"),
        new_code_cell("%%track lines\n# mvlake: off\nx = 'nothing-of-th1s-is-kept'"),
        new_code_cell("%%track lines\ny = [len(x)]"),
        new_code_cell("%mv pause"),
        new_code_cell("%%track lines\nz = [len(x) + 1]"),
        new_code_cell("%mv resume"),
        new_code_cell("%%track tagged\nz = [2]", metadata={"tags": ["mvlake-off"]}),
    ]
    environment = os.environ | {"MVLAKE_LAKE": str(tmp_path / "nbclient"), "IPYTHONDIR": str(tmp_path / "ipython")}
    NotebookClient(new_notebook(cells=cells), kernel_name="python3").execute(cwd=str(tmp_path), env=environment)
    lake = Lake.open(tmp_path / "nbclient", create=False)
    assert [entry.ref for entry in lake.log().entries] == ["tagged:v1", "lines:v1"]
    written = b"".join(data for _, data in every_byte(tmp_path / "nbclient"))
    assert b"x = 'nothing-of-th1s-is-kept'" not in written


def test_the_variable_that_disables_tracking_does(start_kernel):
    kernel = start_kernel(MVLAKE_DISABLE="1")
    assert kernel.run("%%track out\nx = 2").cards == []
    assert kernel.value("x") == "2"
    assert not (kernel.folder / "lake").exists()
