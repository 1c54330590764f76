"""Under way: one run between its beginning and its end, watched with what cells are watched with."""

from collections.abc import Mapping
from contextvars import Token
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from mvlake.capture.facts.fits import FitsOfCell
from mvlake.capture.facts.monitor import Monitor
from mvlake.capture.logged import Log, close_run, is_within
from mvlake.capture.namespace import bound_since, identities
from mvlake.capture.probes.git import GitProbe
from mvlake.capture.running import Running
from mvlake.capture.runs.block import Block, block_at
from mvlake.capture.runs.lookout import lookout
from mvlake.capture.runs.place import Place
from mvlake.capture.runs.variables import variables_of
from mvlake.capture.watch import Seen, Watch
from mvlake.lake.directive import Directive
from mvlake.records.files import below


@dataclass(frozen=True, slots=True)
class RunEnded:
    """A run that has ended: what it was, its variables at the end, the names that it bound, and what was seen."""

    block: Block
    running: Running
    watch: Watch
    namespace: Mapping[str, Any]
    bound: frozenset[str]
    seen: Seen
    project: str
    folder: str


class UnderWay:
    """One run under way. `log` tells it from other runs beside it. What goes wrong with one source costs that source alone."""

    def __init__(self, directive: Directive, place: Place, log: Log, token: Token[Log | None]) -> None:
        self._place, self._log, self._token = place, log, token
        self._lookout = lookout()
        self._attempt = self._lookout.boundary.attempt
        self._block = self._attempt(lambda: block_at(place.source, place.line, place.function), Block())
        self._folder = self._attempt(lambda: str(Path.cwd()), "")
        folder = self._attempt(lambda: place.folder, "")
        self._files = self._attempt(lambda: self._lookout.files(folder), None)
        facts = self._block.facts
        fits = FitsOfCell(self._lookout.fits)
        self._running = Running(info=None, source=place.source, facts=facts, before={}, cell_id="", fits=fits)
        monitor = Monitor({}, fitted=fits.fitted, code=place.code, is_meant=self._is_meant)
        self._watch = Watch.of_run(directive, GitProbe(folder).start(), log, monitor)

    def start(self, frame: FrameType | None) -> None:
        """Begin to watch."""
        try:
            self._attempt(lambda: self._start(frame), None)
        except BaseException:  # an interrupt: nobody would stop what has half begun
            self.stop(None)
            raise

    def _is_meant(self) -> bool:
        return is_within(self._log)

    def _start(self, frame: FrameType | None) -> None:
        running, namespace = self._running, variables_of(frame) if frame is not None else {}
        running.before = identities(namespace)
        self._watch.start()
        if self._files is not None:
            self._files.begin(running, namespace, self._is_meant)
        running.chance = self._lookout.randomness.begin("", namespace)  # last: what is ours must not be taken for the run's

    def stop(self, frame: FrameType | None) -> RunEnded:
        """Put everything back, and return what was seen. `frame` is the one in which the run ends."""
        running, attempt, code = self._running, self._attempt, self._place.code
        is_same = frame is not None and frame.f_code is code
        namespace: Mapping[str, Any] = attempt(lambda: variables_of(frame), {}) if frame is not None and is_same else {}
        chance, files, running.chance = running.chance, self._files, None
        try:
            if chance is not None:
                running.draws = attempt(lambda: self._lookout.randomness.end(chance, namespace), ())
            if files is not None:
                running.used = attempt(lambda: files.end(running, namespace), None)
        finally:  # an interrupt may come here too
            running.end()
            close_run(self._log, self._token)
            seen = attempt(self._watch.stop, Seen({}, (), 0, (), None, None))
        bound = bound_since(running.before, namespace, running.facts.binds) if is_same else frozenset()
        attempt(lambda: running.fits.end(running.facts, bound, namespace), None)
        project = files.project if files is not None else ""
        return RunEnded(
            self._block, running, self._watch, namespace, bound, seen, project, below(self._folder, project) if project else ""
        )
