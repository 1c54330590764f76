import io

import pytest

from mvlake.cli import progress
from mvlake.cli.progress import Progress


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
