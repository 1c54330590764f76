"""Head: where a repository is, and its commit and branch, read from git's own files. No program is run."""

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

_SMALL = 1 << 12
_PACKED = 1 << 26  # a million packed refs
_HOPS = 5
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REF = re.compile(r"refs/[^\0- \x7f~^:?*\[\\]{1,1000}")  # git-check-ref-format


@dataclass(frozen=True, slots=True)
class Repository:
    """`root` is the top of the working tree, None in a bare repository; `folder` has HEAD; `common` is shared by its worktrees."""

    root: Path | None
    folder: Path
    common: Path


@dataclass(frozen=True, slots=True)
class Head:
    """`commit` is "" before the first one, `branch` "" when HEAD is detached."""

    commit: str = ""
    branch: str = ""
    problem: str = ""


def repository_around(folder: Path) -> Repository | None:
    """Return the repository that git would find from here, None when there is none."""
    for place in (folder, *folder.parents):
        inside = place / ".git"
        pointed = _pointed(inside)
        if pointed is not None and _is_repository(pointed):
            return Repository(place, pointed, _common(pointed))
        if _is_repository(inside):
            return Repository(place, inside, _common(inside))
        if _is_repository(place):
            return Repository(None, place, place)
    return None


def head_of(repository: Repository) -> Head:
    """Return the commit and the branch that HEAD names."""
    text = _first_line(repository.folder / "HEAD")
    branch = ""
    for hop in range(_HOPS):
        if _COMMIT.fullmatch(text):
            return Head(text, branch)
        ref = text.removeprefix("ref:").strip()
        if not text.startswith("ref:") or not _REF.fullmatch(ref) or ".." in ref:
            return Head(branch=branch, problem="HEAD is unreadable" if hop == 0 else "")
        if ref == "refs/heads/.invalid":
            return Head(problem="its refs are in a reftable, which mvlake does not read")
        branch = branch or ref.removeprefix("refs/heads/")
        text = _first_line(repository.folder / ref) or _first_line(repository.common / ref) or _packed(repository.common, ref)
    return Head(branch=branch)


def _is_repository(folder: Path) -> bool:
    has_head = stat.S_ISREG(_mode(folder / "HEAD")) or (folder / "HEAD").is_symlink()
    common = _common(folder) if has_head else folder
    return has_head and stat.S_ISDIR(_mode(common / "objects")) and stat.S_ISDIR(_mode(common / "refs"))


def _pointed(file: Path) -> Path | None:
    """Return the folder that a `.git` file points at: worktrees and submodules have one."""
    line = _first_line(file)
    target = line.removeprefix("gitdir:").strip()
    return file.parent / target if line.startswith("gitdir:") and target else None


def _common(folder: Path) -> Path:
    return folder / (_first_line(folder / "commondir") or ".")


def _packed(common: Path, ref: str) -> str:
    for line in small_text(common / "packed-refs", _PACKED).splitlines():
        commit, _, name = line.partition(" ")
        if name == ref:
            return commit
    return ""


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except (OSError, ValueError):
        return 0


def _first_line(path: Path) -> str:
    return small_text(path).partition("\n")[0].strip()


def small_text(path: Path, limit: int = _SMALL) -> str:
    """Return the beginning of a regular file, "" for anything else: opening a pipe would wait for a writer for ever."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError):
        return ""
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return ""
        with open(handle, "rb", closefd=False) as file:
            return file.read(limit).decode("utf-8", "replace")
    except OSError:
        return ""
    finally:
        os.close(handle)
