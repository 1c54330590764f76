"""A version that cannot be rebuilt: it is said before anything runs, and recorded; `--dry-run` tells it and all else that is known."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mvlake.cli.main import main
from mvlake.errors import CannotReplay
from mvlake.lake.lake import Lake
from mvlake.records.artifact import Omission
from mvlake.records.draft import DraftCell
from mvlake.records.events import Verdict
from mvlake.records.files import FileUse, Flow, FoundBy, PlaceKind
from mvlake.records.version import Names
from mvlake.store.hashing import digest_of
from mvlake.view.document import as_document
from mvlake.view.html import as_html
from mvlake.view.text import as_text

NOW = datetime(2030, 1, 1, tzinfo=UTC)
D = digest_of(b"rows")


@pytest.fixture
def make(lake, new_draft, monkeypatch, tmp_path):
    """Commit a version of these cells, the last of them tracked, and return what a plan says that it lacks."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "no-startup"))

    def make(*sources, read=(), python="", **changes):
        *earlier, last = sources
        cells = (
            *(DraftCell(one, place) for place, one in enumerate(earlier, 1)),
            DraftCell(f"%%track fraud\n{last}", 9, is_tracked=True),
        )
        draft = new_draft(lake)
        if python:
            changes["environment"] = replace(draft.environment, python=python)
        version = lake.commit(replace(draft, cells=cells, names=Names(read=read), **changes)).version
        [plan] = lake.replay(version.ref, dry_run=True).plans
        return [(one.kind, one.name) for one in plan.lacking]

    return make


def used(path, *ways, kind=PlaceKind.FILE, digest=D):
    return FileUse(path, Flow.READ, kind, path if kind is PlaceKind.FILE else "", 4, digest, ways)


def test_a_package_that_is_not_here(make):
    assert make("import no_such_thing.part as part\nx = part.x") == [("module", "no_such_thing")]
    assert make("from no_such_thing import x") == [("module", "no_such_thing")]


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    import no_such_thing\nexcept ImportError:\n    no_such_thing = None",
        "if False:\n    import no_such_thing",
        "def later():\n    import no_such_thing",
        "%pip install no_such_thing\nimport no_such_thing",
        "import sys\nsys.path.append('lib')\nimport no_such_thing",
        "import json, os.path, numpy as np",
        "from . import no_such_thing",
    ],
)
def test_an_import_that_may_not_matter_is_no_reason(make, source):
    assert make(source) == []


def test_an_import_in_a_cell_that_raised_is_no_reason(make, lake, new_draft):
    cells = (DraftCell("import no_such_thing", 1, failed=True), DraftCell("%%track fraud\nx = 1", 2, is_tracked=True))
    lake.commit(replace(new_draft(lake), cells=cells, names=Names()))
    assert lake.replay("fraud:v1", dry_run=True).plans[0].lacking == ()


def test_a_module_that_was_not_kept_is_told_with_the_reason(make, lake):
    kept = Omission("own_module.part", "module", "it is larger than 1 MB")
    assert make("import own_module.part", omitted=(kept,)) == [("module", "own_module")]
    assert "it is larger than 1 MB" in lake.replay("fraud:v1", dry_run=True).plans[0].lacking[0].reason


def test_a_variable_that_no_cell_makes(make, lake):
    assert make("a = 1", "x = a + ghost", read=("a", "ghost")) == [("variable", "ghost")]
    kept = Omission("ghost", "socket", "it is a connection")
    assert make("b = 1", "x = b + ghost", read=("b", "ghost"), omitted=(kept,)) == [("variable", "ghost")]
    assert "it is a connection" in lake.replay("fraud:v2", dry_run=True).plans[0].lacking[0].reason


