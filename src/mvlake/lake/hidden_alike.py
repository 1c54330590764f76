"""Hidden alike: a recorded version as its replay would have kept it, where column rules are stricter now than they were then.

Nothing that is hidden now is written anywhere to compare it: the content that was recorded passes the rules of now in memory.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mvlake.errors import MvlakeError
from mvlake.handlers.lookup import handler_for, handler_named
from mvlake.handlers.screen import Screen
from mvlake.lake.hidden import hashed_in, hidden_in
from mvlake.lake.screening import screened
from mvlake.records.artifact import Artifact
from mvlake.records.dossier import Dossier
from mvlake.records.version import Version


class HiddenAlike:
    """What the rules of a replay make of what was recorded. `revive` reads an artifact's object."""

    def __init__(self, recorded: Version, replayed: Version, screen: Screen | None, revive: Callable[[Artifact], Any]) -> None:
        self._recorded, self._replayed, self._screen, self._revive = recorded, replayed, screen, revive

    def dossier(self, dossier: Dossier) -> Dossier:
        """Return the recorded version with the digests that its artifacts have under these rules."""
        artifacts = tuple(self._artifact(one) for one in dossier.version.artifacts)
        return replace(dossier, version=replace(dossier.version, artifacts=artifacts))

    def object(self, artifact: Artifact) -> Any:
        """Return the object of a recorded artifact under these rules."""
        obj = self._revive(artifact)
        if self._screen is None:
            return obj
        return screened(obj, self._screen.anew(hashed=hashed_in(self._recorded, artifact)))

    def _artifact(self, one: Artifact) -> Artifact:
        if self._screen is None or not self._is_stricter(one) or not handler_named(one.handler).is_inert:
            return one
        try:
            obj = self.object(one)
            return replace(one, digest=handler_for(obj).fingerprint(obj))
        except MvlakeError:
            return one  # the judge says that it differs

    def _is_stricter(self, one: Artifact) -> bool:
        same = [other for other in self._replayed.artifacts if (other.role, other.name) == (one.role, one.name)]
        now = {(each.rule, each.column) for other in same for each in hidden_in(self._replayed, other)}
        return not now <= {(each.rule, each.column) for each in hidden_in(self._recorded, one)}
