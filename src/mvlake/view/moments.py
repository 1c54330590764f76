"""Moments as people read them: the record's UTC text made shorter, and how long ago it was."""

from datetime import UTC, datetime

from mvlake.view.clean import visible

_STEPS = ((60, "s"), (60, "min"), (24, "h"), (7, "d"), (52, "weeks"))


def day_and_time(at: str) -> str:
    """Return `2026-03-03 14:00` (UTC) of a record's moment; any other text stays as it is, cleaned.

    >>> day_and_time("2026-03-03T14:00:59.123456Z")
    '2026-03-03 14:00'
    """
    moment = _read(at)
    return moment.strftime("%Y-%m-%d %H:%M") if moment else visible(at, limit=40)


def ago(at: str, now: datetime) -> str:
    """Return how long before `now` it was, in one unit; empty when that cannot be said (no moment, or the future).

    >>> ago("2026-03-03T14:00:00Z", datetime(2026, 3, 3, 16, 59, tzinfo=UTC))
    '2 h ago'
    """
    moment = _read(at)
    if moment is None or moment > now:
        return ""
    amount, unit = int((now - moment).total_seconds()), "s"
    if amount < _STEPS[0][0]:
        return "just now"
    for step, _ in _STEPS:
        following = amount // step
        if following == 0:
            break
        amount, unit = following, _next(unit)
    return f"{amount} {unit} ago" if amount != 1 or len(unit) < 4 else f"{amount} {unit[:-1]} ago"


def _next(unit: str) -> str:
    names = [name for _, name in _STEPS] + ["years"]
    return names[names.index(unit) + 1]


def _read(at: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(at)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
