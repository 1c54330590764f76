"""Known: what this kernel has committed already, by content: an array that has not changed is neither copied nor written."""

from collections.abc import Iterable
from dataclasses import replace

from mvlake.handlers.contract import Handler
from mvlake.records.artifact import DraftArtifact, Role
from mvlake.records.digest import Digest

_MOST = 1000


class Known:
    """Artifacts without their content. A commit looks whether the lake still has all that a version names."""

    def __init__(self) -> None:
        self._by_content: dict[tuple[str, int, Digest], DraftArtifact] = {}

    def find(self, handler: Handler, digest: Digest) -> DraftArtifact | None:
        """Return the artifact of this content, None when this kernel has committed none."""
        return self._by_content.get((handler.name, handler.protocol, digest))

    def remember(self, artifacts: Iterable[DraftArtifact]) -> None:
        """Remember the objects of a version that has been committed."""
        for one in artifacts:
            if one.role in (Role.INPUT, Role.OUTPUT):
                self._by_content[one.handler, one.protocol, one.digest] = replace(one, role=Role.INPUT, content=None, packs=())
        while len(self._by_content) > _MOST:
            del self._by_content[next(iter(self._by_content))]

    def forget(self) -> None:
        """Forget everything: the lake is another one, or has lost something."""
        self._by_content.clear()
