"""The widget of `%mv compare` in a real kernel, spoken to as a front end does: by comm messages, whenever it likes."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/spec/diff.schema.json").read_text(encoding="utf-8"))
MIME = "application/vnd.mvlake.comparison+json"
TIMEOUT = 60
TWO_VERSIONS = """\
%%track fraud -m 'first'
import pandas as pd
rate = {rate}
df = pd.DataFrame({{"x": range(100), "y": [{rate} if n == 7 else 1.0 for n in range(100)]}})
auc = 0.9 + rate
"""


class View:
    """What a front end has of one widget: its state, and what it has been told."""

    def __init__(self, kernel, code="%mv compare fraud:v1 fraud:v2", *, attended=True, cell_id=""):
        self.kernel = kernel
        self.told, self.state, self.buffers, self.is_closed, self.opened = [], {}, [], False, []
        self.display = None
        request = kernel.start(code, attended=attended, cell_id=cell_id)
        while not self._take(kernel.client.get_iopub_msg(timeout=TIMEOUT), idle_of=request):
            pass
        assert kernel._reply(request)["status"] == "ok"
        self.comm = self.opened[-1] if self.opened else None

    def _take(self, message, idle_of=None):
        kind, content = message["msg_type"], message["content"]
        if kind == "comm_open" and content["target_name"] == "jupyter.widget":
            self.opened.append(content["comm_id"])
            self.state, self.buffers = content["data"]["state"], message["buffers"]
        elif kind == "display_data" and "mvlake" in content["metadata"]:
            self.display = content
        elif kind == "comm_close":
            self.is_closed = True
        elif kind == "comm_msg":
            data = content["data"]
            if data["method"] == "custom":
                self.told.append(data["content"])
            else:
                self.state |= data["state"]
        assert kind not in ("stream", "error"), content
        return kind == "status" and content["execution_state"] == "idle" and message["parent_header"].get("msg_id") == idle_of

    def send(self, content, *, method="custom", channel="comm_msg", **more):
        data = {"method": method, "content": content} if method == "custom" else {"method": method, **content}
        message = self.kernel.client.session.msg(channel, {"comm_id": self.comm, "data": data, **more})
        self.kernel.client.shell_channel.send(message)
        return message["header"]["msg_id"]

    def ask(self, content):
        self.send(content)
        return self.answer(content.get("id", ""))

    def answer(self, mark):
        """Return the answer to a request, whenever it comes; what comes before it is taken too."""
        seen = len(self.told)
        while not any(one["id"] == mark for one in self.told):
            self._take(self.kernel.client.get_iopub_msg(timeout=TIMEOUT))
        assert len(self.told) >= seen
        return next(one for one in self.told if one["id"] == mark)


@pytest.fixture
def compared(kernel):
    for rate in (0.01, 0.05):
        assert kernel.run(TWO_VERSIONS.format(rate=rate)).status == "ok"
    return kernel


def test_a_comparison_has_a_page_a_text_and_a_document_and_behind_it_a_widget(compared):
    view = View(compared)
    data, metadata = view.display["data"], view.display["metadata"]
    assert set(data) == {
        "text/plain",
        "text/html",
        MIME,
    }  # no media type by which a stranger's front end would try to show a widget
    assert metadata[MIME] == {"model_id": view.comm}
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(data[MIME])] == []
    assert view.state["document"] == data[MIME]
    names = {
        name: view.state[name] for name in ("_model_name", "_model_module", "_view_name", "_view_module", "_model_module_version")
    }
    assert names == {
        "_model_name": "ComparisonModel",
        "_model_module": "@mvlake/lab",
        "_view_name": "ComparisonView",
        "_view_module": "@mvlake/lab",
        "_model_module_version": "~0.1.0",
    }
    assert [one["ref"] for one in view.state["choices"]] == ["fraud:v2", "fraud:v1"]
    assert view.state["choices"][0].keys() == {"ref", "created_at", "message", "labels"}
    assert view.state["problem"] == ""


def test_a_view_chooses_other_versions_and_asks_for_rows(compared):
    view = View(compared)
    assert view.ask({"kind": "compare", "id": "1", "refs": ["fraud:v2", "fraud:v1"]}) == {"kind": "done", "id": "1"}
    assert (view.state["document"]["a"]["ref"], view.state["document"]["b"]["ref"]) == ("fraud:v2", "fraud:v1")
    assert view.ask({"kind": "compare", "id": "2", "refs": ["fraud:v2", "fraud:v9"]}) == {"kind": "done", "id": "2"}
    assert "fraud:v9" in view.state["problem"]
    assert view.state["document"]["a"]["ref"] == "fraud:v2"  # what was shown is still there
    view.ask({"kind": "compare", "id": "3", "refs": ["fraud:v1", "fraud:v2"]})
    assert view.state["problem"] == ""
    wanted = {"kind": "rows", "id": "4", "role": "output", "name": "nothing", "op": "all", "column": None, "start": 0, "count": 10}
    answer = view.ask(wanted)
    assert answer["kind"] == "error"
    assert answer["hint"]
    answer = view.ask(wanted | {"id": "5", "name": "df", "op": "changed", "column": "y"})
    assert (answer["kind"], answer["total"]) == ("rows", 1)
    assert answer["rows"][0]["b_row"] == 7
    assert answer["rows"][0]["cells"] == [{"column": "y", "a": "0.01", "b": "0.05"}]
    assert view.ask(wanted | {"id": "6", "name": "df", "start": 1})["rows"] == []


NO_REQUESTS = [
    {"kind": "compare", "id": "x", "refs": ["fraud:v1"]},
    {"kind": "compare", "id": "x", "refs": ["fraud:v1"] * 13},
    {"kind": "compare", "id": "x", "refs": ["fraud:v1", {"ref": "fraud:v2"}]},
    {"kind": "compare", "id": "x", "refs": ["fraud:v1", "x" * 5000]},
    {"kind": "compare", "id": "x", "refs": "fraud:v1"},
    {"kind": ["compare"], "id": "x", "refs": ["fraud:v1", "fraud:v2"]},
    {"kind": "eval", "id": "x", "code": "1/0"},
    {"kind": "rows", "id": "x", "role": "output", "name": "df", "op": "all", "column": None, "start": -1, "count": 10},
    {"kind": "rows", "id": "x", "role": "output", "name": "df", "op": "all", "column": None, "start": 0, "count": 10**9},
    {"kind": "rows", "id": "x", "role": "output", "name": "df", "op": "all", "column": None, "start": 0, "count": True},
    {"kind": "rows", "id": "x", "role": "output", "name": "df", "op": ["all"], "column": None, "start": 0, "count": 1},
    {"kind": "rows", "id": "x", "role": "output", "name": "x" * 5000, "op": "all", "column": None, "start": 0, "count": 1},
    {"kind": "rows", "id": "x", "role": 5, "name": "df", "op": "all", "column": {}, "start": "0", "count": 1},
]


def test_what_is_no_request_is_an_error_and_never_a_traceback(compared):
    view = View(compared)
    for number, content in enumerate(NO_REQUESTS):
        answer = view.ask(content | {"id": str(number)})
        assert answer["kind"] == "error", content
        assert answer["message"]
        assert answer["hint"]
    for content in (None, 5, "x", [], {}, {"kind": "compare", "id": 7, "refs": ["fraud:v1", "fraud:v2"]}):
        view.send(content)
        view.told.clear()
        assert view.answer("")["kind"] == "error"
    hostile = {"kind": "compare", "id": "<img src=x onerror=alert(1)>", "refs": ["<b>\u202e\x1b[31m", "fraud:v1"]}
    assert view.ask(hostile)["kind"] == "done"
    assert view.state["problem"]
    assert not any(character in view.state["problem"] for character in "\u202e\x1b")
    view.send({"state": {"document": {"a": "forged"}, "problem": "forged"}, "buffer_paths": []}, method="update")
    assert view.ask({"kind": "compare", "id": "last", "refs": ["fraud:v1", "fraud:v2"]})["kind"] == "done"
    assert view.state["document"]["b"]["ref"] == "fraud:v2"  # a view cannot say what the kernel shows
    assert compared.value("get_ipython().last_execution_result.success") == "True"


def test_of_several_requests_that_wait_the_last_one_is_answered(compared):
    view = View(compared)
    busy = compared.start("import time; time.sleep(1)", attended=True)
    for number in range(6):
        view.send(
            {"kind": "compare", "id": str(number), "refs": ["fraud:v1", "fraud:v2"] if number % 2 else ["fraud:v2", "fraud:v1"]}
        )
    assert view.answer("5")["kind"] == "done"
    kinds = {one["id"]: one["kind"] for one in view.told}
    assert set(kinds) == set("012345")  # whoever asked is told, whatever became of it
    assert set(kinds.values()) == {"done", "overtaken"}
    assert view.state["document"]["a"]["ref"] == "fraud:v1"
    compared._reply(busy)


SUBSHELL = """\
import pathlib, threading, time
from ipywidgets.widgets.widget import _instances

