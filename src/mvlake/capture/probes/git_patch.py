"""Patch: what the files that git follows have in them that the last commit has not, as a unified diff, worked out here.

`git diff` runs programs that the repository names. So git is asked for the committed contents alone (`cat-file`, which runs
nothing), and the difference is found by our own line diff. What is large, binary or a notebook is named, and not shown.
"""

import os
import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from mvlake.compare.diff import Line
from mvlake.compare.lines import diff_lines

Read: TypeAlias = Callable[[Sequence[bytes]], Mapping[bytes, bytes]]

MAX_PATCH = 1 << 20  # bytes
_MAX_FILE = 512 << 10
_MAX_FILES = 200
_LOOK = 8000  # bytes in which git looks for a zero byte, too
_CONTEXT = 3
_REGULAR = (b"100644", b"100755")


@dataclass(frozen=True, slots=True)
class Committed:
    """A path of the last commit."""

    mode: bytes
    digest: bytes


def committed_in(tree: bytes) -> dict[bytes, Committed]:
    """Return the paths that `git ls-tree -r -z` lists."""
    found = {}
    for line in tree.split(b"\0"):
        facts, _, path = line.partition(b"\t")
        if path:
            mode, _, digest = facts.split(b" ")
            found[path] = Committed(mode, digest)
    return found


def followed(changed: Iterable[bytes], committed: Mapping[bytes, Committed], indexed: Iterable[bytes]) -> list[bytes]:
    """Return the changed paths that git follows: those of the last commit, and those added since."""
    known = committed.keys() | set(indexed)
    return sorted(path for path in changed if path in known and b".." not in path.split(b"/") and not path.startswith(b"/"))


def patch_of(
    root: Path,
    paths: Sequence[bytes],
    committed: Mapping[bytes, Committed],
    read: Callable[[Sequence[bytes]], Mapping[bytes, bytes]],
) -> bytes:
    """Return the patch of these paths. `read` gives the committed contents by git's digests; what it leaves out is too large."""
    shown = paths[:_MAX_FILES]
    wanted = [one.digest for path in shown if (one := committed.get(path)) and one.mode in _REGULAR and not _is_notebook(path)]
    before = read(wanted)
    parts: list[bytes] = []
    size = 0
    for place, path in enumerate(shown):
        part = _part(root, path, committed.get(path), before)
        size += len(part)
        if size > MAX_PATCH:
            return b"".join(parts) + b"# the patch is cut here: %d more files differ\n" % (len(paths) - place)
        parts.append(part)
    if len(paths) > len(shown):
        parts.append(b"# the patch is cut here: %d more files differ\n" % (len(paths) - len(shown)))
    return b"".join(parts)


def read_batch(answer: bytes) -> dict[bytes, bytes]:
    """Return the contents by name that `git cat-file --batch` writes, one after another."""
    found: dict[bytes, bytes] = {}
    at = 0
    while at < len(answer):
        end = answer.index(b"\n", at)
        name, kind, *size = answer[at:end].split(b" ")
        at = end + 1
        if size:  # else: `<name> missing`
            length = int(size[0])
            if kind == b"blob":
                found[name] = answer[at : at + length]
            at += length + 1
    return found


def _part(root: Path, path: bytes, known: Committed | None, before: Mapping[bytes, bytes]) -> bytes:
    file = os.path.join(os.fsencode(root), path)  # noqa: PTH118 - a path of bytes
    now, is_there = _content(file), os.path.lexists(file)
    old = b"" if known is None else before.get(known.digest) if known.mode in _REGULAR else None
    if _is_notebook(path):
        return b"# not shown, a notebook: %s\n" % _escaped(path)
    if old is None or (now is None and is_there) or b"\0" in old[:_LOOK] or b"\0" in (now or b"")[:_LOOK]:
        return b"# not shown, binary or large: %s\n" % _escaped(path)
    if known is None and now is None:
        return b""  # added, and gone again
    body = _hunks(_rows(diff_lines(_text(old), _text(_with_ends_of(old, now or b"")))))
    a, b = _named(b"a/", path), _named(b"b/", path)
    head = b"diff --git %s %s\n" % (a, b)
    if known is None:
        head, a = head + b"new file mode 100644\n", b"/dev/null"
    elif now is None:
        head, b = head + b"deleted file mode %s\n" % known.mode, b"/dev/null"
    elif not body:
        return b"# other rights or line ends: %s\n" % _escaped(path)
    return head + (b"--- %s\n+++ %s\n%s" % (a, b, body) if body else b"")


