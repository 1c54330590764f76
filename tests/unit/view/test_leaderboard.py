"""A leaderboard as text, page and JSON: a table, and parallel coordinates beside it."""

import math

import pytest
from markup import check_fragment

from mvlake.view.blocks import Axis, Parallel
from mvlake.view.html import as_html
from mvlake.view.outline.leaderboard import leaderboard
from mvlake.view.text import as_text


@pytest.fixture
def filled(lake, commit):
    for depth, auc in enumerate((0.5, 0.9, math.nan), 1):
        commit(
            lake, params={"depth": depth, "kind": "ab"[depth % 2], "huge": 10**400 + depth}, metrics={"auc": auc, "answer": depth}
        )
    lake.promote("fraud:v2", "production")
    return lake


def drawing(board):
    return next((block for block in leaderboard(board) if isinstance(block, Parallel)), None)


def test_text_says_rank_ref_labels_metrics_and_parameters(filled):
    text = as_text(filled.leaderboard("fraud", by="auc"), width=200)
    assert text.splitlines()[0] == "fraud by auc, highest first"
    heading = next(line for line in text.splitlines() if line.startswith("version"))
    assert heading.split()[:6] == ["version", "rank", "auc", "answer", "depth", "kind"]
    first = next(line for line in text.splitlines() if line.startswith("fraud:v2"))
    assert first.split()[:7] == ["fraud:v2", "@production", "1", "0.9", "2", "2", "a"]
    assert "1 version without a number there: last" in text


def test_it_says_what_was_assumed_and_what_was_cut(filled):
    text = as_text(filled.leaderboard("fraud", by="answer", limit=1), width=200)
    assert "nothing tells which way answer is better: --lowest turns it round" in text
    assert "1 of 3 versions: --limit 0 lists all" in text
    assert "nothing tells" not in as_text(filled.leaderboard("fraud", by="answer", lowest=True), width=200)


def test_parallel_coordinates_run_from_the_parameters_to_the_metric_and_the_best_is_first(filled):
    chart = drawing(filled.leaderboard("fraud", by="auc"))
    assert chart.axes == (Axis("depth", 1, 3), Axis("kind", categories=("a", "b")), Axis("answer", 1, 3), Axis("auc", 0.5, 0.9))
    assert [(line.ref, line.values) for line in chart.lines] == [
        ("fraud:v2", (2, "a", 2, 0.9)),
        ("fraud:v1", (1, "b", 1, 0.5)),
        ("fraud:v3", (3, "b", 3, None)),
    ]
    html = as_html(filled.leaderboard("fraud", by="auc"))
    check_fragment(html)
    assert html.count("mvl-curve mvl-b") == 1


def test_one_version_and_versions_that_differ_in_nothing_are_not_drawn(filled, commit):
    assert drawing(filled.leaderboard("fraud", by="auc", limit=1)) is None
    for number in range(2):
        commit(filled, "same", depth=1, metrics={"auc": 0.5}, source=f"x = {number}")
    assert drawing(filled.leaderboard("same", by="auc")) is None


def test_the_document_has_every_version_with_its_rank(filled, as_json):
    document = as_json(filled.leaderboard("fraud", by="auc"))
    assert {key: document[key] for key in document if key != "rows"} == {
        "by": "auc", "name": "fraud", "direction": "higher", "direction_known_by": "name", "total": 3, "unranked": 1,
        "metrics": ["answer"], "params": ["depth", "kind", "huge"],
    }  # fmt: skip
    assert [(row["rank"], row["ref"], row["value"]) for row in document["rows"]] == [
        (1, "fraud:v2", 0.9),
        (2, "fraud:v1", 0.5),
        (None, "fraud:v3", "NaN"),
    ]
    assert document["rows"][0]["labels"] == ["production"]
    assert document["rows"][0]["params"]["depth"] == 2
