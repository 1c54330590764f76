import pytest

from mvlake.errors import NothingToRollBack
from mvlake.records.events import LabelMove, Move
from mvlake.registry.labels import LabelHistory


def history(*places, name="fraud", label="production"):
    labels, before = LabelHistory(), None
    for day, place in enumerate(places, 1):
        labels.take(LabelMove(name, label, before, place, Move.PROMOTE), f"2026-03-{day:02d}T12:00:00.000000Z", "ana")
        before = place
    return labels


def roll_back(labels, day):
    move = labels.rollback("fraud", "production", "")
    labels.take(move, f"2026-03-{day:02d}T12:00:00.000000Z", "ana")
    return move.to_number


def test_a_label_points_where_it_moved_last():
    assert history(1, 3, 2).current("fraud") == {"production": 2}
    assert history().current("fraud") == {}


def test_rollbacks_go_further_back_each_time():
    labels = history(1, 2, 3)
    assert [roll_back(labels, 4), roll_back(labels, 5)] == [2, 1]
    with pytest.raises(NothingToRollBack):
        labels.rollback("fraud", "production", "")


def test_a_promotion_after_a_rollback_rolls_back_to_where_it_was():
    labels = history(1, 2)
    roll_back(labels, 3)
    labels.take(LabelMove("fraud", "production", 1, 5, Move.PROMOTE), "2026-03-04T12:00:00.000000Z", "ana")
    assert roll_back(labels, 5) == 1


def test_a_promotion_to_where_it_is_moves_nothing():
    labels = history(1)
    assert labels.promotion("fraud", 1, "production", "") is None
    move = labels.promotion("fraud", 2, "production", "better")
    assert (move.from_number, move.to_number, move.reason) == (1, 2, "better")
    assert labels.promotion("fraud", 1, "staging", "").from_number is None


def test_a_label_of_another_name_is_another_label():
    labels = history(1, 2)
    labels.take(LabelMove("churn", "production", None, 7, Move.PROMOTE), "2026-03-09T12:00:00.000000Z", "ana")
    assert labels.current("fraud") == {"production": 2}
    assert labels.current("churn") == {"production": 7}
    assert [row.move.to_number for row in labels.rows("fraud")] == [1, 2]
    assert len(labels.rows()) == 3


@pytest.mark.parametrize("move", [Move.PROMOTE, Move.ROLLBACK])
def test_a_label_that_points_nowhere_is_held_by_nothing(move):
    labels = history(1, 2)
    labels.take(LabelMove("fraud", "production", 2, None, move), "2026-03-03T12:00:00.000000Z", "ana")
    assert labels.current("fraud") == {}


def test_the_last_record_decides_even_where_it_does_not_fit_the_ones_before():
    labels = history(1, 2, 3)
    labels.take(LabelMove("fraud", "production", 3, 1, Move.ROLLBACK), "2026-03-04T12:00:00.000000Z", "mallory")
    assert labels.current("fraud") == {"production": 1}


def test_a_rollback_that_begins_a_history_is_taken_as_it_says():
    labels = LabelHistory()
    labels.take(LabelMove("fraud", "production", None, 4, Move.ROLLBACK), "2026-03-04T12:00:00.000000Z", "mallory")
    assert labels.current("fraud") == {"production": 4}


def test_a_moment_is_answered_by_the_last_move_until_then():
    labels = history(1, 2)
    held = {moment: [row.move.to_number for row in labels.held_at(f"2026-03-{moment}Z")] for moment in (
        "01T11:59:59.999999", "01T12:00:00.000000", "01T23:00:00.000000", "02T12:00:00.000000", "09T00:00:00.000000"
    )}  # fmt: skip
    assert list(held.values()) == [[], [1], [1], [2], [2]]


def test_a_clock_that_went_back_does_not_change_the_order_of_the_log():
    labels = history(1)
    labels.take(LabelMove("fraud", "production", 1, 2, Move.PROMOTE), "2026-02-01T12:00:00.000000Z", "ana")
    assert [row.move.to_number for row in labels.held_at("2026-03-02T00:00:00.000000Z")] == [2]
    assert labels.current("fraud") == {"production": 2}
