"""What `log`, `show` and SQL say of the replays of a version."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mvlake.records.asked import Asked, Extent
from mvlake.records.departure import Basis, Cause, CauseKind, Departure
from mvlake.records.events import Difference, DifferenceKind, Replayed, Verdict, VerdictItem
from mvlake.view.document import as_document
from mvlake.view.html import as_html
from mvlake.view.text import as_text

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "object-storage.md"
LEFT = Departure(2, causes=(Cause(CauseKind.PACKAGE, Basis.EVIDENCE, "2.4.0 then, 2.5.0 now", "numpy"),))
NOW = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def replayed(lake, commit):
    """Commit a version of `fraud`, and return what writes down that it was replayed."""
    version = commit(lake)

    def replayed(verdict, *items, asked=None, number=1, **more):
        said = {"environment": version.environment, "duration": 2.0, "tool": "0.1.0"} | more
        lake._parts.append(Replayed("fraud", number, verdict, items, asked=asked, **said))

    return replayed


def text(answer):
    return as_text(answer, width=200, now=NOW)


@pytest.mark.parametrize("verdict", Verdict)
def test_the_log_marks_a_version_with_its_last_verdict(lake, replayed, verdict):
    replayed(Verdict.IDENTICAL if verdict is not Verdict.IDENTICAL else Verdict.FAILED)
    replayed(verdict)
    line = next(line for line in text(lake.log()).splitlines() if "fraud:v1" in line)
    assert line.rstrip().endswith(verdict.value)
    assert f" {verdict.value}<" in as_html(lake.log(), pictures={})  # the word is there for those who see no mark
    assert as_document(lake.log())[0]["verdict"] == verdict.value


def test_what_was_never_replayed_has_no_mark(lake, commit):
    commit(lake)
    assert not any(verdict.value in text(lake.log()) for verdict in Verdict)
    document = as_document(lake.show("fraud:v1"))
    assert (document["verdict"], document["replays"]) == (None, [])
    assert "Replays" not in text(lake.show("fraud:v1"))


@pytest.mark.parametrize(
    "asked",
    [
        Asked(Extent.SLICE, notebook="today.ipynb"),
        Asked(Extent.SLICE, from_frames=True),
        Asked(Extent.SLICE, repeat=5),
    ],
)
def test_what_ran_beside_the_version_does_not_count(lake, replayed, asked):
    replayed(Verdict.DRIFTED)
    replayed(Verdict.IDENTICAL, asked=asked)
    assert as_document(lake.log())[0]["verdict"] == "drifted"
    assert [one["speaks_of_version"] for one in as_document(lake.show("fraud:v1"))["replays"]] == [True, False]
    assert "identical" in text(lake.show("fraud:v1"))  # it is told, and not taken for more than it is


def test_the_whole_session_speaks_of_the_version(lake, replayed):
    replayed(Verdict.NUMERIC, asked=Asked(Extent.ALL))
    assert as_document(lake.log())[0]["verdict"] == "numeric"


def test_show_tells_every_replay_newest_first_and_what_drifted_in_the_last(lake, replayed):
    replayed(Verdict.IDENTICAL, tool="0.0.9")
    moved = Difference(DifferenceKind.PACKAGE, "numpy", "2.4.0 then, 2.5.0 now")
    items = [VerdictItem("metric", f"m{place}", Verdict.DRIFTED, f"{place} off") for place in range(7)]
    good = VerdictItem("output", "x", Verdict.IDENTICAL, "same digest")
    worst = VerdictItem("output", "y", Verdict.FAILED, "it was not made")
    replayed(Verdict.FAILED, good, *items, worst, differences=(moved,), departure=LEFT)
    shown = text(lake.show("fraud:v1"))
    section = shown[shown.index("Replays") :]
    lines = [line for line in section.splitlines() if "mvlake 0." in line]
    assert ["failed" in lines[0], "identical" in lines[1]] == [True, True]
    assert ["1 difference" in lines[0], "the same" in lines[1]] == [True, True]
    assert ["0.1.0" in lines[0], "0.0.9" in lines[1]] == [True, True]
    assert section.index("it was not made") < section.index("0 off")  # the worst first
    assert "3 more" in section  # and of many, the first
    assert "same digest" not in section
    assert "in cell 2" in section  # and where it departed, because of what
    assert "package numpy" in section
    document = as_document(lake.show("fraud:v1"))["replays"]
    assert [one["tool"] for one in document] == ["0.0.9", "0.1.0"]
    assert document[1]["differences"][0]["name"] == "numpy"
    assert document[1]["departure"]["causes"][0]["cause"] == "package"
    assert document[0]["is_same_environment"]


def test_one_question_tells_what_was_in_production_and_when_it_last_reproduced(lake, replayed, commit):
    commit(lake, depth=2)
    lake.promote("fraud:v1", "production")
    replayed(Verdict.IDENTICAL)
    replayed(Verdict.DRIFTED)
    replayed(Verdict.IDENTICAL, asked=Asked(Extent.SLICE, notebook="today.ipynb"))
    lake.promote("fraud:v2", "production")
    [query] = re.findall(r"```sql\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    rows = lake.sql(query).rows
    assert [row[:2] for row in rows] == [("fraud", 2), ("fraud", 1)]
    [(when,)] = lake.sql("select replayed_at from replays order by seq limit 1").rows
    assert [row[3] for row in rows] == [None, when]


def test_sql_knows_what_each_replay_judged(lake, replayed):
    replayed(Verdict.DRIFTED, VerdictItem("metric", "auc", Verdict.DRIFTED, "0.1 off"), asked=Asked(Extent.ALL), departure=LEFT)
    told = lake.sql("select ref, verdict, rank, reproduced, counts, cells, items, differences, tool from replays").rows
    assert told == (("fraud:v1", "drifted", 4, False, True, "all", 1, 0, "0.1.0"),)
    assert lake.sql("select departed_in, cause, cause_name from replays").rows == ((2, "package", "numpy"),)
    told = lake.sql("select ref, kind, item, verdict, reason from verdicts").rows
    assert told == (("fraud:v1", "metric", "auc", "drifted", "0.1 off"),)
