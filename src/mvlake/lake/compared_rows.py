"""Compared rows: frames of one role and name in both versions, row by row."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from mvlake.compare.diff import Change, DataDiff, Diff
from mvlake.compare.row_changes import Matching, RowsDiff
from mvlake.errors import MvlakeError
from mvlake.handlers.lookup import handler_named
from mvlake.lake.load import guarded
from mvlake.lake.look import Look
from mvlake.lake.parts import Parts
from mvlake.lake.progress import Tell
from mvlake.lake.shelf import LakeShelf
from mvlake.records.artifact import Artifact
from mvlake.records.digest import Digest
from mvlake.records.node import read_node
from mvlake.records.version import Version

if TYPE_CHECKING:
    from mvlake.handlers.diffing.engine import Matched
    from mvlake.handlers.diffing.report import Frames
    from mvlake.handlers.diffing.side import Side
    from mvlake.handlers.remembering import Memory

T = TypeVar("T")
_Pair: TypeAlias = tuple[Digest, Digest, tuple[str, ...]]
"""What a and b are made of, and by which key their rows were asked for."""
_Known: TypeAlias = "tuple[Matched, frozenset[Digest]]"
"""Which rows are each other, and the objects that were looked at to know it."""
_KINDS = ("frame", "array")


def compare_rows(look: Look, diff: Diff) -> Diff:
    """Return the comparison with the rows of every frame that both versions have; what cannot be read is a problem."""
    data, problems = [], list(diff.problems)
    for one in diff.data:
        try:
            data.append(_with_rows(look, one))
        except MvlakeError as error:
            data.append(one)
            problems.append(f"rows of {one.role} {one.name}: {error.message}")
    return replace(diff, data=tuple(data), problems=tuple(problems))


def _with_rows(look: Look, one: DataDiff) -> DataDiff:
    if one.change is Change.UNCHANGED and one.a_rows is not None:
        # Equal content is equal rows, and nothing has to be read.
        return replace(one, rows=RowsDiff(Matching.POSITION, 0, 0, 0, 0, one.a_rows, (), (), 0, 0))
    if one.change is not Change.CHANGED or one.kind not in _KINDS:
        return one
    a, b = (_artifact(side.version, one, digest) for side, digest in ((look.a, one.a_digest), (look.b, one.b_digest)))
    if a is None or b is None:
        return one
    rows = of_frames(look.parts, (look.a.version, a), (look.b.version, b), look.key, look.tell, _diff_of)
    return replace(one, rows=rows)


def _diff_of(frames: "Frames", found: "Matched") -> RowsDiff:
    from mvlake.handlers.diffing.report import rows_diff  # loads pyarrow

    return rows_diff(frames, found)


def _artifact(version: Version, one: DataDiff, digest: Digest | None) -> Artifact | None:
    same = [artifact for artifact in version.artifact(one.name) if artifact.role.value == one.role and artifact.digest == digest]
    return same[0] if same else None


def of_frames(
    parts: Parts,
    a: tuple[Version, Artifact],
    b: tuple[Version, Artifact],
    key: Sequence[str],
    tell: Tell,
    ask: Callable[["Frames", "Matched"], T],
) -> T | None:
    """Return what is asked about two frames whose rows have been matched; None for what has no rows, or whose code is not run."""
    if not all(handler_named(artifact.handler).is_inert for _, artifact in (a, b)):
        return None

    def read() -> T | None:
        from mvlake.handlers.diffing.report import frames_of  # loads pyarrow
        from mvlake.handlers.remembering import Memory

        memory = Memory()
        sides = _side(parts, a[1], memory), _side(parts, b[1], memory)
        if sides[0] is None or sides[1] is None:
            return None
        frames = frames_of(sides[0], sides[1], key)
        what = f"comparing the rows of {b[1].name}"
        name = (a[1].object, b[1].object, tuple(key))
        known = _MATCHED.get(name)
        if known is None:
            found = frames.matched(lambda done, size: tell(what, done, size))
            _MATCHED.put(name, (found, frames.looked_at))
        else:
            found, looked_at = known
            frames.have_looked_at(looked_at)  # it took that to match them, then: the answer is the same each time
        return ask(frames, found)

    return guarded(parts, *b, lambda: guarded(parts, *a, read, trust=False), trust=False)


def _side(parts: Parts, artifact: Artifact, memory: "Memory") -> "Side | None":
    from mvlake.handlers.diffing.opened import opened  # loads pyarrow

    data = parts.objects.read(artifact.object)
    made = read_node(data) if artifact.is_node else data
    return opened(handler_named(artifact.handler), made, LakeShelf(parts), memory, protocol=artifact.protocol)


class _Matched:
    """The last few pairs of frames whose rows were matched, by content: whoever turns pages does not wait for it again."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: OrderedDict[_Pair, _Known] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: _Pair) -> "_Known | None":
        with self._lock:
            return self._found.get(name)

    def put(self, name: _Pair, found: "_Known") -> None:
        with self._lock:
            self._found[name] = found
            self._found.move_to_end(name)
            while len(self._found) > self._most:
                self._found.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._found.clear()


_MATCHED = _Matched(most=2)


def forget() -> None:
    """Forget which rows of which frames are each other: a benchmark asks anew."""
    _MATCHED.clear()