@pytest.mark.parametrize(
    "maker",
    [
        "ghost = 1",
        "ghost, other = 1, 2",
        "for ghost in [1]: pass",
        "import numpy as ghost",
        "def ghost(): pass",
        "class ghost: pass",
        "with open('x') as ghost: pass",
        "(ghost := 1)",
        "def f():\n    global ghost\n    ghost = 1\nf()",
        "match [1]:\n    case [*ghost]: pass",
        "from numpy import *",
        "exec('ghost = 1')",
        "globals()['ghost'] = 1",
        "%run setup.py",
        "%mv checkout fraud:latest",
        "get_ipython().push({'ghost': 1})",
        "ghost: int = 1",
        "this is no python (",
    ],
)
def test_a_variable_that_a_cell_may_make_is_no_reason(make, maker):
    assert ("variable", "ghost") not in make(maker, "x = ghost", read=("ghost",))


def test_what_every_kernel_has_is_no_reason(make):
    assert make("x = [len(In), print, display]", read=("In", "print", "display", "get_ipython", "_", "__name__")) == []


def test_a_startup_file_may_make_anything(make, tmp_path):
    startup = tmp_path / "no-startup" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("ghost = 1")
    assert make("x = ghost", read=("ghost",)) == []


def test_a_file_that_is_nowhere(make):
    assert make("x = open('rows.csv').read()", files=(used("rows.csv", FoundBy.OPENED),)) == [("file", "rows.csv")]
    assert make("y = open('/no/rows.csv').read()", files=(replace(used("/no/rows.csv", FoundBy.OPENED), relative=""),)) == [
        ("file", "/no/rows.csv")
    ]


def test_a_file_that_may_not_matter_is_a_difference(make, lake, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files = (
        used("named.csv", FoundBy.NAMED),
        used("unknown.csv", FoundBy.OPENED, digest=None),
        used("https://example.org/x.csv", FoundBy.OPENED, kind=PlaceKind.URL),
    )
    assert make("x = 1", files=files) == []
    [plan] = lake.replay("fraud:v1", dry_run=True).plans
    assert {one.name for one in plan.doubts} >= {"named.csv", "unknown.csv", "https://example.org/x.csv"}


def test_a_file_is_had_from_where_one_stands_while_it_is_the_same(make, lake, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rows.csv").write_bytes(b"rows")
    assert make("x = open('rows.csv').read()", files=(used("rows.csv", FoundBy.OPENED),)) == []
    assert lake.replay("fraud:v1", dry_run=True).plans[0].files[0].origin == "this folder"
    (tmp_path / "rows.csv").write_bytes(b"others")
    assert lake.replay("fraud:v1", dry_run=True).plans[0].lacking[0].name == "rows.csv"


def test_a_version_that_a_cell_takes_from_and_that_is_gone(make):
    assert make("%mv checkout ghost:v1 model", "x = 1") == [("version", "ghost:v1")]
    assert make("model = %mv load ghost@production", "x = 2") == []  # not on a line of its own: it is not looked for
    assert make("%mv checkout fraud:v1\n%mv no-such-verb\n%mv log", "x = 3") == []


def test_another_python_is_a_doubt_and_another_major_a_reason(make, lake):
    assert make("x = 1", python="2.7.18") == [("python", "2")]
    assert make("x = 2", python="3.99.0") == []
    assert any(one.name == "python" for one in lake.replay("fraud:v2", dry_run=True).plans[0].doubts)


def test_it_is_recorded_as_not_run_and_nothing_is_executed(make, lake, tmp_path):
    mark = tmp_path / "it_ran"
    make(f"open({str(mark)!r}, 'w').close()\nimport no_such_thing")
    answer = lake.replay("fraud:v1")
    assert answer.replayed.verdict is Verdict.NOT_RUN
    assert [(one.kind, one.name, one.verdict) for one in answer.replayed.items] == [("module", "no_such_thing", Verdict.NOT_RUN)]
    assert answer.replayed.duration == 0
    assert not mark.exists()
    entry = lake.log().entries[0]
    assert entry.replays[0].replayed == answer.replayed
    assert entry.judged is not None
    assert "not installed here" in as_text(answer, width=200, now=NOW)


def test_the_exit_code_is_that_of_what_could_not_run(tmp_path, new_draft, capsys, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "no-startup"))
    lake = Lake.open(tmp_path / "lake")
    cell = DraftCell("%%track fraud\nimport no_such_thing", 1, is_tracked=True)
    lake.commit(replace(new_draft(lake), cells=(cell,), names=Names()))
    place = ["--lake", str(tmp_path / "lake")]
    assert main(["replay", "fraud:v1", "--dry-run", *place]) == 2
    assert "cannot run" in capsys.readouterr().out
    assert Lake.open(tmp_path / "lake").log().entries[0].replays == ()
    assert main(["replay", "fraud:v1", *place]) == 2
    assert "not run" in capsys.readouterr().out


def test_cells_that_are_gone_are_said_and_recorded(disk, commit):
    commit(disk)
    commit(disk, depth=2, source="model = fit_again(df)")  # its pack holds its code; the environment lies in the first one
    for pack in disk._parts.log.read(2)[0].packs:
        (Path(disk.path) / "objects" / pack.hex[:2] / f"{pack.hex[2:]}.pack").unlink()
    again = Lake.open(disk.path)
    [plan] = again.replay("fraud:v2", dry_run=True).plans
    assert plan.lacking[0].kind == "code"
    answer = again.replay("fraud:v2")
    assert answer.replayed.verdict is Verdict.NOT_RUN
    assert "cell 2" in answer.replayed.items[0].reason
    with pytest.raises(CannotReplay):  # another mode than the usual says nothing of the version
        again.replay("fraud:v2", from_frames=True)


def test_a_plan_tells_what_would_run_and_does_nothing(lake, commit, monkeypatch, tmp_path):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "no-startup"))
    commit(lake)
    before = lake.status().records
    answer = lake.replay("fraud:v1", dry_run=True)
    document = as_document(answer)[0]
    assert document["ref"] == "fraud:v1"
    assert document["can_run"]
    assert document["is_own"]
    assert document["expected"] == pytest.approx(0.25)
    assert [cell["is_judged"] for cell in document["cells"]] == [False, True]
    assert any(one["name"] == "python" for one in document["differences"])
    shown = as_text(answer, width=200, now=NOW)
    assert "would run" in shown
    assert "model = fit(df)" in shown
    assert "would run" in as_html(answer, pictures={})
    assert lake.status().records == before


