"""Git: commit, branch and what has changed since, without running anything that the repository's configuration names.

`git diff` and `git status` run file-system monitors, external diffs and filters of the repository, which may be anybody's. Listing
the index and the tree does not: contents are compared by the digests that git itself keeps, and by the files' times.
"""

import contextlib
import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from mvlake.records.environment import Git

TIMEOUT = 2.0
MAX_CHANGED = 200
_LISTS = {
    "unstaged": ("ls-files", "--modified", "--deleted", "-z", "--full-name"),
    "untracked": ("ls-files", "--others", "--exclude-standard", "-z", "--full-name"),
    "index": ("ls-files", "--stage", "-z", "--full-name"),
    "tree": ("ls-tree", "-r", "-z", "--full-tree", "HEAD"),
}
_FIXED = ("git", "--no-pager", "--literal-pathspecs", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")


class GitProbe:
    """The state of the repository around a folder, asked for early and collected late: git works while the cell does."""

    def __init__(self, folder: str) -> None:
        self._root = _root(Path(folder))
        self._asked: dict[str, subprocess.Popen[bytes]] = {}
        self._problem = ""

    def start(self) -> Self:
        """Ask git, without waiting."""
        if self._root is None:
            return self
        try:
            for name, words in _LISTS.items():
                self._asked[name] = subprocess.Popen(  # noqa: S603 - our own words, no shell, and git's own configuration is kept out
                    [*_FIXED, *words],
                    cwd=self._root,
                    env=_environment(os.environ),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                )
        except OSError as error:
            self._problem = f"git cannot be run: {error.strerror}"
        return self

    def collect(self, timeout: float = TIMEOUT) -> Git | None:
        """Return what git said, None outside of a repository. Whatever takes longer than the time-out becomes a `problem`."""
        if self._root is None:
            return None
        answers, problem = self._answers(time.monotonic() + timeout)
        commit, branch = _head(_git_folder(self._root))
        if problem and not commit:
            return Git(problem=problem)
        changed = sorted({*_paths(answers["unstaged"]), *_paths(answers["untracked"]), *_staged(answers["index"], answers["tree"])})
        return Git(commit, branch, bool(changed), tuple(changed[:MAX_CHANGED]), problem)

    def _answers(self, deadline: float) -> tuple[dict[str, bytes], str]:
        answers, problem = dict.fromkeys(_LISTS, b""), self._problem
        for name, process in self._asked.items():
            try:
                answers[name], complaint = process.communicate(timeout=max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                problem = problem or "git took too long"
                continue
            if process.returncode and name != "tree":  # before the first commit there is no tree, which is no problem
                problem = problem or _first_line(complaint)
        return answers, problem


def git_state(folder: str, timeout: float = TIMEOUT) -> Git | None:
    """Return the state of the repository around a folder, None when there is none."""
    return GitProbe(folder).start().collect(timeout)


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which git looks at the folder that it is given, writes nothing, and asks nobody."""
    kept = {name: value for name, value in environ.items() if not name.startswith("GIT_")}
    return {**kept, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


def _root(folder: Path) -> Path | None:
    for parent in (folder, *folder.parents):
        with contextlib.suppress(OSError):
            if (parent / ".git").exists():
                return parent
    return None


def _git_folder(root: Path) -> Path:
    """Return where HEAD is: in `.git`, or where the file of that name points (worktrees, submodules)."""
    place = root / ".git"
    if place.is_file():
        text = _text(place)
        if text.startswith("gitdir:"):
            return (root / text.removeprefix("gitdir:").strip()).absolute()
    return place


def _head(folder: Path) -> tuple[str, str]:
    """Return commit and branch, read from git's own files; the branch is "" on a detached HEAD, the commit before the first one."""
    head = _text(folder / "HEAD").strip()
    if not head.startswith("ref:"):
        return (head if _is_commit(head) else ""), ""
    ref = head.removeprefix("ref:").strip()
    branch = ref.removeprefix("refs/heads/")
    if ".." in ref or ref.startswith("/"):
        return "", branch
    common = folder / (_text(folder / "commondir").strip() or ".")
    for place in (folder, common):
        commit = _text(place / ref).strip()
        if _is_commit(commit):
            return commit, branch
    for line in _text(common / "packed-refs").splitlines():
        commit, _, name = line.partition(" ")
        if name == ref and _is_commit(commit):
            return commit, branch
    return "", branch


def _is_commit(text: str) -> bool:
    return len(text) in (40, 64) and all(digit in "0123456789abcdef" for digit in text)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _paths(listing: bytes) -> list[str]:
    return [path.decode("utf-8", "replace") for path in listing.split(b"\0") if path]


def _staged(index: bytes, tree: bytes) -> set[str]:
    """Return the paths whose entry in the index is not that of the last commit."""
    # A line of the index: mode, digest, stage, tab, path. One of the tree: mode, kind, digest, tab, path.
    staged = set()
    for line in index.split(b"\0"):
        facts, _, path = line.partition(b"\t")
        if path:
            mode, digest, _ = facts.split(b" ")
            staged.add((path, mode, digest))
    committed = set()
    for line in tree.split(b"\0"):
        facts, _, path = line.partition(b"\t")
        if path:
            mode, _, digest = facts.split(b" ")
            committed.add((path, mode, digest))
    return {path.decode("utf-8", "replace") for path, _, _ in staged ^ committed}


def _first_line(complaint: bytes) -> str:
    lines = complaint.decode("utf-8", "replace").strip().splitlines()
    return f"git refused: {lines[0].removeprefix('fatal: ')[:300]}" if lines else "git refused"