def _is_notebook(path: bytes) -> bool:
    return path.lower().endswith(b".ipynb")


def _content(path: bytes) -> bytes | None:
    """Return the bytes of a regular file that is not large; None for anything else."""
    try:
        handle = os.open(
            path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        )
    except (OSError, ValueError):
        return None
    with os.fdopen(handle, "rb") as file:
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                return None
            data = file.read(_MAX_FILE + 1)
        except OSError:
            return None
    return None if len(data) > _MAX_FILE else data


def is_small(size: int) -> bool:
    """True for a content of which the difference is shown."""
    return size <= _MAX_FILE


def _with_ends_of(old: bytes, now: bytes) -> bytes:
    """Return the content with git's line ends where the checkout has those of Windows, as git would."""
    return now.replace(b"\r\n", b"\n") if b"\r" not in old and now.count(b"\n") == now.count(b"\r\n") else now


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _named(side: bytes, path: bytes) -> bytes:
    """Return a path as git writes it: in quotes where it holds what would end a line."""
    escaped = _escaped(path)
    return side + path if escaped == path else b'"%s%s"' % (side, escaped)


def _escaped(path: bytes) -> bytes:
    odd = {ord(one): b"\\" + name for one, name in (("\n", b"n"), ("\r", b"r"), ("\t", b"t"), ('"', b'"'), ("\\", b"\\"))}
    return b"".join(odd.get(one) or (b"%c" % one if one >= 32 and one != 127 else b"\\%03o" % one) for one in path)


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a patch. `ends` says that a newline follows it."""

    op: str
    text: str
    ends: bool


def _rows(lines: Sequence[Line]) -> list[_Row]:
    """Return the lines as a patch counts them: the empty line after a last newline is none, and a missing newline is told."""
    last = {side: next((at for at in range(len(lines) - 1, -1, -1) if lines[at].op in (" ", side)), -1) for side in "-+"}
    rows: list[_Row] = []
    for at, line in enumerate(lines):
        sides = [side for side in "-+" if line.op in (" ", side)]
        told = [_Row(side, line.text, at != last[side]) for side in sides if line.text or at != last[side]]
        if len(told) == 2 and told[0].ends == told[1].ends:
            told = [_Row(" ", line.text, told[0].ends)]
        rows += told
    return rows


def _hunks(rows: Sequence[_Row]) -> bytes:
    """Return the changes with three lines around them."""
    changed = [at for at, row in enumerate(rows) if row.op != " "]
    told: list[str] = []
    start = 0
    while start < len(changed):
        stop = start
        while stop + 1 < len(changed) and changed[stop + 1] - changed[stop] <= 2 * _CONTEXT:
            stop += 1
        first, end = max(changed[start] - _CONTEXT, 0), changed[stop] + _CONTEXT + 1
        told += _hunk(rows[:first], rows[first:end])
        start = stop + 1
    return "".join(told).encode("utf-8", "surrogateescape")


def _hunk(before: Sequence[_Row], rows: Sequence[_Row]) -> list[str]:
    spans = []
    for side in "-+":
        skipped, count = (sum(row.op in (" ", side) for row in part) for part in (before, rows))
        spans.append(f"{side}{skipped + 1 if count else skipped},{count}")
    lines = [f"{row.op}{row.text}\n" if row.ends else f"{row.op}{row.text}\n\\ No newline at end of file\n" for row in rows]
    return [f"@@ {' '.join(spans)} @@\n", *lines]
