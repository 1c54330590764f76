import io

import pytest

from mvlake.cli import progress
from mvlake.cli.progress import Progress
from mvlake.lake.progress import say
from mvlake.lake.progress_of_several import ProgressOfSeveral


@pytest.fixture
def line(monkeypatch):
    """What a terminal of forty columns shows after some text was written to it, and whether a line was ever broken."""
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr(progress, "_BEAT", 0)

    def shown(out):
        now = ""
        for part in out.getvalue().split("\r"):
            assert len(part) < 40
            now = part + now[len(part) :]
        return now

    return shown


def test_a_line_is_written_over_and_gone_at_the_end(line):
    out = io.StringIO()
    progress_ = Progress(out)
    progress_.tell("replayed (fraud-detector:v31 2/19, churn:v2 1/4)", 1, 12)
    assert line(out) == "replayed (fraud-detector:v31 …: 1 of 12"
    progress_.tell("records read", 7, 0)
    assert line(out).rstrip() == "records read: 7"
    progress_._end()
    assert line(out).strip() == ""


def test_a_sentence_is_told_at_once_on_a_line_of_its_own_and_moves_no_cursor():
    out = io.StringIO()
    progress_ = Progress(out)
    progress_._last = 0.0  # long ago
    progress_.tell("cells run", 3, 8)
    say(progress_.tell, "fraud:v1, other cells: \x1b[2Jnot kept")
    before, sentence, rest = out.getvalue().rpartition("fraud:v1, other cells: ")
    assert before.endswith("\r")
    assert "cells run: 3 of 8" in before
    assert rest.endswith("not kept\n")
    assert "\x1b" not in rest
    assert sentence


def test_of_several_a_sentence_is_passed_on():
    told = []
    together = ProgressOfSeveral(lambda *what: told.append(what), 2)
    with together.of("fraud:v1") as tell:
        say(tell, "fraud:v1: a file is gone")
        tell("cells run", 1, 4)
    assert told[1] == ("fraud:v1: a file is gone", 0, -1)
    assert told[2] == ("replayed (fraud:v1 1/4)", 0, 2)
