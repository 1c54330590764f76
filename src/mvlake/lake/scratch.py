"""Scratch: the folder of one replay, which is removed when it is over."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from mvlake.lake.claim import sweep

SCRATCH = "mvlake-replay-"
"""How the names of these folders begin."""


def scratch_place() -> Path:
    """Return the folder below which they are made."""
    return Path(tempfile.gettempdir())


def sweep_scratch() -> int:
    """Remove what replays left behind that were killed; return how many there were."""
    return sweep(scratch_place(), SCRATCH)


@dataclass(frozen=True, slots=True)
class Scratch:
    """The folder of one replay: `lake` takes what is captured; the other files are between us and the kernel."""

    root: Path

    @property
    def lake(self) -> Path:
        """Where the scratch lake lies."""
        return self.root / "lake"

    @property
    def states(self) -> Path:
        """The file with the states of generators."""
        return self.root / "states.json"

    @property
    def world(self) -> Path:
        """The file with the kernel's instructions."""
        return self.root / "world.json"

    @property
    def environment(self) -> Path:
        """The file in which the kernel says what its environment is."""
        return self.root / "environment.json"

    @property
    def used(self) -> Path:
        """The file in which the kernel says what it read elsewhere than the code names it."""
        return self.root / "used.txt"

    @property
    def accounts(self) -> Path:
        """The file in which the kernel tells of its cells, one after another."""
        return self.root / "accounts.txt"