done = pathlib.Path({done!r})

def ask():
    content = {{"kind": "compare", "id": "mid", "refs": ["fraud:v2", "fraud:v1"]}}
    message = {{"content": {{"data": {{"method": "custom", "content": content}}}}, "buffers": []}}
    threading.Thread(target=_instances[{comm!r}]._handle_msg, args=(message,)).start()
"""
BUSY_CELL = """\
%%track busy
started = time.time()
ask()
squares = [n * n for n in range(1000)]
while not done.exists() and time.time() - started < 60:
    time.sleep(0.01)
total = sum(squares)
"""


def test_a_question_while_a_cell_is_tracked_leaves_the_cell_as_it_is(compared, tmp_path):
    """With some versions of ipykernel, JupyterLab's comm messages are handled by a thread of their own, while a cell runs."""
    done = tmp_path / "done"
    view = View(compared)
    assert compared.run(SUBSHELL.format(done=str(done), comm=view.comm)).status == "ok"
    cell = compared.start(BUSY_CELL, attended=True)
    assert view.answer("mid")["kind"] == "done"
    assert view.state["document"]["a"]["ref"] == "fraud:v2"
    done.touch()
    ran = compared.wait(cell)
    assert (ran.status, ran.shown) == ("ok", [])
    assert len(ran.cards) == 1
    told = json.loads(compared.run("%mv show busy:v1 --json").text)
    assert str(tmp_path / "lake") not in json.dumps(told["files"])
    assert (told["warnings"], told["draws"], told["displays"]) == ([], [], {})
    assert "capture problems" not in compared.run("%mv status --json").text


