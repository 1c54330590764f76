"""Moments: points in time as text, always UTC with microseconds, so that they sort as text too."""

from datetime import UTC, datetime, time

from mvlake.errors import InvalidTime


def to_text(moment: datetime) -> str:
    """Return `2026-03-03T14:00:00.000000Z`."""
    # strftime("%Y") writes the year 33 with two digits on Linux, and then text no longer sorts as time does.
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def parse_moment(text: str) -> str:
    """Return the moment that a person typed, as text; a bare date means the end of that day, no zone means UTC.

    >>> parse_moment("2026-03-03"), parse_moment("2026-03-03T14:00+01:00")
    ('2026-03-03T23:59:59.999999Z', '2026-03-03T13:00:00.000000Z')
    """
    return _parsed(text, time.max)


def parse_start(text: str) -> str:
    """Return the same moment, but of a bare date the first one of its day.

    >>> parse_start("2026-03-03")
    '2026-03-03T00:00:00.000000Z'
    """
    return _parsed(text, time.min)


def _parsed(text: str, of_day: time) -> str:
    try:
        moment = datetime.fromisoformat(text.strip())
        if len(text.strip()) <= len("2026-03-03"):
            moment = datetime.combine(moment, of_day)
        return to_text(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError) as error:
        raise InvalidTime(text) from error
