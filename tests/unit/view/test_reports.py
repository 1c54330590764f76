import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from mvlake.records.answers import Replay, Verdicts
from mvlake.records.asked import Asked, Extent, Repeated
from mvlake.records.departure import Basis, Cause, CauseKind, Departed, Departure, InputKind
from mvlake.records.events import Difference, DifferenceKind, Measured, Verdict, VerdictItem
from mvlake.records.fields import to_fields
from mvlake.records.replays import Replays
from mvlake.view.document import as_document
from mvlake.view.html import as_html
from mvlake.view.junit import as_junit
from mvlake.view.markdown import as_markdown
from mvlake.view.text import as_text

HOSTILE = "]]><&\"' \x00\x1b[31mred\x1b[0m\ufffe\ud800\u202e|`*<script>\n@here"


def suite(answer):
    return ET.fromstring(as_junit(answer).encode("utf-8"))[0]


UNKNOWN = "the pickles differ"


def with_pickle(make, verdict=Verdict.EQUIVALENT):
    pickle = VerdictItem("output", "optimizer", Verdict.NOT_COMPARABLE, UNKNOWN)
    told = make.replayed(verdict)
    return Verdicts("a:v1", replace(told, items=(pickle, *told.items)))


def only_pickles(make):
    answer = with_pickle(make)
    return replace(answer, replayed=replace(answer.replayed, verdict=Verdict.NOT_COMPARABLE, items=answer.replayed.items[:1]))


def test_each_judged_thing_is_a_test_case(make):
    found = suite(Verdicts("fraud-detector:v3", make.replayed()))
    assert found.attrib | {"name": "fraud-detector:v3", "tests": "3", "failures": "1", "errors": "0"} == found.attrib
    assert [case.get("name") for case in found.iter("testcase")] == ["auc", "X_train", "model"]
    failure = next(found.iter("failure"))
    assert failure.get("message") == failure.text == "3 of 300 trees differ"


@pytest.mark.parametrize("verdict", [one for one in Verdict if one.is_reproduced])
def test_what_reproduced_passes(make, verdict):
    found = suite(Verdicts("a:v1", make.replayed(verdict)))
    assert [found.get(count) for count in ("tests", "failures", "errors", "skipped")] == ["3", "0", "0", "0"]


def test_failed_is_an_error_and_what_was_not_run_is_skipped_and_does_not_pass(make):
    assert len(list(suite(Verdicts("a:v1", make.replayed(Verdict.FAILED))).iter("error"))) == 1
    found = suite(Verdicts("a:v1", make.replayed(Verdict.NOT_RUN)))
    assert [found.get(count) for count in ("tests", "failures", "errors", "skipped")] == ["4", "0", "1", "1"]


def test_a_replay_that_judged_nothing_still_fails(make):
    answer = Verdicts("a:v1", replace(make.replayed(Verdict.FAILED), items=()), "", "\x1b[31mValueError\x1b[0m: no")
    found = suite(answer)
    assert found.get("tests") == "1"
    assert next(found.iter("error")).text == "ValueError: no"
    assert found.findtext("system-err") == "ValueError: no"


def test_a_pickle_that_nobody_can_compare_is_skipped(make):
    found = suite(with_pickle(make))
    assert [found.get(count) for count in ("tests", "failures", "errors", "skipped")] == ["4", "0", "0", "1"]
    skipped = found.find("testcase[@name='optimizer']/skipped")
    assert skipped.get("message") == UNKNOWN


def test_a_replay_of_which_nothing_can_be_compared_does_not_pass(make):
    found = suite(only_pickles(make))
    assert [found.get(count) for count in ("tests", "errors", "skipped")] == ["2", "1", "1"]


def test_what_cannot_be_compared_is_told_beside_the_verdict(make):
    text = as_text(with_pickle(make))
    assert "= equivalent, 1 not compared" in text
    assert text.index("Differences") < text.index("Not compared") < text.index("? not comparable")
    assert "drifted" not in text
    assert "1 not compared" in as_html(with_pickle(make))
    assert "not compared" not in as_text(Verdicts("a:v1", make.replayed()))
    assert "? not comparable, 1 not compared" in as_text(only_pickles(make))


def test_markdown_counts_what_cannot_be_compared_and_shows_it_last(make):
    text = as_markdown(with_pickle(make, Verdict.DRIFTED))
    assert "| ≠ drifted | 1 of 4, 1 not compared |" in text
    assert "2 differences, 1 not compared" in text
    assert text.index("| = equivalent | metric") < text.index("| ? not comparable | output | optimizer |")


def test_hostile_text_makes_well_formed_xml(make):
    items = (VerdictItem(HOSTILE, HOSTILE, Verdict.DRIFTED, HOSTILE * 5000),)
    text = as_junit(Verdicts(HOSTILE, replace(make.replayed(), items=items), HOSTILE, HOSTILE))
    found = ET.fromstring(text.encode("utf-8"))
    assert len(list(found.iter("testcase"))) == 1
    assert "\x1b" not in text
    assert "red" in next(found.iter("failure")).text


def test_many_replays_make_one_report(make):
    answers = tuple(Verdicts(f"a:v{number}", make.replayed()) for number in range(3))
    assert len(ET.fromstring(as_junit(Replays(answers)).encode())) == 3
    assert len(ET.fromstring(as_junit(Replays(())).encode())) == 0


def test_the_markdown_summary_is_a_table_and_what_differs(make):
    text = as_markdown(Verdicts("fraud-detector:v3", make.replayed()))
    assert "| fraud\\-detector\\:v3 | ≠ drifted | 1 of 3 | 31.5 s |" in text
    assert text.index("| ≠ drifted | model |") < text.index("| = equivalent | metric |")


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