COUNT = """
import gc
from mvlake.view.widget import ComparisonWidget
gc.collect()
print(sum(type(one) is ComparisonWidget for one in gc.get_objects()), end="")
"""


def test_a_widget_is_gone_when_it_is_closed_or_its_cell_runs_again(compared):
    view = View(compared, cell_id="cell-1")
    assert compared.run(COUNT).text == "1"
    again = View(compared, cell_id="cell-1")
    assert compared.run(COUNT).text == "1"
    assert again.comm != view.comm
    assert again.is_closed  # the first one: its output is no more
    other = View(compared, cell_id="cell-2")
    assert compared.run(COUNT).text == "2"
    other.send({}, channel="comm_close")
    assert compared.run(COUNT).text == "1"
    again.ask({"kind": "compare", "id": "1", "refs": ["fraud:v1", "fraud:v2"]})
    assert again.state["document"]["a"]["ref"] == "fraud:v1"


def test_the_widget_is_left_out_where_nobody_could_look_into_it(compared):
    def has_widget(code="%mv compare fraud:v1 fraud:v2"):
        view = View(compared, code)
        assert {"text/plain", "text/html", MIME} == set(view.display["data"])
        assert (MIME in view.display["metadata"]) == (view.comm is not None)
        return view.comm is not None

    assert has_widget()
    assert not has_widget("%mv compare fraud:v1 fraud:v2 --static")
    for before, after in (
        ("__vsc_ipynb_file__ = '/home/ana/fraud.ipynb'", "del __vsc_ipynb_file__"),
        ("import os; os.environ['VSCODE_PID'] = '7'", "del os.environ['VSCODE_PID']"),
        ("os.environ['MVLAKE_WIDGET'] = 'off'", "del os.environ['MVLAKE_WIDGET']"),
        (
            "import sys; known = sys.modules.pop('ipywidgets'); sys.modules['ipywidgets'] = None",
            "sys.modules['ipywidgets'] = known",
        ),
    ):
        compared.run(before)
        assert not has_widget(), before
        compared.run(after)
        assert has_widget(), after
    assert View(compared, attended=False).comm is None  # as nbclient asks: nobody may be asked anything


