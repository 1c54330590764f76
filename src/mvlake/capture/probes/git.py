"""Git: commit, branch, remote, and what has changed since, without running anything that the repository's configuration names."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Event, Thread
from typing import Self

from mvlake.capture.probes.git_changes import TookTooLong, WorkingTree, read_index, staged, unstaged
from mvlake.capture.probes.git_head import Head, Repository, head_of, repository_around, small_text
from mvlake.capture.probes.git_patch import committed_in, followed, is_small, patch_of, read_batch
from mvlake.capture.probes.git_remote import remote_of
from mvlake.capture.probes.git_standing import Standing
from mvlake.lake import clock
from mvlake.records.environment import Git

TIMEOUT = 2.0
PATCH_TIMEOUT = 0.5
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
_SIZES = ("cat-file", "--batch-check")
_CONTENTS = ("cat-file", "--batch")
_KEPT = ("GIT_CONFIG_", "GIT_EXEC_PATH")
_patches: dict[object, bytes] = {}  # the last one
_slow: set[Path] = set()  # what the kernel has learned about its repositories; nobody waits twice


class GitProbe:
    """The state of the repository around a folder as the cell begins: asked for early and collected late, git works meanwhile."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._repository: Repository | None = None
        self._head = Head()
        self._answer: Git | None = Git(problem="git was not asked")
        self._processes: list[subprocess.Popen[bytes]] = []
        self._remote = ""
        self._standing: Standing | None = None
        self._patch = b""
        self._is_patched = Event()
        self._is_given_up = False
        self._is_done = Event()

    def start(self) -> Self:
        """Ask git, without waiting."""
        try:
            Thread(target=self._work, name="mvlake-git", daemon=True).start()
        except RuntimeError:  # no more threads, or the interpreter is going
            self._is_done.set()
            self._is_patched.set()
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
                return self._without("git took too long")
        return self._answer

    def patch(self, timeout: float = PATCH_TIMEOUT) -> bytes | None:
        """Return how the files that git follows differ from the last commit; None when that cannot be told in time (seconds)."""
        return self._patch if self._is_patched.wait(timeout) and self._standing is not None else None

    def standing(self) -> Standing | None:
        """Return which files git follows and which have changed; None when that is not known."""
        return self._standing

    def _without(self, problem: str) -> Git:
        return Git(self._head.commit, self._head.branch, problem=problem, remote=self._remote)

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
            self._answer = self._without(f"git is unreadable: {type(error).__name__}: {error}"[:_MAX_COMPLAINT])
        finally:
            self._is_done.set()
        try:
            if self._standing is not None:
                self._patch = self._patch_of(self._standing)
        except Exception:  # noqa: BLE001 - as above; that files differ is told all the same
            self._standing = None
        finally:
            self._is_patched.set()

    def _read(self) -> Git | None:
        self._repository = repository = repository_around(Path(self.folder).absolute())
        if repository is None:
            return None
        self._head = head = head_of(repository)
        self._remote = remote_of(repository, head.branch)
        if repository.root is None or head.problem:
            return self._without(head.problem)
        try:
            changed = self._changed(repository, repository.root)
        except (_Refused, ValueError) as error:
            return self._without(str(error))
        except TookTooLong:
            return self._without("git took too long")
        _slow.discard(repository.folder)
        paths = sorted(path.decode("utf-8", "replace") for path in changed)
        return Git(head.commit, head.branch, bool(paths), tuple(paths[:MAX_CHANGED]), remote=self._remote)

    def _changed(self, repository: Repository, root: Path) -> set[bytes]:
        deadline = clock.steady() + _PATIENCE
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
        self._standing = Standing(root, found, {entry.path: entry.mode for entry in entries}, b"".join(committed))
        return found

    def _patch_of(self, standing: Standing) -> bytes:
        """Return the patch, worked out once for the same files: most cells find them as the cell before did."""
        committed = committed_in(standing.tree)
        paths = followed(standing.changed, committed, standing.indexed)
        key = (standing.root, tuple((path, committed.get(path), _look(standing.root, path)) for path in paths))
        if key not in _patches:
            found = patch_of(standing.root, paths, committed, self._contents) if paths else b""
            _patches.clear()
            _patches[key] = found
        return _patches[key]

    def _contents(self, digests: Sequence[bytes]) -> Mapping[bytes, bytes]:
        """Return the contents that git has under these names, without those that are large."""
        if not digests or self._standing is None:
            return {}
        deadline = clock.steady() + TIMEOUT
        asked = b"".join(digest + b"\n" for digest in dict.fromkeys(digests))
        sizes = self._talk(_SIZES, asked, deadline).split(b"\n")
        small = [words[0] for line in sizes if len(words := line.split(b" ")) == 3 and is_small(int(words[2]))]
        return read_batch(self._talk(_CONTENTS, b"".join(digest + b"\n" for digest in small), deadline)) if small else {}

    def _talk(self, words: tuple[str, ...], said: bytes, deadline: float) -> bytes:
        assert self._standing is not None
        process = self._ask(_program(), self._standing.root, words, listens=True)
        try:
            return self._heard(process, deadline, said)
        finally:
            _end(process)

    def _ask(self, program: str, root: Path, words: tuple[str, ...], *, listens: bool = False) -> subprocess.Popen[bytes]:
        try:
            process = subprocess.Popen(  # noqa: S603 - our own words, no shell
                [program, *_FIXED, *words],
                cwd=root,
                env=_environment(os.environ, root),
                stdin=subprocess.PIPE if listens else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,  # an interrupt of the cell is not meant for git
            )
        except OSError as error:
            raise _Refused(f"git cannot be run: {error.strerror}") from error
        self._processes.append(process)
        return process

    def _heard(self, process: subprocess.Popen[bytes], deadline: float, said: bytes | None = None) -> bytes:
        if self._is_given_up:
            process.kill()
        try:
            answer, complaint = process.communicate(said, timeout=max(0.0, deadline - clock.steady()))
        except subprocess.TimeoutExpired as error:
            raise TookTooLong from error
        if self._is_given_up:
            raise TookTooLong
        if process.returncode:
            raise _Refused(_first_line(complaint))
        return answer


class _Refused(Exception):
    """Git gave no answer; the message says why."""


def _look(root: Path, path: bytes) -> tuple[int, int, int] | None:
    """Return by what a file is told from the same file at another time."""
    try:
        found = os.lstat(os.path.join(os.fsencode(root), path))  # noqa: PTH118 - a path of bytes
    except (OSError, ValueError):
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def git_state(folder: str, timeout: float = TIMEOUT) -> Git | None:
    """Return the state of the repository around a folder, None when there is none."""
    return GitProbe(folder).start().collect(timeout)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Leave neither a process nor a pipe behind, whatever was read."""
    process.kill()
    for pipe in (process.stdin, process.stdout, process.stderr):
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