def test_what_a_replay_did_not_find_is_told_by_every_report(make):
    told = (
        Difference(DifferenceKind.PACKAGE, "numpy", "2.1 then, 2.2 now"),
        Difference(DifferenceKind.FILE, HOSTILE, HOSTILE),
    )
    answer = Verdicts("a:v1", replace(make.replayed(Verdict.IDENTICAL), items=(), differences=told))
    for text in (as_markdown(answer), as_text(answer)):
        assert "numpy" in text
        assert "then, 2" in text.replace("\\", "")
        assert "\x1b" not in text
    assert as_document(answer)["differences"][0] == {"kind": "package", "name": "numpy", "reason": "2.1 then, 2.2 now"}
    assert "<script" not in as_html(answer)


def test_how_a_replay_was_done_and_the_spread_of_its_runs_are_told(make):
    asked = Asked(Extent.ALL, "train.ipynb", from_frames=True, repeat=3)
    repeats = (Repeated("auc", (0.5, 0.75, 1.0)), Repeated("loss", (1.7e308, -1.7e308), missing=1), Repeated("odd", (), missing=3))
    told = replace(make.replayed(), asked=asked, repeats=repeats)
    text = as_text(Verdicts("a:v1", told), width=200)
    for words in ("every cell of its session", "train.ipynb", "recorded inputs", "3 times with other random states"):
        assert words in text
    assert re.search(r"auc +3 +0.75 +0.25 +0.5 +1\n", text)
    assert "no number in 1 run" in text
    cut = replace(told, asked=replace(asked, repeat=9))
    assert "3 of 9 runs ended" in as_text(Verdicts("a:v1", cut, is_interrupted=True), width=200)
    assert "interrupted: the runs that had ended are recorded" in as_text(Verdicts("a:v1", cut, is_interrupted=True), width=200)
    assert "the cells of train.ipynb" in as_markdown(Verdicts("a:v1", told)).replace("\\", "")
    document = as_document(Verdicts("a:v1", told))
    assert document["asked"]["notebook"] == "train.ipynb"
    assert document["repeats"][0] == {"metric": "auc", "values": [0.5, 0.75, 1.0]}
    shown = make.entry(2, replays=(Replay(told, "2026-03-04T09:00:00.000000Z", "ci"),))
    assert as_document(shown)["replays"][0]["repeats"][1]["missing"] == 1


def departed(make, text="pandas"):
    inputs = (Departed(InputKind.PACKAGE, text, 2, f"2.1 then, 3.0 now {text}"),)
    causes = (Cause(CauseKind.PACKAGE, Basis.EVIDENCE, f"cell 2 uses {text}", text, f"pin {text}==2.1"),)
    told = replace(make.replayed(), departure=Departure(2, True, inputs, causes, f"the replay took long {text}"))
    return Verdicts("a:v1", told)


def test_a_departure_stands_in_every_report(make):
    answer = departed(make)
    found = {one.get("name"): one.get("value") for one in suite(answer).iter("property")}
    assert found["departs"] == "in cell 2"
    assert found["cause"] == "package pandas (evidence): cell 2 uses pandas pin pandas==2.1"
    assert found["differed"] == "package pandas, cell 2: 2.1 then, 3.0 now pandas"
    assert "took long" in found["untested"]
    document = as_document(answer)["departure"]
    assert (document["cell"], document["is_exact"], document["causes"][0]["cause"]) == (2, True, "package")
    for shown in (as_text(answer), as_html(answer), as_markdown(answer)):
        assert "in cell 2" in shown
        assert "evidence" in shown
        assert "took long" in shown
    inexact = replace(answer, replayed=replace(answer.replayed, departure=Departure(3)))
    assert "in cell 3 or before it" in as_text(inexact)


def test_a_hostile_departure_stays_text(make):
    answer = departed(make, HOSTILE)
    suite(answer)
    page = as_html(answer)
    assert "<script>" not in page
    assert "\x1b" not in page + as_text(answer) + as_markdown(answer)
    assert "@here" not in as_markdown(answer).replace("\\@here", "")


def test_what_was_measured_is_in_every_report(make):
    measured = Measured("float32", 1e-4, 1e-12, 1, 10, 2e-6, 5e-6, 42)
    reason = "1 of 10 numbers differ, by at most 2e-06 (relative 5e-06, 42 ULP): within 0.0001 for float32"
    items = (VerdictItem("output", "scores", Verdict.NUMERIC, reason, measured),)
    answer = Verdicts("a:v1", replace(make.replayed(Verdict.NUMERIC), items=items))
    case = suite(answer).find("testcase")
    facts = {one.get("name"): one.get("value") for one in case.iter("property")}
    assert facts.pop("verdict") == "numeric"
    assert facts == {name: str(value) for name, value in to_fields(measured).items()}
    assert (facts["rtol"], facts["max_ulp"]) == ("0.0001", "42")
    assert as_document(answer)["items"][0]["measured"] == to_fields(measured)
    for text in (as_text(answer), as_html(answer), as_markdown(answer).replace("\\", "")):
        assert "42 ULP" in text
        assert "0.0001 for float32" in text


def test_what_was_infinitely_far_off_has_no_number(make):
    items = (VerdictItem("output", "scores", Verdict.DRIFTED, "inf", Measured("float64", 1e-9, 1e-12, 1, 1)),)
    answer = Verdicts("a:v1", replace(make.replayed(), items=items))
    assert as_document(answer)["items"][0]["measured"] == {
        "precision": "float64",
        "rtol": 1e-9,
        "atol": 1e-12,
        "differing": 1,
        "total": 1,
    }
    assert [one.get("name") for one in suite(answer).find("testcase").iter("property")] == [
        "verdict",
        "precision",
        "rtol",
        "atol",
        "differing",
        "total",
    ]
