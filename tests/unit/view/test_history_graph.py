"""`log --graph`: which version came from which, beside the versions, and how their metrics went."""

import json

from mvlake.view.document import as_document
from mvlake.view.html import as_html
from mvlake.view.text import as_text

SPACE = "\N{NO-BREAK SPACE}"


def branched(lake, commit):
    for number, parent in ((1, None), (2, 1), (3, 1), (4, 2), (5, 3)):
        commit(lake, depth=number, parent=parent, metrics={"auc": number / 10})
    return lake


def firsts(text):
    return [line.split("fraud:")[0].replace(SPACE, " ").rstrip() for line in text.splitlines() if line[:1] in "*|"]


def test_branches_are_drawn_beside_the_versions(lake, commit):
    text = as_text(branched(lake, commit).log("fraud", graph=True))
    assert firsts(text) == ["*", "| *", "* |", "| *", "|/", "*"]
    assert [word for word in text.split() if word.startswith("fraud:")] == [f"fraud:v{number}" for number in (5, 4, 3, 2, 1)]
    assert "0.1 → 0.5" in text.replace("auc", "")
    assert "▁" in text
    assert "*" not in as_text(lake.log("fraud"))


def test_what_older_versions_would_join_is_left_open(lake, commit):
    text = as_text(branched(lake, commit).log("fraud", limit=2, graph=True))
    assert firsts(text)[:1] == ["*"]
    assert sum(line.strip(SPACE + " |") == ":" for line in text.splitlines()) == 2
    assert "older versions are not listed" in text


def test_names_are_roots_of_their_own_and_their_metrics_are_told_apart(lake, commit):
    branched(lake, commit)
    for number in (1, 2):
        commit(lake, "churn", depth=number, parent=number - 1 or None, metrics={"auc": 0.9})
    text = as_text(lake.log(graph=True))
    assert "fraud auc" in text
    assert "churn auc" in text


def test_the_page_has_the_same_shape_and_the_document_is_that_of_the_log(lake, commit):
    answer = branched(lake, commit).log("fraud", graph=True)
    page = as_html(answer)
    assert f"<code>|{SPACE}*</code>" in page
    assert "<code>|/</code>" in page
    assert "mvl-spark" in page
    told = as_document(answer)
    assert told == as_document(lake.log("fraud"))
    assert [one["parent"] for one in told] == ["fraud:v3", "fraud:v2", "fraud:v1", "fraud:v1", None]
    assert json.dumps(told)


def test_an_empty_lake_and_a_forgotten_parent_are_drawn_too(lake, commit):
    assert "no versions yet" in as_text(lake.log(graph=True))
    branched(lake, commit)
    lake.forget("fraud:v3")
    assert firsts(as_text(lake.log("fraud", graph=True))) == ["*", "| *", "* |", "| *", "|/", "*"]
