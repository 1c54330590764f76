"""`leaderboard`: which versions come first by a metric, in which order the rest, and what is told of each."""

import math

import pytest

from mvlake.compare.diff import Direction
from mvlake.compare.leaderboard import KnownBy, other_metrics, varying_params
from mvlake.errors import Invalid, MetricNotFound, VersionNotFound
from mvlake.records.facts import Metric, MetricSource


def order(board):
    return [(row.rank, row.entry.ref) for row in board.rows]


@pytest.fixture
def filled(lake, commit):
    for depth, auc in enumerate((0.5, 0.9, math.nan, 0.9, 0.7), 1):
        params = {"depth": depth, "model.depth": depth, "kind": "ab"[depth % 2], "same": 1}
        commit(lake, params=params, metrics={"auc": auc, "loss": 1 / depth, "answer": 42})
    commit(lake, depth=6)
    commit(lake, "other", metrics={"auc": 0.6})
    commit(lake, "apart", metrics={"rmse": 2.0})
    return lake


def test_the_best_come_first_equal_ones_newest_first_and_those_without_a_number_last(filled):
    board = filled.leaderboard("fraud", by="auc")
    assert order(board) == [
        (1, "fraud:v4"),
        (2, "fraud:v2"),
        (3, "fraud:v5"),
        (4, "fraud:v1"),
        (None, "fraud:v6"),
        (None, "fraud:v3"),
    ]
    assert (board.total, board.unranked) == (6, 2)
    assert (board.direction, board.known_by) == (Direction.HIGHER, KnownBy.NAME)


def test_infinities_are_numbers_with_a_place_at_either_end(lake, commit):
    for depth, loss in enumerate((1.0, math.inf, -math.inf), 1):
        commit(lake, depth=depth, metrics={"loss": loss})
    assert order(lake.leaderboard(by="loss")) == [(1, "fraud:v3"), (2, "fraud:v1"), (3, "fraud:v2")]
    assert order(lake.leaderboard(by="loss", highest=True)) == [(1, "fraud:v2"), (2, "fraud:v1"), (3, "fraud:v3")]


def test_the_name_of_a_metric_says_the_direction_or_somebody_does_or_the_highest_is_first(filled):
    loss = filled.leaderboard("fraud", by="loss", limit=1)
    assert (order(loss), loss.direction, loss.known_by) == ([(1, "fraud:v5")], Direction.LOWER, KnownBy.NAME)
    turned = filled.leaderboard("fraud", by="loss", limit=1, highest=True)
    assert (order(turned), turned.known_by) == ([(1, "fraud:v1")], KnownBy.SAID)
    assumed = filled.leaderboard("fraud", by="answer")
    assert (assumed.direction, assumed.known_by) == (Direction.HIGHER, KnownBy.ASSUMED)


def test_all_names_that_have_the_metric_are_ranked_where_none_is_said(filled):
    assert (3, "fraud:v5") in order(filled.leaderboard(by="auc"))
    assert (4, "other:v1") in order(filled.leaderboard(by="auc"))
    assert not any(ref.startswith("apart") for _, ref in order(filled.leaderboard(by="auc")))


def test_forgotten_versions_are_left_out_until_they_are_wanted_again(filled):
    filled.forget("fraud:v4", reason='"is_undone":true')
    assert order(filled.leaderboard("fraud", by="auc"))[0] == (1, "fraud:v2")
    filled.unforget("fraud:v4")
    assert order(filled.leaderboard("fraud", by="auc"))[0] == (1, "fraud:v4")
    filled.forget("apart:v1")
    with pytest.raises(MetricNotFound):
        filled.leaderboard("apart", by="rmse")


def test_a_limit_cuts_and_the_answer_says_of_how_many(filled):
    board = filled.leaderboard("fraud", by="auc", limit=2)
    assert (len(board.rows), board.total) == (2, 6)
    assert len(filled.leaderboard("fraud", by="auc", limit=0).rows) == 6
    with pytest.raises(Invalid):
        filled.leaderboard(by="auc", limit=-1)


def test_it_tells_other_metrics_and_the_parameters_that_vary_among_those_shown(filled):
    board = filled.leaderboard("fraud", by="auc", limit=4)
    assert board.metrics == ("loss", "answer")
    assert board.params == ("depth", "kind")
    assert filled.leaderboard("fraud", by="auc", limit=2).params == ("depth",)


def test_parameters_vary_by_type_too_and_one_version_varies_in_nothing(lake, commit):
    versions = [commit(lake, params={"c": value}, metrics={"auc": 1}) for value in (1, 1.0, True)]
    assert varying_params(versions) == ("c",)
    assert varying_params(versions[:1]) == varying_params([]) == ()
    guess, stated = Metric("a", 1, MetricSource.COMPUTED), Metric("b", 1, MetricSource.STATED)
    assert [one.source.is_guess for one in (guess, stated)] == [True, False]
    assert other_metrics(versions, "auc") == ()


@pytest.mark.parametrize("by", ["acu", "", "\ud800", "it's; drop table x --", "$metric", "a\0b", "x" * 100_000])
def test_an_unknown_metric_is_told_with_those_there_are(filled, by):
    with pytest.raises(MetricNotFound) as told:
        filled.leaderboard("fraud", by=by)
    assert "answer, auc, loss" in told.value.hint
    assert ("did you mean auc?" in told.value.hint) is (by == "acu")
    assert len(str(told.value)) < 400


def test_a_metric_of_any_name_can_be_asked_for(lake, commit):
    for name in ("it's", "$name", "query", "f1 @ 0.5"):
        commit(lake, name="odd", metrics={name: 1.0})
        assert lake.leaderboard("odd", by=name).rows[0].rank == 1


def test_where_there_are_no_versions_that_is_said(lake, filled):
    with pytest.raises(VersionNotFound):
        filled.leaderboard("nothing", by="auc")
    with pytest.raises(Invalid, match="at once"):
        filled.leaderboard(by="auc", lowest=True, highest=True)


def test_an_empty_lake_has_none(lake):
    with pytest.raises(VersionNotFound, match="Hint: make one"):
        lake.leaderboard(by="auc")
