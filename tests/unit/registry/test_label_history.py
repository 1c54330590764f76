import pytest

from mvlake.errors import NothingToRollBack
from mvlake.records.events import LabelMove, Move


@pytest.fixture
def history(book):
    def tell(*places, name="fraud", label="production"):
        before = None
        for day, place in enumerate(places, 1):
            move(book, LabelMove(name, label, before, place, Move.PROMOTE), day)
            before = place
        return book.ledger.labels

    return tell


def move(book, moved, day, month=3):
    book.tell(moved, at=f"2026-{month:02d}-{day:02d}T12:00:00.000000Z", cut=day % 2 == 0)


def roll_back(book, day):
    moved = book.ledger.labels.rollback("fraud", "production", "")
    move(book, moved, day)
    return moved.to_number


def test_a_label_points_where_it_moved_last(book, history):
    assert history().current("fraud") == {}
    assert history(1, 3, 2).current("fraud") == {"production": 2}


def test_rollbacks_go_further_back_each_time(book, history):
    labels = history(1, 2, 3)
    assert [roll_back(book, 4), roll_back(book, 5)] == [2, 1]
    with pytest.raises(NothingToRollBack):
        labels.rollback("fraud", "production", "")


def test_a_promotion_after_a_rollback_rolls_back_to_where_it_was(book, history):
    history(1, 2)
    roll_back(book, 3)
    move(book, LabelMove("fraud", "production", 1, 5, Move.PROMOTE), 4)
    assert roll_back(book, 5) == 1


def test_a_promotion_to_where_it_is_moves_nothing(book, history):
    labels = history(1)
    assert labels.promotion("fraud", 1, "production", "") is None
    move = labels.promotion("fraud", 2, "production", "better")
    assert (move.from_number, move.to_number, move.reason) == (1, 2, "better")
    assert labels.promotion("fraud", 1, "staging", "").from_number is None


def test_a_label_of_another_name_is_another_label(book, history):
    labels = history(1, 2)
    move(book, LabelMove("churn", "production", None, 7, Move.PROMOTE), 9)
    assert labels.current("fraud") == {"production": 2}
    assert labels.current("churn") == {"production": 7}
    assert [row.move.to_number for row in labels.rows("fraud")] == [1, 2]
    assert len(labels.rows()) == 3


@pytest.mark.parametrize("kind", [Move.PROMOTE, Move.ROLLBACK])
def test_a_label_that_points_nowhere_is_held_by_nothing(book, history, kind):
    labels = history(1, 2)
    move(book, LabelMove("fraud", "production", 2, None, kind), 3)
    assert labels.current("fraud") == {}


def test_the_last_record_decides_even_where_it_does_not_fit_the_ones_before(book, history):
    labels = history(1, 2, 3)
    move(book, LabelMove("fraud", "production", 3, 1, Move.ROLLBACK), 4)
    assert labels.current("fraud") == {"production": 1}


def test_a_rollback_that_begins_a_history_is_taken_as_it_says(book, history):
    labels = book.ledger.labels
    move(book, LabelMove("fraud", "production", None, 4, Move.ROLLBACK), 4)
    assert labels.current("fraud") == {"production": 4}


def test_a_moment_is_answered_by_the_last_move_until_then(book, history):
    labels = history(1, 2)
    held = {moment: [row.move.to_number for row in labels.held_at(f"2026-03-{moment}Z")] for moment in (
        "01T11:59:59.999999", "01T12:00:00.000000", "01T23:00:00.000000", "02T12:00:00.000000", "09T00:00:00.000000"
    )}  # fmt: skip
    assert list(held.values()) == [[], [1], [1], [2], [2]]


def test_a_clock_that_went_back_does_not_change_the_order_of_the_log(book, history):
    labels = history(1)
    move(book, LabelMove("fraud", "production", 1, 2, Move.PROMOTE), 1, month=2)
    assert [row.move.to_number for row in labels.held_at("2026-03-02T00:00:00.000000Z")] == [2]
    assert labels.current("fraud") == {"production": 2}
