"""Comparer: what a lake is asked about versions, or a version and a live frame."""

from collections.abc import Mapping, Sequence
from typing import Any, overload

from mvlake.compare.diff import Diff
from mvlake.compare.many import Many
from mvlake.compare.row_changes import RowsAsked, RowsPage
from mvlake.compare.varied import Varied
from mvlake.lake.arguments import checking_arguments
from mvlake.lake.later import compare, rows_between
from mvlake.lake.progress import Tell, tell_nobody
from mvlake.lake.receiver import Receiver
from mvlake.records.answers import Shown
from mvlake.records.digest import Digest


@checking_arguments
class Comparer(Receiver):
    """A lake that compares what it took."""

    @overload
    def compare(
        self,
        a: str = ...,
        b: str = ...,
        /,
        *,
        with_: Any = ...,
        frame: str | None = ...,
        cells: str = ...,
        key: Sequence[str] | str | None = ...,
        exact: bool = ...,
        quick: bool = ...,
        tell: Tell = ...,
    ) -> Diff: ...

    @overload
    def compare(
        self,
        *refs: str,
        with_: Any = ...,
        frame: str | None = ...,
        cells: str = ...,
        key: Sequence[str] | str | None = ...,
        exact: bool = ...,
        quick: bool = ...,
        tell: Tell = ...,
    ) -> Diff | Many: ...

    def compare(
        self,
        *refs: str,
        with_: Any = None,
        frame: str | None = None,
        cells: str = "slice",
        key: Sequence[str] | str | None = None,
        exact: bool = False,
        quick: bool = False,
        tell: Tell = tell_nobody,
    ) -> Diff | Many:
        """Return how the second version differs from the first; of one, how it differs from its parent; of none, of the last two.

        Three or more versions are a table: the rows that differ, and what each has. `with_` is a live frame to compare one version
        with (`{"df": df}` says its name, a path the file that holds it), `frame` which of the version's frames is meant. `cells`:
        "slice" for the code that they rest on, "all" for every cell that ran in their kernels until then. `key` names the columns
        by which the rows of a frame are known. `exact` counts every row where else a sample would do; a `quick` look reads what is
        told of the content alone.
        """
        return compare.compare(
            self._parts, refs, with_=with_, frame=frame, cells=cells, key=key, exact=exact, quick=quick, tell=tell
        )

    def last_two(self, name: str | None = None) -> tuple[str, str]:
        """Return the refs of the two versions that `compare` means without any: of a name, or of the newest version's."""
        earlier, last = compare.last_two(self._parts, name)
        return earlier.ref, last.ref

    def rows_between(
        self,
        a: str,
        b: str,
        name: str,
        *,
        role: str | None = None,
        key: Sequence[str] | str | None = None,
        op: str = "all",
        column: str | None = None,
        start: int = 0,
        count: int = 100,
    ) -> RowsPage:
        """Return some rows of a frame that differ: "all", or those "added", "removed", "changed" (in a column) or "moved"."""
        asked = RowsAsked(role=role, key=key, op=op, column=column, start=start, count=count)
        return rows_between.rows_between(self._parts, a, b, name, asked)

    def pictures(self, answer: Diff | Many | Shown | Varied) -> Mapping[Digest, bytes]:
        """Return the pictures that a comparison, or a version's answer, names: PNG by digest."""
        return compare.pictures(self._parts, answer.diff if isinstance(answer, Varied) else answer)
