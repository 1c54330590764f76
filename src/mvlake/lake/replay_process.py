"""Replay process: several versions run again at a time, each in a process of its own, which ends when this one does.

A process rather than a thread: papermill changes the folder that its process works in, and what native libraries do to a process
ends one replay and not all. The lake lets any number of processes commit, one record after another: each records its own verdict.
"""

import contextlib
import pickle
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeAlias

from mvlake.lake.progress import Tell
from mvlake.lake.progress_of_several import ProgressOfSeveral
from mvlake.records.answers import Verdicts
from mvlake.records.plan import Plan
from mvlake.records.replays import Unanswered

Order: TypeAlias = tuple[str, Path | None]
CHILD = "mvlake.lake.replay_child"
_GRACE = 20  # seconds that a process has to end its kernel and to remove its folder
_TAIL = 2000


@dataclass(frozen=True, slots=True)
class Request:
    """What a process is asked for: the lake's place, a ref, and how it is to run."""

    lake: str
    ref: str
    plan: Plan
    output: Path | None


@dataclass(frozen=True, slots=True)
class Told:
    """How far a process is."""

    what: str
    done: int
    size: int


def in_processes(
    lake: str, orders: Sequence[Order], plan: Plan, *, jobs: int, together: ProgressOfSeveral
) -> tuple[Verdicts | Unanswered, ...]:
    """Return the answers in the order of the orders; `jobs` run at a time. Interrupted, it ends every process that it started."""
    crew = _Crew(lake, plan, together)
    pool = ThreadPoolExecutor(jobs, thread_name_prefix="mvlake-replay")
    try:
        futures = [pool.submit(crew.run, order) for order in orders]
        return tuple(future.result() for future in futures)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        crew.end()
        pool.shutdown(wait=True)


class _Crew:
    """The processes that run now."""

    def __init__(self, lake: str, plan: Plan, together: ProgressOfSeveral) -> None:
        self._lake, self._plan, self._together = lake, plan, together
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._is_over = False

    def run(self, order: Order) -> Verdicts | Unanswered:
        """Run one version in a process, and return what that answers."""
        ref, output = order
        with self._together.of(ref) as tell, tempfile.TemporaryFile() as complaints:
            process = self._start(complaints)
            if process is None:
                return Unanswered(ref, "", "the others were ended before this one began")
            try:
                answer = _answer(process, Request(self._lake, ref, self._plan, output), tell)
            finally:
                self._ended(process)
            return answer or Unanswered(ref, "", _last_words(process.returncode, complaints))

    def end(self) -> None:
        """End all that run: a process whose input ends interrupts itself, as if by Ctrl-C, and puts its things away."""
        with self._lock:
            self._is_over = True
            running = list(self._running)
        for process in running:
            _close(process)
        for process in running:
            try:
                process.wait(_GRACE)
            except subprocess.TimeoutExpired:
                process.kill()

    def _start(self, complaints: IO[bytes]) -> "subprocess.Popen[bytes] | None":
        with self._lock:
            if self._is_over:
                return None
            process = subprocess.Popen(  # noqa: S603 - a Python that runs a module of ours
                [sys.executable, "-P", "-m", CHILD],  # -P: what lies in the user's folder is not to stand in for a module of ours
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                start_new_session=True,  # a Ctrl-C of the terminal comes to this process alone, which then ends each once
            )
            self._running.add(process)
            return process

    def _ended(self, process: "subprocess.Popen[bytes]") -> None:
        _close(process)
        process.wait()
        with self._lock:
            self._running.discard(process)


def _answer(process: "subprocess.Popen[bytes]", request: Request, tell: Tell) -> Verdicts | Unanswered | None:
    """Ask a process, hear how far it is, and return its answer; None where it ended without one."""
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdout as said, contextlib.suppress(BrokenPipeError, ValueError):  # ended at once, or closed meanwhile
        pickle.dump(request, process.stdin)
        process.stdin.flush()
        while True:
            message = _next(said)
            if not isinstance(message, Told):
                return message
            tell(message.what, message.done, message.size)
    return None


def _next(said: IO[bytes]) -> Told | Verdicts | Unanswered | None:
    try:
        found: Any = pickle.load(said)  # noqa: S301 - our own process wrote it, and no code of the version ran there
    except (EOFError, ValueError, pickle.UnpicklingError):
        return None
    return found if isinstance(found, Told | Verdicts | Unanswered) else None


def _close(process: "subprocess.Popen[bytes]") -> None:
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()


def _last_words(code: int, complaints: IO[bytes]) -> str:
    """Return why a process ended without an answer, as far as it said."""
    size = complaints.seek(0, 2)
    complaints.seek(max(0, size - _TAIL))
    lines = complaints.read().decode("utf-8", "replace").strip().splitlines()
    return f"its process ended with {code}" + (f": {lines[-1]}" if lines else "")
