from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from mvlake.records.answers import Verdicts
from mvlake.records.events import Verdict, VerdictItem
from mvlake.view.junit import as_junit
from mvlake.view.markdown import as_markdown

HOSTILE = "]]><&\"' \x00\x1b[31mred\x1b[0m\ufffe\ud800\u202e|`*<script>\n@here"


def suite(answer):
    return ET.fromstring(as_junit(answer).encode("utf-8"))[0]


def test_each_judged_thing_is_a_test_case(make):
    found = suite(Verdicts("fraud-detector:v3", make.replayed()))
    assert found.attrib | {"name": "fraud-detector:v3", "tests": "3", "failures": "1", "errors": "0"} == found.attrib
    assert [case.get("name") for case in found.iter("testcase")] == ["auc", "X_train", "model"]
    failure = next(found.iter("failure"))
    assert failure.get("message") == failure.text == "3 of 300 trees differ"


def test_equivalent_passes_and_failed_is_an_error(make):
    assert not list(suite(Verdicts("a:v1", make.replayed(Verdict.EQUIVALENT))).iter("failure"))
    assert len(list(suite(Verdicts("a:v1", make.replayed(Verdict.FAILED))).iter("error"))) == 1


def test_a_replay_that_judged_nothing_still_fails(make):
    answer = Verdicts("a:v1", replace(make.replayed(Verdict.FAILED), items=()), "", "\x1b[31mValueError\x1b[0m: no")
    found = suite(answer)
    assert found.get("tests") == "1"
    assert next(found.iter("error")).text == "ValueError: no"
    assert found.findtext("system-err") == "ValueError: no"


def test_hostile_text_makes_well_formed_xml(make):
    items = (VerdictItem(HOSTILE, HOSTILE, Verdict.DRIFTED, HOSTILE * 5000),)
    text = as_junit(Verdicts(HOSTILE, replace(make.replayed(), items=items), HOSTILE, HOSTILE))
    found = ET.fromstring(text.encode("utf-8"))
    assert len(list(found.iter("testcase"))) == 1
    assert "\x1b" not in text
    assert "red" in next(found.iter("failure")).text


def test_many_replays_make_one_report(make):
    answers = [Verdicts(f"a:v{number}", make.replayed()) for number in range(3)]
    assert len(ET.fromstring(as_junit(*answers).encode())) == 3
    assert len(ET.fromstring(as_junit().encode())) == 0


def test_the_markdown_summary_is_a_table_and_what_differs(make):
    text = as_markdown(Verdicts("fraud-detector:v3", make.replayed()))
    assert "| fraud\\-detector\\:v3 | ≠ drifted | 1 of 3 | 31.5 s |" in text
    assert text.index("| ≠ drifted | model |") < text.index("| ≈ equivalent | metric |")


@pytest.mark.parametrize(
    "payload", [HOSTILE, "a|b\n| c", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "x" * 100_000]
)
def test_hostile_text_stays_in_its_cell(make, payload):
    items = (VerdictItem(payload, payload, Verdict.DRIFTED, payload),)
    text = as_markdown(Verdicts(payload, replace(make.replayed(), items=items), payload, payload))
    rows = [line.replace("\\|", "") for line in text.splitlines() if line.startswith("| ≠")]
    assert [row.count("|") for row in rows] == [5]
    assert "\x1b" not in text
    assert " <" not in text.replace("\\<", "")
    assert "[x](" not in text
    assert len(text) < 10_000
