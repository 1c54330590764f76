"""Git: commit, branch, and what has changed since, without running anything that the repository's configuration names."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from threading import Event, Thread
from typing import Self

from mvlake.capture.probes.git_changes import TookTooLong, WorkingTree, read_index, staged, unstaged
from mvlake.capture.probes.git_head import Head, Repository, head_of, repository_around, small_text
from mvlake.records.environment import Git

TIMEOUT = 2.0
MAX_CHANGED = 200
_PATIENCE = 60.0  # how long git may go on behind a cell that runs
_PATIENCE_WITH_SLOW = 0.05  # how long a cell waits for a repository that has been too slow before
_MAX_COMPLAINT = 300
_CONFIG = 1 << 20
_FIXED = (
    "--no-pager",
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.untrackedCache=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
)
_INDEX = ("ls-files", "--stage", "--debug", "-z")
_TREE = ("ls-tree", "-r", "-z", "--full-tree", "HEAD")
# A lake is no change of its repository.
_UNTRACKED = ("ls-files", "--others", "--exclude-standard", "--exclude=.mvlake", "--directory", "--no-empty-directory", "-z")
_KEPT = ("GIT_CONFIG_", "GIT_EXEC_PATH")
_slow: set[Path] = set()  # what the kernel has learned about its repositories; nobody waits twice


class GitProbe:
    """The state of the repository around a folder as the cell begins: asked for early and collected late, git works meanwhile."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)
        self._repository: Repository | None = None
        self._head = Head()
        self._answer: Git | None = Git(problem="git was not asked")
        self._processes: list[subprocess.Popen[bytes]] = []
        self._is_given_up = False
        self._is_done = Event()

    def start(self) -> Self:
        """Ask git, without waiting."""
        try:
            Thread(target=self._work, name="mvlake-git", daemon=True).start()
        except RuntimeError:  # no more threads, or the interpreter is going
            self._is_done.set()
        return self

    def collect(self, timeout: float = TIMEOUT) -> Git | None:
        """Return what git said, None outside of a repository.

        What takes longer than the time-out (seconds) becomes a `problem`, and the next wait for this repository is short.
        """
        if not self._is_done.is_set():
            known = self._repository
            is_slow = known is not None and known.folder in _slow
            if not self._is_done.wait(min(timeout, _PATIENCE_WITH_SLOW) if is_slow else timeout):
                self._give_up()
                return Git(self._head.commit, self._head.branch, problem="git took too long")
        return self._answer

    def _give_up(self) -> None:
        self._is_given_up = True
        if self._repository is not None:
            _slow.add(self._repository.folder)
        for process in list(self._processes):
            process.kill()  # the thread that reads from it reaps it

    def _work(self) -> None:
        try:
            self._answer = self._read()
        except Exception as error:  # noqa: BLE001 - a probe never raises: whatever it is, it is the answer
            self._answer = Git(
                self._head.commit, self._head.branch, problem=f"git is unreadable: {type(error).__name__}: {error}"[:_MAX_COMPLAINT]
            )
        finally:
            self._is_done.set()

    def _read(self) -> Git | None:
        self._repository = repository = repository_around(self._folder.absolute())
        if repository is None:
            return None
        self._head = head = head_of(repository)
        if repository.root is None or head.problem:
            return Git(head.commit, head.branch, problem=head.problem)
        try:
            changed = self._changed(repository, repository.root)
        except (_Refused, ValueError) as error:
            return Git(head.commit, head.branch, problem=str(error))
        except TookTooLong:
            return Git(head.commit, head.branch, problem="git took too long")
        _slow.discard(repository.folder)
        paths = sorted(path.decode("utf-8", "replace") for path in changed)
        return Git(head.commit, head.branch, bool(paths), tuple(paths[:MAX_CHANGED]))

    def _changed(self, repository: Repository, root: Path) -> set[bytes]:
        deadline = time.monotonic() + _PATIENCE
        tree = WorkingTree(root, _mtime(repository.folder / "index"), _trusts_modes(repository.common), deadline)
        program = _program()
        try:
            asked = [self._ask(program, root, words) for words in (_INDEX, _UNTRACKED, *([_TREE] if self._head.commit else []))]
            index, untracked, *committed = [self._heard(process, deadline) for process in asked]
        finally:
            for process in self._processes:
                _end(process)
        entries = read_index(index)
        found = staged(entries, b"".join(committed)) | set(untracked.split(b"\0")) - {b""}
        for path in unstaged(entries, tree):
            found.add(path)
            if self._is_given_up:
                raise TookTooLong
        return found

    def _ask(self, program: str, root: Path, words: tuple[str, ...]) -> subprocess.Popen[bytes]:
        try:
            process = subprocess.Popen(  # noqa: S603 - our own words, no shell
                [program, *_FIXED, *words],
                cwd=root,
                env=_environment(os.environ, root),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,  # an interrupt of the cell is not meant for git
            )
        except OSError as error:
            raise _Refused(f"git cannot be run: {error.strerror}") from error
        self._processes.append(process)
        return process

    def _heard(self, process: subprocess.Popen[bytes], deadline: float) -> bytes:
        if self._is_given_up:
            process.kill()
        try:
            answer, complaint = process.communicate(timeout=max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired as error:
            raise TookTooLong from error
        if self._is_given_up:
            raise TookTooLong
        if process.returncode:
            raise _Refused(_first_line(complaint))
        return answer


class _Refused(Exception):
    """Git gave no answer; the message says why."""


def git_state(folder: str, timeout: float = TIMEOUT) -> Git | None:
    """Return the state of the repository around a folder, None when there is none."""
    return GitProbe(folder).start().collect(timeout)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Leave neither a process nor a pipe behind, whatever was read."""
    process.kill()
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()
    process.wait()


def _program() -> str:
    found = shutil.which("git")
    # A relative entry of PATH would be looked up in the repository itself.
    if found is None or not Path(found).is_absolute():
        raise _Refused("git is not installed")
    return found


def _environment(environ: Mapping[str, str], root: Path) -> dict[str, str]:
    """Return an environment in which git looks at this repository alone, writes nothing, fetches nothing and asks nobody.

    The user's own configuration stays: it says which folders are safe.
    """
    kept = {name: value for name, value in environ.items() if not name.startswith("GIT_") or name.startswith(_KEPT)}
    kept.pop("GIT_CONFIG_PARAMETERS", None)  # the -c of a git that runs us
    kept.pop("GIT_CONFIG", None)
    return {
        **kept,
        "GIT_CEILING_DIRECTORIES": str(root.parent),
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",  # a git that does not know the line above would fetch what a partial clone lacks
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }


def _mtime(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _trusts_modes(common: Path) -> bool:
    """Return whether the executable bit means anything here: git finds out when it makes a repository, and writes it down."""
    return not re.search(r"(?im)^\s*filemode\s*=\s*(?:false|no|off|0)\s*$", small_text(common / "config", _CONFIG))


def _first_line(complaint: bytes) -> str:
    lines = complaint.decode("utf-8", "replace").strip().splitlines()
    return f"git refused: {lines[0].removeprefix('fatal: ')}"[:_MAX_COMPLAINT] if lines else "git refused"