def test_a_widget_in_a_tracked_cell_is_no_part_of_the_version(compared):
    view = View(compared, "%%track odd\nx = 5\n%mv compare fraud:v1 fraud:v2")
    assert view.comm is not None
    told = json.loads(compared.run("%mv show odd:v1 --json").text)
    assert {one["name"] for one in told["artifacts"] if one["role"] == "display"} == set()
    assert "ipywidgets" not in told["imports"]
    assert "widget" not in json.dumps(told["omitted"])


def test_a_document_that_is_too_large_is_not_put_into_the_notebook(kernel):
    for word in "ab":
        lines = "\n".join(f"x{n} = '{word * 100}'" for n in range(3000))
        assert kernel.run(f"%%track large\n{lines}\n").status == "ok"
    view = View(kernel, "%mv compare large:v1 large:v2 --quick")
    assert view.display["data"][MIME].keys() == {"left_out"}
    assert view.state["document"]["a"]["ref"] == "large:v1"  # the widget has all of it


def test_without_refs_the_last_two_of_this_kernel_are_compared_and_a_difference_can_fail_the_cell(compared):
    shown = View(compared, "%mv compare").display
    assert shown["data"][MIME] == View(compared, "%mv compare fraud:v1 fraud:v2").display["data"][MIME]
    failed = compared.run("%mv compare --exit-code", attended=True)
    assert failed.status == "error"
    assert "fraud:v2 differs from fraud:v1" in failed.text


def test_other_versions_are_compared_as_the_first_were(compared):
    view = View(compared, "%mv compare fraud:v1 fraud:v2 --cells all")
    assert view.ask({"kind": "compare", "id": "1", "refs": ["fraud:v2", "fraud:v1"]}) == {"kind": "done", "id": "1"}
    assert (view.state["document"]["a"]["ref"], view.state["document"]["cells"]) == ("fraud:v2", "all")


def test_three_versions_are_a_table_from_which_two_can_be_chosen(compared):
    shown = View(compared, "%mv compare fraud:v1 fraud:v2 fraud:v1")
    assert "3 versions side by side" in shown.display["data"]["text/plain"]
    assert shown.display["data"][MIME] == shown.state["document"]
    refs = ["fraud:v1", "fraud:v2", "fraud:v1"]
    assert [one["ref"] for one in shown.state["document"]["versions"]] == refs
    assert {one["ref"] for one in shown.state["choices"]} >= set(refs)
    rows = {"kind": "rows", "id": "0", "role": "input", "name": "df", "op": "all", "column": None, "start": 0, "count": 5}
    assert shown.ask(rows)["kind"] == "error"
    assert shown.ask({"kind": "compare", "id": "1", "refs": refs[:2]}) == {"kind": "done", "id": "1"}
    assert shown.state["document"]["b"]["ref"] == "fraud:v2"


def test_more_versions_than_a_view_asks_for_are_a_page(compared):
    shown = View(compared, f"%mv compare {'fraud:v1 fraud:v2 ' * 7}")
    assert shown.comm is None
    assert "14 versions side by side" in shown.display["data"]["text/plain"]


def test_a_view_of_two_can_ask_for_more_and_a_difference_of_many_can_fail_the_cell(compared):
    failed = compared.run("%mv compare fraud:v1 fraud:v2 fraud:v1 --exit-code", attended=True)
    assert failed.status == "error"
    assert "the versions differ" in failed.text
    view = View(compared)
    assert view.ask({"kind": "compare", "id": "1", "refs": ["fraud:v1", "fraud:v2", "fraud:v1"]}) == {"kind": "done", "id": "1"}
    assert view.state["problem"] == ""
    assert len(view.state["document"]["versions"]) == 3
