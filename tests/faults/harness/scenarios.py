"""Scenarios: what a process does with a lake when something goes wrong. Each verb that writes has one."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from harness.checks import check_clean, story_of
from harness.drafts import NOW, failed_draft, make_draft, noise, open_lake, tree
from harness.sizes import INDEX, LARGE

from mvlake.errors import MvlakeError
from mvlake.lake.adopt import adopt
from mvlake.lake.backlog import Job
from mvlake.lake.dossier import read_dossier
from mvlake.lake.history import find
from mvlake.lake.lake import Lake
from mvlake.lake.replayed import record_verdict
from mvlake.records.answers import Step
from mvlake.records.events import Verdict, VerdictItem
from mvlake.store.keys import object_key

Acknowledge = Callable[[], None]
LAKE = ".mvlake"


@dataclass(frozen=True, slots=True)
class Scenario:
    """`prepare` makes what is there before, below a folder; `act` is what goes wrong: it acknowledges what it was told is done.

    `finish` does what is to be possible afterwards, whatever state it left behind. `modules` are those that it needs beyond the
    usual ones: they are loaded before it is forked.
    """

    name: str
    act: Callable[[Path, Acknowledge], Lake]
    prepare: Callable[[Path], object]
    finish: Callable[[Path], object]
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


def lake_with_a_scratch_lake(folder: Path) -> None:
    """Make a lake, and beside it one that a replay wrote: what this one lacks, and what it has already."""
    scratch = open_lake(beside(used_lake(folder), "scratch"))
    scratch.commit(make_draft(scratch, "fraud", 7, tree(scratch, 1), result=noise(7, LARGE)))


def long_lake(folder: Path) -> Lake:
    """Return a lake whose next record completes a chapter, and with three others a longer one."""
    lake = used_lake(folder)
    for number in range(15 - lake.status().records):
        lake.note("fraud:v2", f"remark {number}")
    return lake


def indexed_lake(folder: Path) -> Lake:
    """Return a long lake that has segments already."""
    lake = long_lake(folder)
    lake._parts.index.refresh()
    return lake


def beside(lake: Lake, name: str) -> Path:
    """Return a place beside a lake."""
    return Path(lake.path).parent / name


def littered_lake(folder: Path) -> Lake:
    """Return a lake in which much is to be collected: a forgotten version with files of its own, and what a dead commit left."""
    lake = used_lake(folder)
    lake.commit(make_draft(lake, "fraud", 3, tree(lake, 3), result=noise(9, LARGE)))
    lake.forget("fraud:v3")
    tree(lake, 4)  # staged, and never committed
    return lake


def marked_lake(folder: Path) -> None:
    """Return one whose litter is marked."""
    littered_lake(folder)
    collect(folder, times=1)


def trashed_lake(folder: Path) -> None:
    """Return one whose litter is in the trash."""
    littered_lake(folder)
    collect(folder, times=2)


def mixed_lake(folder: Path) -> None:
    """Return a lake with packs of which something is wanted, and something was forgotten."""
    lake = used_lake(folder)
    lake.commit(make_draft(lake, "fraud", 3, tree(lake, 3), result={"depth": 3}))
    lake.commit(make_draft(lake, "other", 2, tree(lake, 3)))
    lake.forget("fraud:v3")


def later(times: int) -> datetime:
    """Return the moment of the n-th collection: each has its grace after the one before, and after all files were written."""
    return datetime(2040, 1, 1, tzinfo=UTC) + timedelta(days=20 * times)


def collect(folder: Path, *, times: int) -> None:
    """Collect, as time goes by."""
    for time in range(times):
        open_lake(folder / LAKE, now=later(time)).gc(apply=True)


def is_collected_in_the_end(folder: Path) -> None:
    """Check that nothing is lost however far collecting came, and that it can be brought to its end."""
    is_whole(folder)
    for time in range(3, 7):
        open_lake(folder / LAKE, now=later(time)).gc(apply=True, repack=time == 3)
        is_whole(folder)
    left = open_lake(folder / LAKE, now=later(7)).gc(apply=True, repack=True)
    assert (left.files, left.kept) == ((), 0), left.files
    lake = open_lake(folder / LAKE)
    assert lake.load("fraud:v2", "result") == {"depth": 2}
    assert lake.load("other:v1", "result") == noise(5, LARGE)


def damaged_lake(folder: Path) -> None:
    """Return a lake with a damaged pack, a damaged lone object and a missing pack, and a whole copy beside it."""
    lake = used_lake(folder)
    shutil.copytree(folder / LAKE, folder / "copy" / LAKE)
    files = sorted((folder / LAKE / "objects").rglob("*.*"), key=lambda path: path.stat().st_size)
    lone = Path(lake.path) / object_key(lake.show("other:v1").entry.version.artifacts[0].object)
    for path in (files[-1], lone):
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 4
        path.chmod(0o644)
        path.write_bytes(bytes(data))
    files[0].unlink()


def is_repaired_in_the_end(folder: Path) -> None:
    """Check that repairing can be brought to its end."""
    mended = open_lake(folder / LAKE).repair(apply=True, source=folder / "copy")
    assert mended.left == (), mended.left
    is_whole(folder)


def copied_lake(folder: Path) -> None:
    """Return a lake, and a copy of it that lacks the last records."""
    lake = open_lake(folder / LAKE)
    lake.commit(make_draft(lake, "fraud", 1, result={"depth": 1}))
    shutil.copytree(folder / LAKE, folder / "copy" / LAKE)
    used_lake(folder)


def lagging_lake(folder: Path) -> None:
    """Return a lake that lacks the last records of a copy beside it."""
    copied_lake(folder)
    (folder / LAKE).rename(folder / "ahead")
    (folder / "copy" / LAKE).rename(folder / LAKE)
    (folder / "ahead").rename(folder / "copy" / LAKE)


def is_sent_in_the_end(folder: Path) -> None:
    """Check that both lakes are whole, and that the copy can be brought up to this one."""
    is_whole(folder)
    if (folder / "copy" / LAKE / "lake.toml").exists():
        is_whole(folder / "copy")
    open_lake(folder / LAKE).push(str(folder / "copy"))
    is_whole(folder / "copy")
    assert story_of(open_lake(folder / "copy" / LAKE)) == story_of(open_lake(folder / LAKE))


def is_fetched_in_the_end(folder: Path) -> None:
    """Check that both lakes are whole; where nobody went on here, this one can be brought up to the copy."""
    is_whole(folder)
    is_whole(folder / "copy")
    lake = open_lake(folder / LAKE)
    if lake.latest("survivor") is None:
        lake.pull(str(folder / "copy"))
        assert story_of(open_lake(folder / LAKE)) == story_of(open_lake(folder / "copy" / LAKE))


def nothing(folder: Path) -> None:
    """Leave the folder empty."""


def is_whole(folder: Path) -> None:
    """Check that a lake is whole as it is."""
    check_clean(open_lake(folder / LAKE))


def scenario(
    prepare: Callable[[Path], object] = used_lake,
    *,
    finish: Callable[[Path], object] = is_whole,
    now: datetime = NOW,
    modules: tuple[str, ...] = (),
) -> Callable[[Callable[[Lake, Acknowledge], None]], object]:
    """Make a function of an open lake a scenario of its name; opening the lake is part of it."""

    def add(function: Callable[[Lake, Acknowledge], None]) -> object:
        def act(folder: Path, acknowledge: Acknowledge) -> Lake:
            lake = open_lake(folder / LAKE, now=now)
            function(lake, acknowledge)
            return lake

        SCENARIOS[function.__name__] = Scenario(function.__name__, act, prepare, finish, modules)
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
def background(lake, acknowledge):
    """Two versions that the thread of the backlog writes, one after the other, while whoever made them goes on."""
    errors: list[MvlakeError] = []

    def write(depth: int) -> None:
        if errors:  # in a kernel it would go on: the log could then say the second without the first, and no story here does
            return
        try:
            lake.commit(make_draft(lake, "fraud", depth, result={"depth": depth}))
            acknowledge()
        except MvlakeError as error:
            errors.append(error)

    for depth in (3, 4):
        lake.backlog.submit(Job("fraud", 1_000, write=lambda job, depth=depth: write(depth), drop=lambda: None))
    lake.backlog.drain()
    if errors:
        raise errors[0]


@scenario()
def verdict(lake, acknowledge):
    parts, before = lake._parts, lake._parts.log.head
    entry = find(parts, "fraud:v2")
    items = (VerdictItem("output", "result", Verdict.IDENTICAL, "the digests are equal"),)
    record_verdict(parts, entry, Verdict.IDENTICAL, items, read_dossier(parts, entry).environment, 1.5)
    if parts.log.head > before:  # where a lake cannot be written, a verdict is only told
        acknowledge()


@scenario(lake_with_a_scratch_lake)
def adopted(lake, acknowledge):
    """What a replay with other parameters made in its scratch lake becomes a version of this one."""
    parts, scratch = lake._parts, open_lake(beside(lake, "scratch"))._parts
    made = scratch.ledger.entry("fraud", 1)
    adopt(parts, scratch, made, find(parts, "fraud:v2"), folder=Path(scratch.store.location), message="fraud:v2 with depth = 7")
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
def correct(lake, acknowledge):
    lake.ignore("depth", "fraud")
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


@scenario(indexed_lake, modules=INDEX)
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


@scenario()
def forget(lake, acknowledge):
    lake.commit(make_draft(lake, "fraud", 3, result={"depth": 3}))
    acknowledge()
    lake.forget("fraud:v3", reason="a mistake")
    acknowledge()
    lake.unforget("fraud:v3")
    acknowledge()


@scenario(littered_lake, finish=is_collected_in_the_end, now=later(0))
def mark(lake, acknowledge):
    lake.gc(apply=True)


@scenario(marked_lake, finish=is_collected_in_the_end, now=later(1))
def move_to_trash(lake, acknowledge):
    lake.gc(apply=True)


@scenario(trashed_lake, finish=is_collected_in_the_end, now=later(2))
def remove_from_trash(lake, acknowledge):
    lake.gc(apply=True)


@scenario(mixed_lake, finish=is_collected_in_the_end, now=later(0))
def repack(lake, acknowledge):
    done = lake.gc(apply=True, repack=True)
    if any(one.step is Step.REWRITE for one in done.files) and not done.remarks:  # what cannot be read is left alone
        acknowledge()


@scenario(damaged_lake, finish=is_repaired_in_the_end)
def repair(lake, acknowledge):
    lake.repair(apply=True, source=beside(lake, "copy"))


@scenario(finish=is_sent_in_the_end)
def push_all(lake, acknowledge):
    lake.push(str(beside(lake, "copy")))


@scenario(copied_lake, finish=is_sent_in_the_end)
def push_more(lake, acknowledge):
    lake.sync(str(beside(lake, "copy")))


@scenario(lagging_lake, finish=is_fetched_in_the_end)
def pull(lake, acknowledge):
    lake.pull(str(beside(lake, "copy")))
