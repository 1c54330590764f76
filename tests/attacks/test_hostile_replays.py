"""What a replay is given by a stranger, or by a slip: names of parameters, values, paths, ids of cells, kernels, variables."""

import ast
import json
import sys
import tempfile
from dataclasses import replace

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from mvlake.errors import Invalid
from mvlake.lake.given import given_params
from mvlake.lake.lake import Lake
from mvlake.lake.parameters import literal, parameters_cell
from mvlake.lake.world_variables import variables_of
from mvlake.records.draft import DraftCell
from mvlake.records.environment import Environment, Variable
from mvlake.records.events import Verdict
from mvlake.records.version import Names

NAMES = [
    "a=1\nprint('ran')\nb",
    "a; print('ran')",
    "a\n",
    " a",
    "",
    "0a",
    "a.b",
    "a[0]",
    "a{b}",
    "if",
    "None",
    "True",
    "lambda",
    "__builtins__",
    "__name__",
    "__import__",
    "\uff44epth",  # full-width: Python reads it as `depth`
    "\u212fval",  # a script small e: `eval`
    "\uff49\uff46",  # `if`
    "a\u200b",
    "a\u202eb",
    "a\0",
    "\ud800",
    "a#",
    "*a",
    "a:int",
]
VALUES = [
    "{0.__class__}",
    "{x.__init__.__globals__}",
    "'; print('ran'); '",
    '"""\nprint("ran")\n"""',
    "\\",
    "a\nb\r\u2028c",
    "%mv forget fraud:v1",
    "!touch ran",
    "\x00\x1b[31m",
    {"{a}": ["'", '"', ("\\'",)]},
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_name_that_is_none_is_refused_before_anything_runs(name):
    with pytest.raises(Invalid, match="cannot be called"):
        parameters_cell({name: 1})
    with pytest.raises(Invalid):
        given_params({name: 1})


@pytest.mark.parametrize("name", ["match", "case", "type", "_", "größe", "max", "depth2", "__private"])
def test_a_name_that_a_variable_has_is_taken(name):
    tree = ast.parse(parameters_cell({name: 1}))
    assert [target.id for target in tree.body[0].targets] == [name]
    assert given_params({name: 1}) == {name: 1}


@pytest.mark.parametrize("value", VALUES, ids=ascii)
def test_a_value_is_a_value_whatever_it_says(value):
    code = parameters_cell({"x": value})
    [statement] = ast.parse(code).body
    assert ast.literal_eval(statement.value) == value
    assert ast.literal_eval(literal(value, "x")) == value


def test_papermill_starts_no_kernel_for_a_name_that_is_code(tmp_path):
    mark = tmp_path / "it_ran"
    source = tmp_path / "in.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(f"open({str(mark)!r}, 'w').close()")], metadata=KERNEL), source)
    with pytest.raises(Invalid, match="cannot be called"):
        papermill.execute_notebook(
            str(source), None, engine_name="mvlake", progress_bar=False, parameters={f"a=open({str(mark)!r}, 'w')\nb": 1}
        )
    assert not mark.exists()


KERNEL = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}


def test_no_path_id_or_kernel_that_others_name_is_more_than_a_text(tmp_path, monkeypatch, new_draft):
    """One version, with ids of cells that lead elsewhere, in folders that papermill would format, replayed twice."""
    mark = tmp_path / "it_ran"
    temporary = tmp_path / "a{0.__class__} 'b\" {x[0]}"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    evil = tmp_path / "jupyter" / "kernels" / "evil"
    evil.mkdir(parents=True)
    started = [sys.executable, "-c", f"open({str(mark)!r}, 'w').close()", "{connection_file}"]
    (evil / "kernel.json").write_text(json.dumps({"argv": started, "display_name": "Python 3", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    lake = Lake.open(tmp_path / "lake")
    ids = ("../../../etc/passwd", "a\nb'\"; {0.__class__}")
    cells = (
        DraftCell("rows = sorted([2, 1])", 1, cell_id=ids[0]),
        DraftCell("%%track fraud\nx = [*rows]", 2, cell_id=ids[1], is_tracked=True),
    )
    lake.commit(replace(new_draft(lake, outputs={"x": [1, 2]}), cells=cells, names=Names(read=("rows",))))

    output = tmp_path / "out {0.__class__} 'q'.ipynb"
    answer = lake.replay("fraud:v1", output=output)
    assert answer.replayed.verdict is Verdict.IDENTICAL, answer.replayed.items
    executed = json.loads(output.read_text())
    assert executed["metadata"]["kernelspec"]["name"] == "python3"
    assert not {cell["id"] for cell in executed["cells"]} & set(ids)
    assert list(temporary.iterdir()) == []  # nothing is left

    file = tmp_path / "today '{0.__class__}\n.ipynb"
    named = {
        "kernelspec": {"name": "evil", "language": "python", "display_name": "Python 3"},
        "papermill": {"parameters": {"a=1\nb": 2}},
    }
    nbformat.write(
        new_notebook(cells=[new_code_cell("rows = sorted([2, 1])"), new_code_cell("%%track fraud\nx = [*rows]")], metadata=named),
        file,
    )
    answer = lake.replay("fraud:v1", notebook=file)
    assert answer.replayed.verdict is Verdict.IDENTICAL, answer.replayed.items
    assert not mark.exists()  # the kernel is ours, whatever a notebook names


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LD_PRELOAD", "/tmp/evil.so"),
        ("PYTHONSTARTUP", "/tmp/evil.py"),
        ("PYTHONPATH", "/tmp/evil"),
        ("PATH", "/tmp/evil"),
        ("IPYTHONDIR", "/tmp/evil"),
        ("MVLAKE_LAKE", "/tmp/evil"),
        ("MVLAKE_CAPTURE_TO", "/tmp/evil"),
        ("XDG_STATE_HOME", "/tmp/evil"),
        ("PYTHONHASHSEED", "0\nLD_PRELOAD=/tmp/evil.so"),
        ("OMP_NUM_THREADS", "4; rm -rf ~"),
        ("TZ", "../../../tmp/evil"),
        ("TZ", ":/tmp/evil"),
        ("LANG", "{0.__class__}"),
        ("LC_ALL", "$(touch ran)"),
    ],
)
def test_no_variable_of_a_record_reaches_a_kernel_unless_it_looks_as_it_must(name, value):
    recorded = Environment("3.11.9", "CPython", "Linux", "x86_64", "cpu", 2, {}, variables=(Variable(name, value),))
    assert variables_of({"HOME": "/home/ana"}, recorded).get(name) != value
