"""Items: what pytest runs of a version: its replay, and each thing that was recorded of it.

The version is replayed once, when the first of its items is set up. So one that could not be replayed is an error, one that
made something else a failure, and what nobody can compare is skipped.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from mvlake.compare.judge import judge
from mvlake.errors import MvlakeError
from mvlake.lake.lake import Lake
from mvlake.records.answers import Shown, Verdicts
from mvlake.records.closeness import Closeness
from mvlake.records.events import Verdict, VerdictItem
from mvlake.view.judged import failure_text, first_line

ROOT = "mvlake"
_REPLAY = "replay"


class Versions(pytest.Collector):
    """All versions of a run."""

    def collect(self) -> list[pytest.Item | pytest.Collector]:
        """Return nothing: the suite has the versions."""
        return []


class ReplayedVersion(pytest.Collector):
    """One version, named as it was asked for."""

    def __init__(self, *, lake: Lake, shown: Shown, accept: Verdict, options: Mapping[str, Any], **node: Any) -> None:
        super().__init__(**node)
        self.accept, self.ref = accept, shown.entry.ref
        self._lake, self._options = lake, options
        self._things = _things(shown)
        self._answer: Verdicts | None = None
        self._problem = ""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item for the replay itself, and one for each thing that it will be judged by."""
        yield Replay.from_parent(self, name=_REPLAY)
        for kind, name in self._things:
            yield Judged.from_parent(self, name=f"{kind} {name}", thing=(kind, name))

    def replayed(self) -> Verdicts:
        """Return the verdict, of a replay that runs when it is first asked for; pytest's failure where there is none."""
        if self._answer is None and not self._problem:
            try:
                answer = self._lake.replay(self.ref, **self._options)
                assert isinstance(answer, Verdicts)
                self._answer = answer
            except MvlakeError as error:
                self._problem = str(error)
        if self._answer is None:
            pytest.fail(self._problem, pytrace=False)
        items = self._answer.replayed.items
        if not any((item.kind, item.name) in self._things for item in items):
            reason = "; ".join(f"{item.kind} {item.name}: {item.reason}" for item in items) or self._answer.error
            pytest.fail(f"{self.ref} could not be replayed: {first_line(reason)}", pytrace=False)
        return self._answer

    def items_of(self, thing: tuple[str, str]) -> list[VerdictItem]:
        """Return what was found of one thing."""
        return [item for item in self.replayed().replayed.items if (item.kind, item.name) == thing]

    def others(self) -> list[VerdictItem]:
        """Return what was found of things that no item stands for: what the replay alone has made, a cell that raised."""
        return [item for item in self.replayed().replayed.items if (item.kind, item.name) not in self._things]


class _OfVersion(pytest.Item):
    """An item of one version."""

    @property
    def version(self) -> ReplayedVersion:
        """The version that it is of."""
        assert isinstance(self.parent, ReplayedVersion)
        return self.parent

    def setup(self) -> None:
        """Replay the version; what goes wrong here is an error and no failure."""
        self.version.replayed()

    def reportinfo(self) -> tuple[Any, int | None, str]:
        """Return what stands above a failure."""
        return self.path, None, f"{self.version.ref} {self.name}"

    def check(self, items: list[VerdictItem]) -> None:
        """Fail where something is worse than what passes; skip where nothing could be compared."""
        answer, accept = self.version.replayed(), self.version.accept
        compared = [item for item in items if item.verdict is not Verdict.NOT_COMPARABLE]
        self.user_properties += [(f"mvlake.{item.kind}.{item.name}", item.verdict.value) for item in items]
        worse = [item for item in compared if item.verdict.severity > accept.severity]
        if worse:
            pytest.fail(failure_text(answer, worse, accept), pytrace=False)
        if items and not compared:
            pytest.skip(f"{items[0].kind} {items[0].name} is not comparable: {first_line(items[0].reason)}")


class Replay(_OfVersion):
    """The replay itself: it ran, and made nothing that was not recorded."""

    def runtest(self) -> None:
        """Fail where what no other item stands for is worse than what passes."""
        self.check(self.version.others())


class Judged(_OfVersion):
    """One recorded thing: a metric, an output, a model, a figure, a file, what was printed."""

    def __init__(self, *, thing: tuple[str, str], **node: Any) -> None:
        super().__init__(**node)
        self._thing = thing

    def runtest(self) -> None:
        """Fail where it did not come out as it may."""
        items = self.version.items_of(self._thing)
        if not items:  # it did not come to that
            pytest.fail(f"{self.version.ref} {self.name} was not judged", pytrace=False)
        self.check(items)


def _things(shown: Shown) -> list[tuple[str, str]]:
    """Return the kind and name of all that a replay is judged by: a version judged against itself has an item for each."""
    _, items = judge(shown.dossier, shown.dossier, _never)
    return list(dict.fromkeys((item.kind, item.name) for item in items))


def _never(*_: Any) -> Closeness:
    raise AssertionError("equal digests are not measured")
