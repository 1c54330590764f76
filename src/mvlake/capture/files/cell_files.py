"""Cell files: what each cell of a kernel, or run of a program, reads and writes, noticed by sources that make up for each other."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mvlake.capture.cell_facts import CellFacts
from mvlake.capture.files.evidence import Evidence
from mvlake.capture.files.named import files_of_datasets, paths_in, texts_of, values_of
from mvlake.capture.files.noise import is_noise
from mvlake.capture.files.openings import Openings
from mvlake.capture.files.remote import remote_places
from mvlake.capture.files.seen import SeenPlaces, merged
from mvlake.capture.files.watching import Watching
from mvlake.capture.probes.git_head import repository_around
from mvlake.capture.running import Running
from mvlake.records.files import FoundBy

if TYPE_CHECKING:
    from mvlake.capture.files.inotify import Touched


@dataclass(slots=True)
class Listening:
    """One cell or run under way: since when, from which folder, and what has been noticed."""

    running: Running
    openings: Openings
    folder: str
    started: int
    covered: frozenset[str]
    touched: list["Touched"] = field(default_factory=list)


class CellFiles:
    """Listens while cells run. `project` is the folder that paths are told from.

    Of cells only the innermost is listened to; runs may also go on side by side (`beside`), and all hear what happens.
    """

    def __init__(self, folder: str, *, beside: bool = False) -> None:
        self.project = project_of(folder)
        self._is_beside = beside
        self.watching = Watching(self.project)
        self.watching.start()
        self._under_way: list[Listening] = []

    def begin(self, running: Running, namespace: Mapping[str, Any], is_meant: Callable[[], bool] | None = None) -> None:
        """Begin to listen to a cell, and watch the folders that it names. `is_meant` tells in which threads and tasks it runs."""
        folder = _folder()
        self._watch_named(running.facts, namespace, folder)
        self._share()  # what happened until now belongs to the cell around this one, or to none
        if self._under_way and not self._is_beside:
            self._under_way[-1].openings.stop()
        listening = Listening(running, Openings(is_meant=is_meant), folder, time.time_ns(), self.watching.folders())
        self._under_way.append(listening)
        listening.openings.start()

    def end(self, running: Running, namespace: Mapping[str, Any]) -> SeenPlaces:
        """Return what a cell used; nothing of one whose beginning was not seen."""
        listening = self._stopped(running)
        if listening is None:
            return SeenPlaces()
        facts = running.facts
        evidence = Evidence(listening.openings, listening.touched, listening.covered, listening.started)
        named = {**_named(facts, namespace, listening.folder), **_named(facts, namespace, _folder())}
        texts = {text for value in values_of(_names(facts), namespace) for text in texts_of(value)} | facts.texts
        found = [
            *evidence.of_python(),
            *evidence.of_watching(),
            *evidence.of_paths(named, FoundBy.NAMED),
            *evidence.of_paths(_planned(facts, namespace), FoundBy.PLANNED),
            *evidence.of_paths(_commands(listening), FoundBy.COMMAND),
            *remote_places(listening.openings, texts, running.source),
        ]
        return SeenPlaces(merged(found), listening.openings.lost)

    def stop(self) -> None:
        """Listen and watch no more."""
        while self._under_way:
            self._stopped(self._under_way[-1].running)
        self.watching.stop()

    def _watch_named(self, facts: CellFacts, namespace: Mapping[str, Any], folder: str) -> None:
        for path in _named(facts, namespace, folder):
            is_folder = os.path.isdir(path)
            place = path if is_folder else os.path.dirname(path)
            if not self.watching.covers(place) and not is_noise(os.path.join(place, "file")):
                self.watching.add([place], is_deep=is_folder)

    def _stopped(self, running: Running) -> Listening | None:
        """Stop listening to a cell, and to those that began within it and whose end was not seen."""
        place = next((place for place, one in enumerate(self._under_way) if one.running is running), None)
        if place is None:
            return None
        over = self._under_way[place : place + 1 if self._is_beside else None]
        for one in reversed(over):
            one.openings.stop()
        self._under_way = [one for one in self._under_way if not any(one is ended for ended in over)]
        self._share(over[0])
        if self._under_way and not self._is_beside:
            self._under_way[-1].openings.start()
        return over[0]

    def _share(self, ended: Listening | None = None) -> None:
        """Tell what was touched since the last look to who was listened to meanwhile."""
        touched = self.watching.look()
        if touched is None:
            return
        hearing = self._under_way if self._is_beside else self._under_way[-1:] if ended is None else []
        for one in hearing if ended is None else [*hearing, ended]:
            one.touched.append(touched)


def recalled(facts: CellFacts) -> SeenPlaces:
    """Return what a cell used that ran before anybody listened, as far as its text and the disk say: files that exist still."""
    evidence = Evidence(Openings(), [], frozenset(), time.time_ns())
    problem = "the cell ran before mvlake was loaded: it is described as it is now"
    return SeenPlaces(merged(evidence.of_paths(paths_in(facts.texts, _folder()), FoundBy.NAMED, problem=problem)))


def project_of(folder: str) -> str:
    """Return the folder that a notebook's paths are told from: that of its repository, or its own."""
    try:
        repository = repository_around(Path(folder))
    except OSError:
        return folder
    root = None if repository is None else repository.root
    return folder if root is None or root == Path.home() else str(root)


def _folder() -> str:
    try:
        return os.getcwd()
    except OSError:  # it has been deleted
        return os.sep


def _names(facts: CellFacts) -> frozenset[str]:
    return facts.reads | facts.binds


def _named(facts: CellFacts, namespace: Mapping[str, Any], folder: str) -> dict[str, str]:
    """Return the paths that the cell's text and variables say, of what exists."""
    texts = [text for value in values_of(_names(facts), namespace) for text in texts_of(value)]
    return {path: given for path, given in paths_in([*facts.texts, *texts], folder).items() if os.path.exists(path)}


def _planned(facts: CellFacts, namespace: Mapping[str, Any]) -> dict[str, str]:
    return {os.path.abspath(one): one for one in files_of_datasets(values_of(_names(facts), namespace))}


def _commands(listening: Listening) -> dict[str, str]:
    return paths_in(_words(listening.openings.commands), listening.folder)


def _words(commands: Mapping[str, None]) -> Iterator[str]:
    for command in commands:
        yield command
        yield from command.replace("=", " ").replace("'", " ").replace('"', " ").split()
