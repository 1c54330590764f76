"""Span: a length of time as people type it: 14d, 36h, 90m, 30 days."""

import re
from datetime import timedelta

from mvlake.errors import Invalid

GRACE = "14d"
"""Between the steps of collecting, unless another is said."""

_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds", "": "seconds"}
_SPAN = re.compile(r"(\d{1,6})\s*(?:([dhms]?)|(day|hour|minute|second)s?)")


def parse_span(text: str) -> timedelta:
    """Return the length of time in a text; Invalid when it says none. `30 days` is written out.

    >>> parse_span("14d").days, parse_span("36h") == timedelta(hours=36), parse_span("0").days
    (14, True, 0)
    """
    found = _SPAN.fullmatch(text.strip().lower())
    if found is None or (not found[2] and not found[3] and int(found[1])):
        raise Invalid(f'"{text[:40]}" is no length of time', hint="14d, 36h or 90m")
    return timedelta(**{_UNITS[found[2] or (found[3] or "")[:1]]: int(found[1])})
