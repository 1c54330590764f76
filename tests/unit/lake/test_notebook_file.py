"""Today's notebook in place of a version's cells: what is read of it, which cell is judged, what has changed."""

import json
import os
from dataclasses import replace

import pytest

from mvlake.errors import CannotReplay, Invalid
from mvlake.lake import notebook_file
from mvlake.lake.cells_of_a_file import cells_of_file
from mvlake.lake.notebook_file import FileCell, NotebookFile, read_notebook
from mvlake.records.dossier import Dossier
from mvlake.records.version import Cell, Names, Origin, Version
from mvlake.store.hashing import digest_of

D = digest_of(b"")
AT = "2026-03-03T14:00:00.000000Z"
OWN = ("rows = [1, 2]", "depth = 3\nwide = True", "%%track fraud\nbest = sum(rows)")


def code(source, *tags):
    return {"cell_type": "code", "source": source, "metadata": {"tags": list(tags)} if tags else {}}


def written(path, **changed):
    document = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []} | changed
    path.write_text(json.dumps(document))
    return path


def test_cells_come_as_they_stand_with_lines_and_tags(tmp_path):
    cells = [{"cell_type": "markdown", "source": "# Title"}, code(["a = 1\n", "b = 2"]), code("", "parameters")]
    path = written(tmp_path / "train.ipynb", cells=cells, metadata={"language_info": {"name": "Python"}})
    file = read_notebook(path)
    assert file.cells == (FileCell(2, "a = 1\nb = 2"), FileCell(3, "", ("parameters",)))
    assert (file.name, file.digest) == ("train.ipynb", digest_of(path.read_bytes()))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"not json", "is no notebook"),
        (b"[1]", "is no notebook"),
        (b"\xff\xfe", "is no notebook"),
        (b"[" * 100_000, "is no notebook"),
        (b'{"nbformat": "4"}', "is no notebook"),
        (b'{"nbformat": 3, "worksheets": []}', "nbformat 3"),
        (b'{"nbformat": 5, "cells": []}', "nbformat 5"),
        (b'{"nbformat": 4, "cells": {}}', "cannot read"),
        (b'{"nbformat": 4, "cells": [1]}', "cell 1 of"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": 7}]}', "has no text"),
        (b'{"nbformat": 4, "cells": [], "metadata": {"kernelspec": {"language": "R"}}}', "a notebook of r"),
    ],
)
def test_what_is_no_notebook_of_ours_is_said(tmp_path, content, said):
    path = tmp_path / "odd.ipynb"
    path.write_bytes(content)
    with pytest.raises(Invalid, match=said) as error:
        read_notebook(path)
    assert error.value.hint


def test_what_is_no_file_is_said_and_a_pipe_is_not_waited_for(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe.ipynb")
    for name, said in (("pipe.ipynb", "no file"), ("", "no file"), ("none.ipynb", "No such file"), ("a\0b", "cannot be read")):
        with pytest.raises(Invalid, match=said):
            read_notebook(tmp_path / name)
    monkeypatch.setattr(notebook_file, "_LARGEST", 10)
    with pytest.raises(Invalid, match="0 are read at most") as error:
        read_notebook(written(tmp_path / "large.ipynb"))
    assert "--clear-output" in error.value.hint


@pytest.fixture
def dossier():
    cells = (Cell(D), Cell(D), Cell(D, is_tracked=True))
    version = Version("fraud", 1, None, D, Origin.CELL, cells, Names(), (), (), (), (), D, None, "", AT, 1.0)
    return Dossier(version, AT, "ana", OWN, {}, None, {})


def chosen(dossier, *sources, tags=()):
    cells = tuple(FileCell(place, source, dict(tags).get(place, ())) for place, source in enumerate(sources, 1))
    return cells_of_file(dossier, NotebookFile("train.ipynb", D, cells), lambda text: text.replace("hunter2", "MARK"))


def said(differences):
    return {one.name: one.reason for one in differences}


def test_an_unchanged_notebook_differs_in_nothing(dossier):
    cells, differences = chosen(dossier, *OWN, "print('after')")
    assert differences == ()
    assert [cell.place for cell in cells] == [1, 2, 3, 0]
    assert [cell.is_judged for cell in cells] == [False, False, True, False]


def test_a_changed_cell_is_told_with_the_line_and_a_removed_one_too(dossier):
    cells, differences = chosen(dossier, "depth = 3\nwide = False", "%%track fraud\nbest = max(rows)", "unlike all of them")
    assert [cell.place for cell in cells] == [2, 3, 0]  # what they draw begins where it did
    assert said(differences) == {
        "cell 1": "it is not in the notebook",
        "cell 2": "cell 1 of the notebook reads otherwise in line 2: 'wide = False', and was 'wide = True'",
        "cell 3": "cell 2 of the notebook reads otherwise in line 1: 'best = max(rows)', and was 'best = sum(rows)'",
    }


def test_another_order_and_a_skipped_cell_are_told(dossier):
    _, differences = chosen(dossier, OWN[1], OWN[0], OWN[2], tags={2: ("skip-execution",)})
    assert "another order" in said(differences)["order"]
    assert "tagged skip-execution" in said(differences)["cell 1"]


def test_the_cell_of_the_same_text_is_judged_even_where_nothing_is_tracked(dossier):
    cells, differences = chosen(dossier, *OWN[:2], "best = sum(rows)", "%%track other\nx = 1")
    assert differences == ()
    assert [cell.source for cell in cells][2:] == [OWN[2], "x = 1"]


def test_of_several_that_track_the_name_the_last_is_judged_and_a_skipped_one_never(dossier):
    one, two = "%%track fraud\na = 1", '%%track fraud -m "more" --data none\nb = 2'
    cells, _ = chosen(dossier, one, two, OWN[2], tags={3: ("skip-execution",)})
    assert [cell.is_judged for cell in cells] == [False, True, False]
    assert cells[0].source == "a = 1"
    unnamed = replace(dossier, version=replace(dossier.version, name="train"))
    cells, _ = chosen(unnamed, "%%track\na = 1")
    assert cells[0].source == "%%track train\na = 1"


def test_a_secret_is_compared_by_its_mark(dossier):
    marked = replace(dossier, sources=("key = 'MARK'", *OWN[1:]))
    cells, differences = chosen(marked, "key = 'hunter2'", *OWN[1:])
    assert differences == ()
    assert "hunter2" in cells[0].source


def test_a_notebook_that_tracks_something_else_is_refused_before_anything_runs(dossier):
    with pytest.raises(CannotReplay, match="it tracks churn") as error:
        chosen(dossier, "%%track churn\nx = 1")
    assert "%%track fraud" in error.value.hint
    with pytest.raises(CannotReplay, match="it tracks nothing"):
        chosen(dossier)
    script = replace(dossier, version=replace(dossier.version, origin=Origin.SCRIPT))
    with pytest.raises(CannotReplay, match="a program made it"):
        chosen(script, *OWN)


def test_a_snapshot_is_taken_at_the_end(dossier):
    snapshot = replace(dossier, version=replace(dossier.version, origin=Origin.SNAPSHOT))
    cells, _ = chosen(snapshot, *OWN)
    assert (cells[-1].source, cells[-1].is_judged) == ("%mv snapshot fraud", True)
