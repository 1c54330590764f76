"""Spectator: a lake as the kernel of a replay sees it. What the cells write into it once more (a label, a note) is refused."""

from collections.abc import Mapping
from pathlib import Path

from mvlake.errors import ReadOnlyLake
from mvlake.lake import variables
from mvlake.store.local import LocalStore


class SpectatorStore(LocalStore):
    """A local lake that can only be read."""

    def put_new(self, key: str, data: bytes) -> bool:  # noqa: ARG002 - the contract's own names
        """Refuse."""
        raise ReadOnlyLake(self.location, reason="a replay leaves it as it is")

    def remove(self, key: str) -> None:  # noqa: ARG002 - the contract's own names
        """Refuse."""
        raise ReadOnlyLake(self.location, reason="a replay leaves it as it is")

    def move(self, source: str, target: str) -> bool:  # noqa: ARG002 - the contract's own names
        """Refuse."""
        raise ReadOnlyLake(self.location, reason="a replay leaves it as it is")

    def put_hint(self, key: str, data: bytes) -> None:
        """Do nothing: hints can be made again."""

    def remove_hint(self, key: str) -> None:
        """Do nothing."""


def is_spectated(folder: Path, environ: Mapping[str, str]) -> bool:
    """True when a replay runs in this process, and the folder is the lake that it judges."""
    lake = environ.get(variables.LAKE)
    return bool(environ.get(variables.CAPTURE_TO)) and bool(lake) and folder.resolve() == Path(str(lake)).resolve()
