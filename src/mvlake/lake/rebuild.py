"""Rebuild: everything derived is thrown away, and derived again from the log."""

from mvlake.errors import ReadOnlyLake
from mvlake.lake.parts import Parts
from mvlake.records.answers import Done

_PROBE = "index/probe"


def rebuild(parts: Parts) -> Done:
    """Make the index anew; ReadOnlyLake where nothing can be written: what is derived would be gone with the process."""
    _check_writable(parts)
    parts.log.rebuild()
    covered = parts.index.rebuild()
    return Done(f"rebuilt the index over {covered} records")


def _check_writable(parts: Parts) -> None:
    parts.store.put_hint(_PROBE, b"")
    if parts.store.size(_PROBE) is None:
        reason = "its index/ takes no file, so that nothing can be kept in it"
        raise ReadOnlyLake(parts.store.location, reason=reason)
    parts.store.remove_hint(_PROBE)
