"""Two frames in a real lake, and what is told of their rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from mvlake.compare.diff import DataDiff, Diff
from mvlake.handlers.diffing.edits import applied, edits_of
from mvlake.lake.compared_rows import of_frames
from mvlake.lake.lake import Lake
from mvlake.lake.progress import tell_nobody

NAME = "frames"


@dataclass(frozen=True)
class Kept:
    """A lake in which `frames:v1` holds one frame and `frames:v2` another, both called `df`."""

    lake: Lake

    def compare(self, a: int = 1, b: int = 2, **more: Any) -> Diff:
        return self.lake.compare(f"{NAME}:v{a}", f"{NAME}:v{b}", **more)

    def data(self, a: int = 1, b: int = 2, **more: Any) -> DataDiff:
        (found,) = self.compare(a, b, **more).data
        return found

    def rows(self, a: int = 1, b: int = 2, **more: Any) -> Any:
        found = self.data(a, b, **more).rows
        assert found is not None
        return found

    def page(self, a: int = 1, b: int = 2, **more: Any) -> Any:
        return self.lake.rows_between(f"{NAME}:v{a}", f"{NAME}:v{b}", "df", **more)

    def asked(self, ask: Callable[[Any, Any], Any], key: tuple[str, ...] = (), turned: bool = False) -> Any:
        versions = [self.lake.show(f"{NAME}:v{number}").entry.version for number in ((2, 1) if turned else (1, 2))]
        sides = [(version, version.artifact("df")[0]) for version in versions]
        return of_frames(self.lake._parts, sides[0], sides[1], key, tell_nobody, ask)

    def rebuilt(self, key: tuple[str, ...] = ()) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """Return the columns of b, as they are and as the complete difference makes them of a's."""

        def ask(frames: Any, found: Any) -> Any:
            ours = {one.name: one.read(0, frames.a.rows) for one in frames.a.columns}
            theirs = {one.name: one.read(0, frames.b.rows) for one in frames.b.columns}
            return theirs, applied(ours, edits_of(frames, found))

        return self.asked(ask, key)


@pytest.fixture
def kept(new_draft):
    """A function that keeps two frames."""

    def keep(a: Any, b: Any) -> Kept:
        return kept_in(Lake.in_memory(), a, b, new_draft)

    return keep


def kept_in(lake: Lake, a: Any, b: Any, new_draft: Any) -> Kept:
    for number, frame in enumerate((a, b)):
        lake.commit(new_draft(lake, NAME, source=f"df = make({number})", outputs={"df": frame}))
    return Kept(lake)
