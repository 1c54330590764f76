"""Scheduling: how xdist shares out the items of a run in which versions are replayed."""

from xdist.scheduler import LoadScopeScheduling

from mvlake.pytest_plugin.items import ROOT


class ByVersion(LoadScopeScheduling):  # type: ignore[misc]  # xdist ships no types
    """Gives every item of a version to one worker, and any other item to whoever is free."""

    def _split_scope(self, nodeid: str) -> str:
        parts = nodeid.split("::")
        return "::".join(parts[:2]) if parts[0] == ROOT else nodeid
