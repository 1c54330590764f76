"""Several replays as text, page, JSON, Markdown and JUnit: what came to no verdict, and what was left out, is told in each."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from mvlake.cli.main import exit_code
from mvlake.records.answers import Verdicts
from mvlake.records.events import Verdict
from mvlake.records.replays import LeftOut, Replays, Unanswered
from mvlake.view.document import as_document
from mvlake.view.html import as_html
from mvlake.view.junit import as_junit
from mvlake.view.markdown import as_markdown
from mvlake.view.text import as_text

HOSTILE = "]]><&\"' \x00\x1b[31mred\x1b[0m\ufffe\ud800\u202e|`*<script>\n@here"


def judged(make, ref, verdict):
    told = make.replayed(verdict)
    items = () if verdict is Verdict.IDENTICAL else told.items
    return Verdicts(ref, replace(told, verdict=verdict, items=items))


@pytest.fixture
def several(make):
    answers = (
        judged(make, "fraud:v3", Verdict.DRIFTED),
        Unanswered("gone:v1", "cannot-replay", "gone:v1 cannot be replayed: it holds no code", "type this"),
        judged(make, "churn:v1", Verdict.IDENTICAL),
    )
    return Replays(answers, (LeftOut("old:v1", "it was forgotten: wrong data"),), jobs=2, cpus=8)


def test_the_text_is_a_table_and_then_what_did_not_reproduce(several):
    text = as_text(several, width=120)
    assert text.startswith("3 versions replayed: 1 ≠ drifted, 1 ✗ could not run, 1 ✓ identical\n2 at a time, where 8 processors")
    assert [text.count(ref) for ref in ("fraud:v3", "gone:v1", "old:v1")] == [2, 3, 1]
    assert "type this" in text
    assert "it was forgotten: wrong data" in text
    assert "3 of 300 trees differ" in text


def test_the_page_has_each_version_and_folds_what_reproduced(several):
    html = as_html(several)
    assert html.count("<details>") >= 1
    assert all(ref in html for ref in ("fraud:v3", "gone:v1", "churn:v1", "old:v1"))


def test_the_document_keeps_the_order_and_each_answer_as_it_is_alone(several):
    document = as_document(several)
    assert [one["ref"] for one in document["replays"]] == ["fraud:v3", "gone:v1", "churn:v1"]
    assert document["replays"][0] == as_document(several.answers[0])
    assert document["replays"][1] | {"verdict": None, "code": "cannot-replay", "hint": "type this"} == document["replays"][1]
    assert document["left_out"] == [{"ref": "old:v1", "reason": "it was forgotten: wrong data", "is_unchanged": False}]
    assert (document["jobs"], document["cpus"]) == (2, 8)


def test_junit_has_a_suite_for_each_version_also_for_those_without_a_verdict(several):
    root = ET.fromstring(as_junit(several).encode("utf-8"))
    assert [suite.get("name") for suite in root] == ["fraud:v3", "gone:v1", "churn:v1", "old:v1"]
    assert [(suite.get("errors"), suite.get("skipped")) for suite in root][1:] == [("1", "0"), ("0", "0"), ("0", "1")]
    error = root[1].find("testcase/error")
    assert (error.get("type"), error.text.count("Hint: type this")) == ("cannot-replay", 1)
    assert root[3].find("testcase/skipped").get("message") == "it was forgotten: wrong data"


def test_markdown_has_a_row_for_each(several):
    text = as_markdown(several)
    assert [line.split("|")[2].strip() for line in text.splitlines() if line.startswith("| ") and "\\:v" in line][:3] == [
        "≠ drifted",
        "✗ could not run",
        "✓ identical",
    ]
    assert "Left out:\n\n- old\\:v1: it was forgotten\\: wrong data" in text


def test_two_beats_one_and_one_beats_none(several):
    drifted, unanswered, same = several.answers
    assert exit_code(several) == 2
    assert exit_code(replace(several, answers=(same, drifted))) == 1
    assert exit_code(replace(several, answers=(same, same))) == 0
    assert exit_code(Replays(())) == 0
    assert exit_code(replace(several, answers=(unanswered,))) == 2


def test_nothing_replayed_is_said():
    assert as_text(Replays(())) == "nothing was replayed"
    unchanged = Replays((), (LeftOut("a:v1", "what its imports need is as it was", is_unchanged=True),))
    assert as_text(unchanged).startswith("nothing was replayed: nothing has changed\n")
    assert "| none |" in as_markdown(Replays(()))
    assert len(ET.fromstring(as_junit(Replays(())).encode("utf-8"))) == 0


def test_hostile_words_stay_words():
    answer = Replays((Unanswered(HOSTILE, HOSTILE, HOSTILE, HOSTILE),), (LeftOut(HOSTILE, HOSTILE),))
    assert "<script" not in as_html(answer)
    assert "\x1b" not in as_text(answer)
    assert len(ET.fromstring(as_junit(answer).encode("utf-8", "surrogatepass"))) == 2
    assert "<script" not in as_markdown(answer).replace("\\<script", "")
