"""Time zones: as their key, or as an offset from UTC; every spelling of UTC is one zone, as it is to pandas."""

from datetime import timedelta, timezone, tzinfo
from typing import Any

from mvlake.errors import CannotFingerprint
from mvlake.records.canonical import Json


def zone_form(zone: tzinfo) -> Json:
    """Return the zone's key (`Europe/Berlin`) or offset in seconds; CannotFingerprint for a zone that has neither."""
    library = type(zone).__module__.partition(".")[0]
    if library in ("zoneinfo", "pytz"):
        key = getattr(zone, "key", None) or getattr(zone, "zone", None)
        if key:
            return "UTC" if key in ("UTC", "Etc/UTC") else str(key)
    if library in ("datetime", "pytz"):
        offset = zone.utcoffset(None)
        if offset is not None:
            seconds = offset.total_seconds()
            return seconds or "UTC"
    raise CannotFingerprint("pandas column", reason=f"its time zone is a {library} object without a key")


def read_zone(form: Any) -> Any:
    """Return what pandas takes as this zone: a key, which it resolves its own way, or a fixed offset."""
    return form if isinstance(form, str) else timezone(timedelta(seconds=form))
