"""Sweep: a scenario once for every fault at every call, each in a process of its own on a lake of its own.

Run as a program it prints what it did as JSON. It is a program so that the process it forks is small, warm and has one thread.
"""

import gc
import json
import os
import shutil
import sys
import traceback
import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness import sizes
from harness.calls import Calls
from harness.checks import check_goes_on, state_of, stories_of, story_of
from harness.copying import Snapshot
from harness.drafts import make_draft, open_lake
from harness.fault import Fault, faults_of
from harness.scenarios import LAKE, SCENARIOS, Scenario

from mvlake.errors import MvlakeError


@dataclass(slots=True)
class Swept:
    """What came of a sweep."""

    scenario: str
    calls: int = 0
    names: dict[str, int] = field(default_factory=dict)
    points: dict[str, int] = field(default_factory=dict)
    states: int = 0  # different ones that were left behind
    unwatched: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a process said before it ended: how much it acknowledged, what became of it, and by which status it ended."""

    acknowledged: int
    outcome: dict[str, Any]
    status: int


def in_child(work: Callable[[Callable[[str], None]], None]) -> Heard:
    """Run in a forked process; it is given a function that says a line."""
    reader, writer = os.pipe()
    write = os.write  # as it is now: `os.write` is going to be watched
    child = os.fork()
    if child == 0:
        try:
            os.close(reader)
            work(lambda line: write(writer, f"{line}\n".encode()) and None)
        except BaseException:
            write(writer, json.dumps({"crash": traceback.format_exc()}).encode() + b"\n")
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        lines = pipe.read().decode().splitlines()
    status = os.waitpid(child, 0)[1]
    outcome = json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {}
    return Heard(sum(line == "done" for line in lines), outcome, status)


def sweep(scenario: Scenario, folder: Path) -> Swept:
    """Try every fault; return how many there were, and what went wrong."""
    swept = Swept(scenario.name)
    base = folder / "base"
    snapshot = _prepare(scenario, base)
    stories = _stories(scenario, snapshot, folder / "whole")
    seen: set[str] = set()
    faults = _faults(scenario, snapshot, folder / "dry", swept)
    # First those that need a fork: libraries start threads as they are used.
    for number, fault in enumerate(sorted(faults, key=lambda fault: not fault.kills)):
        place = folder / f"point{number}"
        snapshot.put(place)
        try:
            swept.points[_kind(fault)] = swept.points.get(_kind(fault), 0) + 1
            _point(scenario, place, fault, stories, seen)
        except Exception:
            swept.failures.append(f"{scenario.name}, {fault}:\n{traceback.format_exc(limit=4)}")
        shutil.rmtree(place)
    swept.states = len(seen)
    return swept


def _prepare(scenario: Scenario, base: Path) -> Snapshot:
    """Make what is there before, in a child: libraries that it uses start no threads here. Return what it has made."""
    base.mkdir()
    heard = in_child(lambda say: scenario.prepare(base) and None)
    assert "crash" not in heard.outcome, heard.outcome["crash"]
    return Snapshot.of(base)


def _stories(scenario: Scenario, snapshot: Snapshot, place: Path) -> list[str]:
    """Return everything that the log may say: what it says step by step when nothing goes wrong."""
    snapshot.put(place)
    before = len(list((place / LAKE / "log").rglob("*.json"))) if (place / LAKE).exists() else 0

    def work(say: Callable[[str], None]) -> None:
        lake = scenario.act(place, lambda: say("done"))
        say(json.dumps({"stories": stories_of(lake, since=before)}))

    heard = in_child(work)
    assert "stories" in heard.outcome, heard.outcome
    return list(heard.outcome["stories"])


def _faults(scenario: Scenario, snapshot: Snapshot, place: Path, swept: Swept) -> list[Fault]:
    """Run it once without a fault, and return the faults that its calls allow."""
    snapshot.put(place)
    calls = Calls(str(place))

    def work(say: Callable[[str], None]) -> None:
        sys.addaudithook(calls.audit)
        with calls.watched():
            scenario.act(place, lambda: None)
        made = [[fault.number, fault.kind, fault.is_lasting] for fault in faults_of(calls.made)]
        names = Counter(call.name for call in calls.made)
        say(json.dumps({"faults": made, "names": names, "unwatched": calls.unwatched}))

    heard = in_child(work)
    assert "faults" in heard.outcome, heard.outcome
    swept.names, swept.unwatched = heard.outcome["names"], heard.outcome["unwatched"]
    swept.calls = sum(swept.names.values())
    return [Fault(*one) for one in heard.outcome["faults"]]


def _point(scenario: Scenario, place: Path, fault: Fault, stories: list[str], seen: set[str]) -> None:
    calls = Calls(str(place), fault)
    if fault.kills:

        def work(say: Callable[[str], None]) -> None:
            with calls.watched():
                scenario.act(place, lambda: say("done"))

        heard = in_child(work)
        assert "crash" not in heard.outcome, heard.outcome["crash"]
        found, acknowledged = story_of(open_lake(place / LAKE)), heard.acknowledged
    else:
        found, acknowledged = _survived(scenario, place, calls)
    assert found in stories, "the log says neither what it said before nor what it was to say"
    assert stories.index(found) >= acknowledged, f"{acknowledged} acknowledged, {stories.index(found)} there"
    # Most calls only look: what they leave behind when they fail has been checked before.
    state = state_of(place)
    if state not in seen:
        seen.add(state)
        scenario.finish(place)  # all bytes are verified there
        assert fault.kills or open_lake(place / LAKE).latest("survivor") == 1
        check_goes_on(place / LAKE)


def _survived(scenario: Scenario, place: Path, calls: Calls) -> tuple[str, int]:
    """Meet the fault in this process, and go on with the same open lake; return what its log said, and how much was acknowledged."""
    done: list[None] = []
    lake = None
    with calls.watched(), suppress(MvlakeError):
        lake = scenario.act(place, lambda: done.append(None))
    survivor = lake or open_lake(place / LAKE)
    found = story_of(survivor)
    survivor.commit(make_draft(survivor, "survivor", 1, result={"here": True}))
    return found, len(done)


def count(scenario: Scenario, folder: Path) -> Swept:
    """Return how many faults there are to try, without trying them."""
    swept = Swept(scenario.name)
    base = folder / "base"
    for fault in _faults(scenario, _prepare(scenario, base), folder / "dry", swept):
        swept.points[_kind(fault)] = swept.points.get(_kind(fault), 0) + 1
    return swept


def main() -> None:
    """Sweep the scenarios named, or with `--count` count what there is to sweep, below the folder named first."""
    folder, *names = sys.argv[1:]
    work = count if "--count" in names else sweep
    # A process that dies takes nothing from the operating system's cache: flushing would only cost time here. It still dies there.
    os.fsync = lambda descriptor: None
    uuid.uuid4 = lambda: uuid.UUID(int=42)  # every lake that is made is the same one
    for name in (name for name in names if name != "--count"):
        sizes.make_small(*SCENARIOS[name].modules)
        gc.freeze()
        gc.disable()  # a collection in a child would copy all of this process
        place = Path(folder) / name
        place.mkdir()
        swept = work(SCENARIOS[name], place)
        print(json.dumps({slot: getattr(swept, slot) for slot in Swept.__slots__}))


def _kind(fault: Fault) -> str:
    return fault.kind + (" from then on" if fault.is_lasting else "")


if __name__ == "__main__":
    main()
