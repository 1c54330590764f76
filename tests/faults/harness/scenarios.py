"""Scenarios: what a process does with a lake when something goes wrong. Each verb that writes has one."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from harness.drafts import failed_draft, make_draft, noise, open_lake, tree
from harness.sizes import INDEX, LARGE

from mvlake.lake.lake import Lake

Acknowledge = Callable[[], None]
LAKE = ".mvlake"


@dataclass(frozen=True, slots=True)
class Scenario:
    """`prepare` makes what is there before, below a folder; `act` is what goes wrong: it acknowledges what it was told is done.

    `modules` are those that it needs beyond the usual ones: they are loaded before it is forked.
    """

    name: str
    act: Callable[[Path, Acknowledge], Lake]
    prepare: Callable[[Path], object]
    modules: tuple[str, ...] = ()


SCENARIOS: dict[str, Scenario] = {}


def used_lake(folder: Path) -> Lake:
    """Return a lake in which every kind of record, and every kind of file, has been written."""
    lake = open_lake(folder / LAKE)
    lake.commit(make_draft(lake, "fraud", 1, result={"depth": 1}))
    lake.commit(make_draft(lake, "fraud", 2, tree(lake, 1), result={"depth": 2}))
    lake.commit(make_draft(lake, "other", 1, result=noise(5, LARGE)))
    lake.promote("fraud:v1", "production")
    lake.promote("fraud:v2", "production", reason="better")
    lake.record_attempt(failed_draft("fraud"))
    lake.tag("fraud:v1", ["baseline"])
    lake.note("fraud:v1", "first")
    return lake


def long_lake(folder: Path) -> Lake:
    """Return a lake whose next record completes a chapter, and with three others a longer one."""
    lake = used_lake(folder)
    for number in range(15 - lake.status().records):
        lake.note("fraud:v2", f"remark {number}")
    return lake


def nothing(folder: Path) -> None:
    """Leave the folder empty."""


def scenario(
    prepare: Callable[[Path], object] = used_lake, *, modules: tuple[str, ...] = ()
) -> Callable[[Callable[[Lake, Acknowledge], None]], object]:
    """Make a function of an open lake a scenario of its name; opening the lake is part of it."""

    def add(function: Callable[[Lake, Acknowledge], None]) -> object:
        def act(folder: Path, acknowledge: Acknowledge) -> Lake:
            lake = open_lake(folder / LAKE)
            function(lake, acknowledge)
            return lake

        name = function.__name__
        SCENARIOS[name] = Scenario(name, act, prepare, modules)
        return function

    return add


@scenario(nothing)
def first_commit(lake, acknowledge):
    lake.commit(make_draft(lake, "fraud", 1, result={"depth": 1}))
    acknowledge()


@scenario()
def commit(lake, acknowledge):
    lake.commit(make_draft(lake, "fraud", 3, result={"depth": 3}, same={"depth": 2}))
    acknowledge()


@scenario()
def commit_large(lake, acknowledge):
    lake.commit(make_draft(lake, "fraud", 3, result=noise(7, LARGE), small={"depth": 3}))
    acknowledge()


@scenario()
def commit_tree(lake, acknowledge):
    lake.commit(make_draft(lake, "fraud", 3, tree(lake, 2, leaves=8), result={"depth": 3}))
    acknowledge()


@scenario()
def two_commits(lake, acknowledge):
    lake.commit(make_draft(lake, "fraud", 3, result={"depth": 3}))
    acknowledge()
    lake.commit(make_draft(lake, "fraud", 4, result={"depth": 4}))
    acknowledge()


@scenario()
def confirm(lake, acknowledge):
    assert lake.commit(make_draft(lake, "fraud", 1, result={"depth": 1})).is_confirmation
    acknowledge()


@scenario()
def attempt(lake, acknowledge):
    lake.record_attempt(failed_draft("new"))
    acknowledge()


@scenario()
def promote(lake, acknowledge):
    lake.promote("fraud:v1", "champion", reason="it is the best")
    acknowledge()


@scenario()
def rollback(lake, acknowledge):
    lake.rollback("fraud@production")
    acknowledge()


@scenario()
def tag(lake, acknowledge):
    lake.tag("fraud:v2", ["one"])
    acknowledge()
    lake.tag("fraud:v1", ["baseline"], remove=True)
    acknowledge()


@scenario()
def note(lake, acknowledge):
    lake.note("fraud:latest", "best yet")
    acknowledge()


@scenario(long_lake)
def compact(lake, acknowledge):
    lake.note("fraud:latest", "it completes a chapter")
    acknowledge()
    lake.commit(make_draft(lake, "fraud", 3, result={"depth": 3}))
    acknowledge()


@scenario(modules=INDEX)
def rebuild(lake, acknowledge):
    lake.rebuild()


@scenario(long_lake, modules=INDEX)
def index(lake, acknowledge):
    lake.note("fraud:latest", "it completes a segment")
    acknowledge()
    lake._parts.index.refresh()


@scenario(long_lake)
def look(lake, acknowledge):
    assert len(lake.log()) == 3
    assert lake.load("fraud:v2", "result") == {"depth": 2}
    lake._parts.objects.read(lake.show("other:v1").entry.version.artifacts[0].object)
    lake.verify()
