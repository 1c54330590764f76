"""Kernel: IPython's events in, versions out. It hooks in on load, and on unload leaves everything as it was found."""

import os
from typing import TYPE_CHECKING

from mvlake.capture.analysis import analyze
from mvlake.capture.announcement import Announce, Made, NotMade
from mvlake.capture.boundary import Boundary
from mvlake.capture.directive import MAGIC, Directive, directive_of, split_cell, strip_directive
from mvlake.capture.displays import DisplayCopy
from mvlake.capture.gather import Ended, gather, gather_failure, makes_nothing
from mvlake.capture.inputs import hold_inputs
from mvlake.capture.namespace import bound_since, identities
from mvlake.capture.probes.git import GitProbe
from mvlake.capture.probes.notebook import notebook_path
from mvlake.capture.running import Running, Watch
from mvlake.capture.session import Session
from mvlake.errors import MvlakeError, VersionNotFound
from mvlake.lake.lake import Lake
from mvlake.lake.replay import CAPTURE_TO
from mvlake.records.draft import Draft, DraftCell
from mvlake.records.version import Origin

if TYPE_CHECKING:
    from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult, InteractiveShell

DISABLED = "MVLAKE_DISABLE"


class Kernel:
    """One IPython shell under watch."""

    def __init__(self, shell: "InteractiveShell", announce: Announce) -> None:
        self.shell = shell
        self.session = Session(capture_to=os.environ.get(CAPTURE_TO) or None)
        self.boundary = Boundary()
        self._announce = announce
        # Bound once: unregistering needs the very same objects.
        self._pre = self.boundary.guard(self._cell_begins)
        self._post = self.boundary.guard(self._cell_ends)

    def attach(self) -> None:
        """Begin to watch cells, the earlier ones as far as IPython remembers them."""
        self.shell.input_transformers_cleanup.append(strip_directive)
        self.shell.events.register("pre_run_cell", self._pre)
        self.shell.events.register("post_run_cell", self._post)
        self.boundary.guard(self._recall)()

    def detach(self) -> None:
        """Stop watching, and take everything back."""
        self.shell.events.unregister("pre_run_cell", self._pre)
        self.shell.events.unregister("post_run_cell", self._post)
        if strip_directive in self.shell.input_transformers_cleanup:
            self.shell.input_transformers_cleanup.remove(strip_directive)
        for running in self.session.running:
            if running.watch is not None:
                running.watch.stop()

    def notebook(self) -> str:
        """Return the path of the notebook, "" when it cannot be told."""
        return notebook_path(self.shell.user_ns)

    def checked_out(self, name: str, number: int, names: frozenset[str]) -> None:
        """Remember that variables came from a version: later cells that read them depend on the cell that fetched them."""
        self.session.built_on(name, number)
        for running in self.session.running[-1:]:
            running.restored |= names

    def _recall(self) -> None:
        """Take the cells that ran before the extension was loaded from IPython's history; their text says what they did."""
        history = self.shell.history_manager
        sources = list(history.input_hist_raw)[1:-1] if history is not None else []
        for count, source in enumerate(sources, 1):
            facts = analyze(self._transformed(source))
            existing = frozenset(name for name in facts.binds if name in self.shell.user_ns)
            self.session.add(DraftCell(source, count), facts, existing)

    def _transformed(self, source: str) -> str:
        try:
            return str(self.shell.transform_cell(source))
        except Exception:  # noqa: BLE001 - a half-typed magic; IPython shows the user what is wrong
            return source

    def _cell_begins(self, info: "ExecutionInfo") -> None:
        source = info.raw_cell or ""
        transformed = info.transformed_cell if info.transformed_cell is not None else self._transformed(source)
        facts = analyze(transformed)
        running = Running(
            info=info,
            source=source,
            facts=facts,
            before=identities(self.shell.user_ns),
            execution_count=self.shell.execution_count,
            cell_id=info.cell_id or "",
        )
        self.session.running.append(running)
        directive, origin = self._directive(source)
        if directive is not None and not self.session.is_paused and not os.environ.get(DISABLED):
            held = hold_inputs(self.session.reads_of(facts), self.shell.user_ns)
            git = GitProbe(os.getcwd()).start()  # noqa: PTH109 - the text of it is what is wanted
            running.watch = Watch(directive, origin, held, DisplayCopy(self.shell.display_pub), git)
            running.watch.start()

    def _directive(self, source: str) -> tuple[Directive | None, Origin]:
        if split_cell(source) is not None:
            return directive_of(source), Origin.CELL
        is_ours = source.lstrip().startswith(("%mv", "%load_ext", "%unload_ext", "%reload_ext"))
        return (Directive(self.session.auto) if self.session.auto is not None and not is_ours else None), Origin.AUTO

    def _cell_ends(self, result: "ExecutionResult") -> None:
        info = result.info
        running = self.session.end_of(info, (info.raw_cell or "") if info is not None else "")
        if running is None:
            return  # it began before the extension was loaded
        streams, pictures = running.watch.stop() if running.watch is not None else ({}, ())
        error = result.error_before_exec or result.error_in_exec
        stored = running.facts.binds | running.restored
        bound = bound_since(running.before, self.shell.user_ns, stored if error is None else running.restored)
        try:
            if running.watch is not None and error is not None:
                self._failed(running, running.watch, error)
            elif running.watch is not None:
                ended = Ended(running, running.watch, self.shell.user_ns, bound, result.result, streams, pictures)
                self._succeeded(ended)
        finally:
            # Whatever became of the version, the cell is part of what later cells build on.
            self.session.remember(running, bound, failed=error is not None)

    def _succeeded(self, ended: Ended) -> None:
        try:
            name = self._name(ended.watch.directive)
            lake = self.session.lake()
            draft = gather(self.session, lake, ended, name)
            if draft.origin is Origin.AUTO and makes_nothing(draft):
                return
            self.commit(lake, draft)
        except MvlakeError as problem:
            self._announce(NotMade(problem.message))

    def commit(self, lake: Lake, draft: Draft) -> None:
        """Commit a draft of this kernel, and announce it."""
        committed = lake.commit(draft)
        version = committed.version
        diff = None
        if version.parent is not None and not committed.is_confirmation:
            diff = lake.compare(f"{version.name}:v{version.parent}", version.ref)
        self.session.built_on(version.name, version.number)
        self._announce(Made(committed, diff))

    def _failed(self, running: Running, watch: Watch, error: BaseException) -> None:
        try:
            name = self._name(watch.directive)
            self.session.lake().record_attempt(gather_failure(self.session, running, name, error))
        except MvlakeError as problem:
            self._announce(NotMade(problem.message))

    def _name(self, directive: Directive) -> str:
        name = self.session.name_for(directive.name, self.notebook())
        if not name:
            raise VersionNotFound(MAGIC, wanted="it has no name yet: write %%track NAME once")
        return name