def test_a_plan_of_a_stranger_says_that_a_word_is_needed(lake, commit, monkeypatch, tmp_path):
    commit(lake)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another-home"))
    answer = lake.replay("fraud:v1", dry_run=True)
    assert "--trust" in as_text(answer, width=200, now=NOW)
    assert not as_document(answer)[0]["is_own"]


def test_several_are_planned_with_one_question(lake, commit):
    commit(lake)
    commit(lake, depth=2)
    assert [one.ref for one in lake.replay("fraud", all_=True, dry_run=True).plans] == ["fraud:v2", "fraud:v1"]


@pytest.mark.parametrize(
    "source",
    ["(" * 5000, "x = '\ud800'", "x = 1\0", "lambda: " * 3000 + "0", "\x1b[31m", "%mv checkout '", "%mv load \n%mv checkout -- --"],
)
def test_no_text_of_a_cell_keeps_a_plan_from_being_told(make, source):
    make(source)


def test_a_package_that_only_the_kernel_will_find_is_there(make, tmp_path, monkeypatch):
    (tmp_path / "no_such_thing.py").write_text("x = 1")
    monkeypatch.setenv("PYTHONPATH", f"/nowhere:{tmp_path}")
    assert make("import no_such_thing") == []


def test_what_is_missing_is_told_as_a_cause_with_the_cell(make, lake):
    make("import numpy", "import no_such_thing", "x = ghost", read=("ghost",))
    left = lake.replay("fraud:v1").replayed.departure
    assert [(one.kind.value, one.name) for one in left.causes] == [("package", "no_such_thing"), ("hidden state", "ghost")]
    assert (left.cell, left.is_exact) == (2, True)
