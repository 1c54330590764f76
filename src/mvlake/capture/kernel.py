"""Kernel: IPython's events in, versions out. It hooks in on load, and on unload leaves everything as it was found."""

import os
import sys
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from mvlake.capture.ahead import Ahead
from mvlake.capture.analysis import analyze
from mvlake.capture.boundary import Boundary
from mvlake.capture.directive import strip_directive
from mvlake.capture.facts.fits import FitsOfCell
from mvlake.capture.namespace import bound_since, identities, iterators_among
from mvlake.capture.opting_out import is_off, kept_text, metadata_of
from mvlake.capture.probes.notebook import folder_of, notebook_path
from mvlake.capture.randomness.watch import RandomnessWatch
from mvlake.capture.running import Running
from mvlake.capture.session import Session
from mvlake.lake import variables
from mvlake.lake.directive import Directive, directive_of, split_cell
from mvlake.records.past import PastCell
from mvlake.records.version import Origin

if TYPE_CHECKING:
    from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult, InteractiveShell

    from mvlake.capture.accounts import Accounts
    from mvlake.capture.announcement import Announce
    from mvlake.capture.files.cell_files import CellFiles
    from mvlake.capture.interrupted import Interrupted
    from mvlake.capture.tracker import Tracker


class Kernel:
    """One IPython shell under watch."""

    def __init__(self, shell: "InteractiveShell", announce: "Announce") -> None:
        self.shell = shell
        self.session = Session()
        self._randomness = RandomnessWatch()
        self._tracker: Tracker | None = None
        self._files: CellFiles | None = None
        self._supplying: object = None
        self._interrupted: Interrupted | None = None
        self._accounts: Accounts | None = None
        self.boundary = Boundary()
        self._announce = announce
        self._ahead = Ahead(self.boundary.guard, lambda: bool(self.session.running))
        # Bound once: unregistering needs the very same objects.
        self._begin = self.boundary.guard(self._cell_begins)
        self._pre = self._before_cell
        self._post = self.boundary.guard(self._cell_ends)

    def attach(self) -> None:
        """Begin to watch cells, the earlier ones as far as IPython remembers them."""
        self.shell.input_transformers_cleanup.append(strip_directive)
        self.shell.events.register("pre_run_cell", self._pre)
        self.shell.events.register("post_run_cell", self._post)
        self.boundary.guard(self._recall)()
        self._ahead.start()
        Thread(target=self.boundary.guard_quietly(_read_ahead), name="mvlake-read-ahead", daemon=True).start()
        if os.environ.get(variables.RESTORE):
            self.boundary.guard(self._take_states)()
        self.boundary.guard(self.session.modules.notice)()
        if os.environ.get(variables.CAPTURE_TO):
            sys.argv[1:] = []  # a kernel made for a replay: a script that runs in it must not see the kernel's own arguments
            self._supply()
        if os.environ.get(variables.WORLD):
            self.boundary.guard(self._take_world)()

    def _supply(self) -> None:
        from mvlake.capture.supplied import Supplying  # a replay alone has use for it

        supplying = Supplying(lambda values: self.tracker().destination.lake().protect(values))
        self.shell.ast_transformers.append(supplying)
        self._supplying = supplying

    def detach(self) -> None:
        """Write what is yet to be written, stop watching, and take everything back."""
        try:
            if self._tracker is not None:
                self._tracker.destination.close()
                self._announce.catch_up()
        finally:
            self._unhook()

    def _unhook(self) -> None:
        self._forget_interrupt()
        self._ahead.stop()
        self.shell.events.unregister("pre_run_cell", self._pre)
        self.shell.events.unregister("post_run_cell", self._post)
        if strip_directive in self.shell.input_transformers_cleanup:
            self.shell.input_transformers_cleanup.remove(strip_directive)
        if self._supplying in self.shell.ast_transformers:
            self.shell.ast_transformers.remove(self._supplying)
        for running in self.session.running:
            self._see_draws(running)
            if running.watch is not None:
                running.watch.stop()
        if self._files is not None:
            self._files.stop()

    def tracker(self) -> "Tracker":
        """Return what tracks cells here: loaded when the first one is, for it takes longer than all the rest."""
        if self._tracker is None:
            from mvlake.capture.tracker import Tracker

            self._tracker = Tracker(self.shell, self.session, self._announce, self.boundary)
        return self._tracker

    def checked_out(self, name: str, number: int, names: frozenset[str]) -> None:
        """Remember that variables came from a version: later cells that read them depend on the cell that fetched them."""
        self.session.built_on(name, number)
        self.session.places[f"{name}:v{number}"] = len(self.session.executed)
        for running in self.session.running[-1:]:
            running.restored |= names

    def _recall(self) -> None:
        """Take the cells that ran before the extension was loaded from IPython's history; their text says what they did."""
        history = self.shell.history_manager
        sources = list(history.input_hist_raw)[1:-1] if history is not None else []
        for count, source in enumerate(sources, 1):
            facts = analyze(self._transformed(source))
            existing = frozenset(name for name in facts.binds if name in self.shell.user_ns)
            self.session.add(PastCell(kept_text(source), count), facts, existing)
        if sources:
            from mvlake.capture.announcement import Late  # only where there is something to say

            self._announce(Late(len(sources)))

    def _transformed(self, source: str) -> str:
        try:
            return str(self.shell.transform_cell(source))
        except Exception:  # noqa: BLE001 - a half-typed magic; IPython shows the user what is wrong
            return source

    def _before_cell(self, info: "ExecutionInfo") -> None:
        self._forget_interrupt()  # a cell that could not be parsed was not interrupted either
        before = self.boundary.interrupts
        self._begin(info)
        if self.boundary.interrupts != before:
            from mvlake.capture.interrupted import Interrupted  # seldom wanted

            self._interrupted = Interrupted(self.shell)
            self.shell.ast_transformers.append(self._interrupted)

    def _forget_interrupt(self) -> None:
        if self._interrupted is not None:
            self._interrupted.forget()
            self._interrupted = None

    def _cell_begins(self, info: "ExecutionInfo") -> None:
        self._announce.catch_up()
        source = info.raw_cell or ""
        transformed = info.transformed_cell if info.transformed_cell is not None else self._transformed(source)
        facts = analyze(transformed)
        off = is_off(source, metadata_of(self.shell, info))
        running = Running(
            info=info,
            source=self._kept_text(info),
            facts=facts,
            before=identities(self.shell.user_ns),
            cell_id=info.cell_id or "",
            fits=FitsOfCell(self.session.fits),
            iterators=iterators_among(self.session.reads_of(facts), self.shell.user_ns),
        )
        self.session.running.append(running)
        directive, origin = self._directive(source)
        if directive is not None and not off and not self.session.is_paused and not os.environ.get(variables.DISABLE):
            running.watch = self.tracker().watch(running, directive, origin)
        if not os.environ.get(variables.DISABLE):
            self.boundary.guard(self._listen)(running)
        running.chance = self._randomness.begin(source, self.shell.user_ns)  # last: what is ours must not be taken for the cell's

    def _listen(self, running: Running) -> None:
        """Notice what the cell reads and writes from now on, whether it is tracked or not: a later one may depend on it."""
        if self._files is None:
            from mvlake.capture.files.cell_files import CellFiles, recalled

            for one in self.session.executed:
                self.session.files[one.position] = recalled(one.facts)
            self._files = CellFiles(folder_of(notebook_path(self.shell.user_ns)))
            self.session.works_in(str(Path.cwd()), self._files.project)
        self._files.begin(running, self.shell.user_ns)

    def _directive(self, source: str) -> tuple[Directive | None, Origin]:
        if split_cell(source) is not None:
            return directive_of(source), Origin.CELL
        is_ours = source.lstrip().startswith(("%mv", "%load_ext", "%unload_ext", "%reload_ext"))
        return (Directive(self.session.auto) if self.session.auto is not None and not is_ours else None), Origin.AUTO

    def _cell_ends(self, result: "ExecutionResult | None") -> None:
        if result is None:
            self._cell_vanishes()
            return
        info = result.info
        running = self.session.end_of(info, self._kept_text(info))
        if running is None:
            self._loading_cell_ends(result)
            return
        self._see_draws(running)
        self.boundary.guard(self._see_files)(running)
        # In the hook before the cell, some releases of IPython have counted it already, and others have not.
        running.execution_count = result.execution_count
        running.end()
        seen = running.watch.stop() if running.watch is not None else None
        error = result.error_before_exec or result.error_in_exec
        stored = running.facts.binds | running.restored
        bound = bound_since(running.before, self.shell.user_ns, stored if error is None else running.restored)
        self.boundary.guard(self._note_fits)(running, bound)
        try:
            if running.watch is not None and error is not None:
                self.tracker().failed(running, running.watch, error)
            elif running.watch is not None and seen is not None:
                from mvlake.capture.gather import Ended  # loaded by now

                ended = Ended(running, running.watch, self.shell.user_ns, bound, result.result, seen)
                self.tracker().succeeded(ended)
        finally:
            # Whatever became of the version, the cell is part of what later cells build on.
            self.session.remember(running, bound, failed=error is not None)
            self.session.modules.notice()
            if self._accounts is not None:
                tell = self.boundary.guard(self._accounts.tell)
                tell(self.session, running, bound, self.shell.user_ns, failed=error is not None)

    def _take_states(self) -> None:
        """In the kernel of a replay: take the states of generators that are to be put back, once."""
        from mvlake.capture.randomness.restoring import Restoring

        self._randomness.restoring = Restoring.of_file(Path(os.environ.pop(variables.RESTORE)), self.boundary.note)

    def _take_world(self) -> None:
        """In the kernel of a replay: stand for the world of its version, and say what this one is."""
        from mvlake.capture.replaying import take_world

        self._accounts = take_world(Path(os.environ.pop(variables.WORLD)), self.boundary.guard_quietly)

    def _see_draws(self, running: Running) -> None:
        """Note which generators a cell that has ended drew from."""
        if running.chance is not None:
            running.draws = self._randomness.end(running.chance, self.shell.user_ns)
            running.chance = None

    def _note_fits(self, running: Running, bound: frozenset[str]) -> None:
        running.fits.end(running.facts, bound, self.shell.user_ns)

    def _see_files(self, running: Running) -> None:
        """Note which files a cell that has ended used."""
        if self._files is not None:
            running.used = self._files.end(running, self.shell.user_ns)

    def _cell_vanishes(self) -> None:
        """End the newest cell: an interrupt or a cancellation went past IPython, which then has no result to speak of."""
        if self.session.running:
            running = self.session.running.pop()
            self._see_draws(running)
            self.boundary.guard(self._see_files)(running)
            if running.watch is not None:
                running.watch.stop()
            self.session.remember(running, bound_since(running.before, self.shell.user_ns, running.restored), failed=True)

    def _loading_cell_ends(self, result: "ExecutionResult") -> None:
        """Add the cell that loaded the extension, and began unseen: often all imports stand below `%load_ext mvlake`."""
        info = result.info
        if info is None or not info.store_history or (info.raw_cell or "").split()[1:] == ["mvlake"]:
            return  # a replay loads the extension by itself
        failed = (result.error_before_exec or result.error_in_exec) is not None
        source = info.raw_cell or ""
        facts = analyze(self._transformed(source))
        existing = frozenset(name for name in facts.binds if name in self.shell.user_ns)
        self.session.add(PastCell(self._kept_text(info), result.execution_count, info.cell_id or "", failed), facts, existing)

    def _kept_text(self, info: "ExecutionInfo | None") -> str:
        """Return what is kept of the text of the cell that IPython speaks of."""
        return "" if info is None else kept_text(info.raw_cell or "", metadata_of(self.shell, info))


def _read_ahead() -> None:
    """Begin to read what is installed, beside the user's first cells: the first tracked one would else wait for it."""
    from mvlake.capture.probes.disk import reader

    reader.start()
