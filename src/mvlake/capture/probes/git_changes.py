"""Changes: which paths differ from the last commit, worked out from git's listings.

`git status`, `git diff` and `git ls-files --modified` run programs that the repository names (file-system monitor, external diff,
clean filters), and a repository may be anybody's. So git only lists its index and its last tree, and files are compared
here: by size and times as git does, and by content where those leave a doubt. What a filter would make of a file is not known: one
that is stored through a filter and was touched, but not altered, counts as changed.
"""

import hashlib
import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mvlake.capture.probes.git_head import head_of, repository_around
from mvlake.lake import clock

_INDEX_ENTRY = re.compile(
    rb"([0-7]{6}) ([0-9a-f]+) ([0-3])\t([^\0]+)\0"
    rb"  ctime: (\d+):(\d+)\n  mtime: (\d+):(\d+)\n"
    rb"  dev: \d+\tino: \d+\n  uid: \d+\tgid: \d+\n  size: (\d+)\tflags: ([0-9a-f]+)\n"
)
_NOT_LOOKED_AT = 0x8000 | 0x4000_0000  # assume-unchanged, skip-worktree (sparse checkouts)
_SUBMODULE, _SYMLINK, _EXECUTABLE = b"160000", b"120000", b"100755"
_SECOND = 1_000_000_000
_SIZE = 1 << 32  # git keeps sizes modulo 2**32
_BLOCK = 1 << 20


class TookTooLong(Exception):
    """The deadline passed."""


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One path of the index, with what the file looked like when git last compared it; times are in nanoseconds."""

    path: bytes
    mode: bytes
    digest: bytes
    is_conflict: bool
    ctime: int
    mtime: int
    size: int
    is_looked_at: bool


@dataclass(frozen=True, slots=True)
class WorkingTree:
    """The files to compare. `index_mtime` tells which of them changed too soon after git's last look to trust their times."""

    root: Path
    index_mtime: int
    trusts_modes: bool
    deadline: float


def read_index(listing: bytes) -> list[IndexEntry]:
    """Return the entries that `git ls-files --stage --debug -z` lists; ValueError when it writes in another form."""
    entries, end = [], 0
    for match in _INDEX_ENTRY.finditer(listing):
        if match.start() != end:
            break
        end = match.end()
        mode, digest, stage, path, *numbers, flags = match.groups()
        ctime, ctime_ns, mtime, mtime_ns, size = map(int, numbers)
        entries.append(
            IndexEntry(
                path,
                mode,
                digest,
                stage != b"0",
                ctime * _SECOND + ctime_ns,
                mtime * _SECOND + mtime_ns,
                size,
                not int(flags, 16) & _NOT_LOOKED_AT,
            )
        )
    if end != len(listing):
        raise ValueError("git lists its index in an unknown form")
    return entries


def staged(entries: Iterable[IndexEntry], tree: bytes) -> set[bytes]:
    """Return the paths whose entry in the index is not that of the last commit, as `git ls-tree -r -z` lists it."""
    committed = set()
    for line in tree.split(b"\0"):
        facts, _, path = line.partition(b"\t")
        if path:
            mode, _, digest = facts.split(b" ")
            committed.add((path, mode, digest))
    now = {(entry.path, entry.mode, entry.digest) for entry in entries}
    return {path for path, _, _ in now ^ committed} | {entry.path for entry in entries if entry.is_conflict}


def unstaged(entries: Iterable[IndexEntry], tree: WorkingTree) -> Iterator[bytes]:
    """Yield the paths whose file is not what the index has. Raises TookTooLong."""
    root = os.fsencode(tree.root)
    for entry in entries:
        if clock.steady() > tree.deadline:
            raise TookTooLong
        if entry.is_looked_at and not entry.is_conflict and _differs(entry, os.path.join(root, entry.path), tree):  # noqa: PTH118
            yield entry.path


def _differs(entry: IndexEntry, path: bytes, tree: WorkingTree) -> bool:
    try:
        found = os.lstat(path)
    except (OSError, ValueError):
        return True
    if entry.mode == _SUBMODULE:
        return _is_submodule_elsewhere(entry, path, found)
    if entry.mode == _SYMLINK:
        return not stat.S_ISLNK(found.st_mode) or _digest(entry, os.readlink(path)) != entry.digest  # noqa: PTH115 - a path of bytes
    if not stat.S_ISREG(found.st_mode):
        return True
    if tree.trusts_modes and bool(found.st_mode & stat.S_IXUSR) != (entry.mode == _EXECUTABLE):
        return True
    # Size 0 is how git marks an entry that it could not tell by its times.
    if entry.size not in (0, found.st_size % _SIZE):
        return True
    is_as_it_was = (
        entry.size == found.st_size % _SIZE
        and _same_time(entry.mtime, found.st_mtime_ns)
        and _same_time(entry.ctime, found.st_ctime_ns)
        and found.st_mtime_ns < tree.index_mtime
    )
    return not is_as_it_was and not _has_content(entry, path, tree.deadline)


def _same_time(known: int, found: int) -> bool:
    # Some builds of git keep whole seconds.
    return known == found or (known % _SECOND == 0 and known == found - found % _SECOND)


def _is_submodule_elsewhere(entry: IndexEntry, path: bytes, found: os.stat_result) -> bool:
    """Return whether a submodule is at another commit; changes inside of it are its own."""
    if not stat.S_ISDIR(found.st_mode):
        return True
    folder = Path(os.fsdecode(path))
    inside = repository_around(folder)
    if inside is None or inside.root != folder:
        return False  # not checked out
    return head_of(inside).commit.encode() != entry.digest


def _has_content(entry: IndexEntry, path: bytes, deadline: float) -> bool:
    """Return whether a file's bytes are those of the entry, as they are or with the line ends of Windows made into git's."""
    if b".." in entry.path.split(b"/") or entry.path.startswith(b"/"):
        return False
    try:
        handle = os.open(
            path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        )
        with os.fdopen(handle, "rb") as file:
            blocks = []
            while block := file.read(_BLOCK):
                blocks.append(block)
                if clock.steady() > deadline:
                    raise TookTooLong
    except OSError:
        return False
    data = b"".join(blocks)
    if _digest(entry, data) == entry.digest:
        return True
    return b"\r\n" in data and _digest(entry, data.replace(b"\r\n", b"\n")) == entry.digest


def _digest(entry: IndexEntry, data: bytes) -> bytes:
    """Return git's name for these bytes, in the kind of digest that the entry has."""
    kind = "sha256" if len(entry.digest) == 64 else "sha1"
    return hashlib.new(kind, b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest().encode()
