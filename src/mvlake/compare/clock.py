"""Clock: dates and times in a text that say when it was printed.

They are told from dates that are data by what they say: one that lies within the run is a reading of the clock, whatever zone it is
told in, for zones are whole quarters of an hour apart.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from mvlake.records.version import Version

_QUARTER = 900.0
_FARTHEST = timedelta(hours=14)  # what no zone is further from UTC than
_SLACK = 2.0  # seconds: a time of day is cut to whole ones, and a cell's clock is read before and after it
_LAST_YEAR, _LONGEST = 9000, 1e8  # seconds; what is beyond is no run, and would be beyond what dates can say
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Run:
    """When an execution began, and how many seconds it took."""

    started: datetime
    duration: float

    @classmethod
    def of(cls, version: Version) -> "Run":
        """Return the run that made a version."""
        try:
            started = datetime.fromisoformat(version.started_at)
        except ValueError:  # a lake may be anybody's
            started = _EPOCH
        if not 1970 < started.year < _LAST_YEAR:
            started = _EPOCH
        return cls(started if started.tzinfo else started.replace(tzinfo=UTC), min(max(version.duration, 0.0), _LONGEST))


@cache
def readings() -> re.Pattern[str]:
    """Return what dates and times look like that programs print of now."""
    time = r"(?:(?P<h{0}>\d\d):(?P<m{0}>\d\d)(?::(?P<s{0}>\d\d))?(?:[.,]\d{{1,9}})?)"
    weekday = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}"
    month = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    zone = r"(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?"
    forms = (
        rf"(?P<y1>\d{{4}})[-/](?P<o1>\d\d)[-/](?P<d1>\d\d)(?:[T ]{time.format(1)}{zone})?",
        rf"(?:{weekday},? )?(?P<d2>\d{{1,2}})[ -](?P<n2>{month})[a-z]{{0,6}}[ -](?P<y2>\d{{4}})(?:,? {time.format(2)}{zone})?",
        rf"(?:{weekday} )?(?P<n3>{month})[a-z]{{0,6}} {{1,2}}(?P<d3>\d{{1,2}}),?(?: {time.format(3)})?,? (?P<y3>\d{{4}})",
        r"(?P<y4>\d{4})(?P<o4>\d\d)(?P<d4>\d\d)[T_-]?(?P<h4>\d\d)(?P<m4>\d\d)(?P<s4>\d\d)",
        r"(?P<h5>\d\d):(?P<m5>\d\d):(?P<s5>\d\d)(?:[.,]\d{1,9})?",
    )
    return re.compile(r"(?<![A-Za-z0-9.:])(?:" + "|".join(forms) + r")(?![A-Za-z0-9:]|\.\d)")


def is_reading(match: re.Match[str], run: Run) -> bool:
    """True when what was found says a moment of the run."""
    told = {key[0]: value for key, value in match.groupdict().items() if value is not None}
    seconds = int(told["h"]) * 3600 + int(told["m"]) * 60 + int(told.get("s", 0)) if "h" in told else None
    if "y" not in told:
        return seconds is not None and _is_within(float(seconds), run, precision=1.0)
    month = int(told["o"]) if "o" in told else _MONTHS.index(told["n"][:3].lower()) + 1
    try:
        day = datetime(int(told["y"]), month, int(told["d"]), tzinfo=UTC)
    except ValueError:
        return False
    ended = run.started + timedelta(seconds=run.duration)
    if not run.started - _FARTHEST - timedelta(days=1) <= day <= ended + _FARTHEST:
        return False
    if seconds is None:
        return True
    moment = day + timedelta(seconds=seconds)
    if not run.started - _FARTHEST <= moment <= ended + _FARTHEST:
        return False
    return _is_within((moment - _EPOCH).total_seconds(), run, precision=1.0 if "s" in told else 60.0)


def _is_within(told: float, run: Run, *, precision: float) -> bool:
    """True when a moment lies within the run, in some zone. It was cut to `precision` seconds."""
    began = (run.started - _EPOCH).total_seconds() - _SLACK - precision
    return (told - began) % _QUARTER <= run.duration + 2 * _SLACK + precision
