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
    """A notebook that ran: the executed document, and the first cell that was not expected to raise but did (0: none).

    `is_cut_short` is said where that cell did not raise, but was ended, with its kernel: `error` then says why.
    """

    notebook: Mapping[str, Any]
    failed_cell: int
    error: str
    duration: float
    is_cut_short: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """What a cell may take: seconds, and bytes of memory that the kernel and its children hold together; any when 0."""

    timeout: int = 0
    memory: int = 0


class Runner(Protocol):
    """Executes a notebook."""

    def run(
        self,
        notebook: Mapping[str, Any],
        *,
        python: str,
        folder: Path,
        environment: Mapping[str, str],
        limits: Limits,
        tell: Tell = tell_nobody,
    ) -> Execution:
        """Return the executed notebook.

        The kernel is fresh, runs with the interpreter `python`, works in `folder`, has the environment's variables and no others,
        and the mvlake extension loaded. A cell that goes beyond the limits is ended, with the kernel. What a cell raises is told,
        not raised; on return the kernel is gone. `tell` hears how many cells have run, of how many.
        """
        ...


def runner_named(name: str) -> Runner:
    """Return the runner of this name; InvalidVerb with those there are."""
    found = {point.name: point for point in entry_points(group=GROUP)}
    if name not in found:
        raise InvalidVerb(f'no runner "{name[:40]}"', usage=f"there is {', '.join(sorted(found)) or 'none: reinstall mvlake'}")
    return cast("Runner", found[name].load())
