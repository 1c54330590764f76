"""A report takes the place of an older one of its kind, and of nothing else; what a build server shows of a step is added to."""

import pytest

from mvlake.errors import Invalid
from mvlake.lake.report import add_report, write_report

PAGE = "<!-- a report of ours, whose first line is long enough to tell it from whatever else there may be -->\n"


def test_a_report_takes_the_place_of_an_older_one_and_of_an_empty_file(tmp_path):
    file = tmp_path / "out.md"
    file.touch()
    write_report(file, f"{PAGE}first")
    write_report(file, f"{PAGE}second")
    assert file.read_text() == f"{PAGE}second"
    assert list(tmp_path.iterdir()) == [file]


def test_nothing_else_is_replaced(tmp_path):
    file = tmp_path / "train.ipynb"
    file.write_text("{}")
    for write in (write_report, add_report):
        with pytest.raises(Invalid, match="no such report"):
            write(file, f"{PAGE}first")
    assert file.read_text() == "{}"


def test_the_summary_of_a_step_is_added_to(tmp_path, monkeypatch):
    file = tmp_path / "step.md"
    file.write_text("from another command\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(file))
    add_report(file, "first\n")
    add_report(file, "second\n")
    assert file.read_text() == "from another command\nfirst\nsecond\n"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "gone" / "step.md"))
    with pytest.raises(Invalid, match="cannot be written"):
        add_report(tmp_path / "gone" / "step.md", "first\n")
