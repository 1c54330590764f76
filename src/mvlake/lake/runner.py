"""Runner: what executes a version's notebook in a fresh kernel. `mvlake.runners` is the entry point group."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Protocol, cast

from mvlake.errors import InvalidVerb
from mvlake.lake.progress import Tell, tell_nobody

GROUP = "mvlake.runners"


@dataclass(frozen=True, slots=True)
class Execution:
    """A notebook that ran: the executed document, and the first cell that was not expected to raise but did (0: none)."""

    notebook: Mapping[str, Any]
    failed_cell: int
    error: str
    duration: float


class Runner(Protocol):
    """Executes a notebook."""

    def run(
        self, notebook: Mapping[str, Any], *, folder: Path, environment: Mapping[str, str], timeout: int, tell: Tell = tell_nobody
    ) -> Execution:
        """Return the executed notebook.

        The kernel is fresh, works in `folder`, has the environment's variables and no others, and the mvlake extension loaded.
        A cell may take `timeout` seconds, any time when 0. What a cell raises is told, not raised; on return the kernel is gone.
        `tell` hears how many cells have run, of how many.
        """
        ...


def runner_named(name: str) -> Runner:
    """Return the runner of this name; InvalidVerb with those there are."""
    found = {point.name: point for point in entry_points(group=GROUP)}
    if name not in found:
        raise InvalidVerb(f'no runner "{name[:40]}"', usage=f"there is {', '.join(sorted(found)) or 'none: reinstall mvlake'}")
    return cast("Runner", found[name].load())
