from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvlake.errors import InvalidTime
from mvlake.records.moment import parse_moment, to_text

MOMENTS = st.datetimes(
    datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.timedeltas(timedelta(hours=-14), timedelta(hours=14)).map(timezone)
)


@given(MOMENTS, MOMENTS)
def test_moments_sort_as_their_texts_do(one, other):
    assert (to_text(one) < to_text(other)) == (one < other)
    assert (to_text(one) == to_text(other)) == (one == other)


@given(MOMENTS)
def test_a_moment_that_was_written_is_read_as_itself(moment):
    text = to_text(moment)
    assert parse_moment(text) == text
    assert datetime.fromisoformat(text) == moment
    assert len(text) == 27


def test_an_early_year_has_four_digits():
    assert to_text(datetime(33, 4, 3, tzinfo=UTC)) == "0033-04-03T00:00:00.000000Z"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-03", "2026-03-03T23:59:59.999999Z"),
        (" 2026-03-03T14:00 ", "2026-03-03T14:00:00.000000Z"),
        ("2026-03-03 14:00:00.5", "2026-03-03T14:00:00.500000Z"),
        ("2026-03-03T14:00+01:00", "2026-03-03T13:00:00.000000Z"),
        ("2026-03-03T14:00Z", "2026-03-03T14:00:00.000000Z"),
        ("20260303T1400", "2026-03-03T14:00:00.000000Z"),
    ],
)
def test_what_people_type_is_understood(text, moment):
    assert parse_moment(text) == moment


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-02-30", "2026-03", "14:00", "9999-12-31T23:00-05:00", "0001-01-01T00:00+05:00"]
)
def test_what_is_no_moment_says_so(text):
    with pytest.raises(InvalidTime):
        parse_moment(text)
