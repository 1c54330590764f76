"""Tracker: what is done around a tracked cell, and what becomes of it. Loaded with the first one: `%load_ext` is to be quick."""

from typing import TYPE_CHECKING

from mvlake.capture.announcement import Announce, NotMade
from mvlake.capture.boundary import Boundary
from mvlake.capture.destination import Destination
from mvlake.capture.directive import holds_code
from mvlake.capture.facts.monitor import Monitor
from mvlake.capture.gather import Ended, gather, gather_failure
from mvlake.capture.inputs import hold_inputs
from mvlake.capture.modules import ModuleShelf
from mvlake.capture.patience import Patience
from mvlake.capture.probes.git import GitProbe
from mvlake.capture.probes.notebook import folder_of, notebook_path
from mvlake.capture.running import Running
from mvlake.capture.secret_variables import secret_variables
from mvlake.capture.session import Session
from mvlake.capture.snapshot import snapshot
from mvlake.capture.watch import Watch
from mvlake.capture.writer import Writer
from mvlake.compare.diff import Diff
from mvlake.errors import MvlakeError, VersionNotFound
from mvlake.lake.directive import Directive, split_cell
from mvlake.lake.held_memory import ceiling
from mvlake.lake.lake import Lake
from mvlake.records.source import DIRECTIVE
from mvlake.records.version import Origin

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


class EmptyCell(Exception):
    """A tracked cell without code: an attempt, and no version."""


class Tracker:
    """Watches the tracked cells of one shell, and commits what they make."""

    def __init__(self, shell: "InteractiveShell", session: Session, announce: Announce, boundary: Boundary) -> None:
        self._shell, self._session, self._announce = shell, session, announce
        self._looked_at = 0
        self.destination = Destination(session, tell=announce.waiting)
        self._shelf = ModuleShelf()
        self._patience = Patience(boundary.note)
        self._writer = Writer(shell, session, self.destination, announce, boundary)

    def watch(self, running: Running, directive: Directive, origin: Origin) -> Watch:
        """Begin to watch a cell, and hold what it is about to read."""
        reads = self._session.reads_of(running.facts)
        git = GitProbe(folder_of(notebook_path(self._shell.user_ns))).start()
        held = hold_inputs(reads, self._shell.user_ns, known=self.destination.known, room=ceiling(), patience=self._patience)
        watch = Watch.of(self._shell, directive, origin, held, git, self._monitor(running))
        watch.start()
        return watch

    def _monitor(self, running: Running) -> Monitor:
        namespace, groups = self._shell.user_ns, tuple(one for one in running.facts.sites.sites if one.group)

        def group(line: int) -> str:
            name = next((one.group for one in groups if one.first <= line <= one.last), "")
            value = namespace.get(name)
            return str(value)[:60] if type(value) in (str, int, float, bool) else ""

        return Monitor(namespace, fitted=running.fits.fitted, group=group)

    def succeeded(self, ended: Ended) -> None:
        """Make a version of a cell that ended well, or say in one line why there is none."""
        if ended.watch.origin is Origin.CELL and not holds_code((split_cell(ended.running.source) or ("", ""))[1]):
            self.failed(ended.running, ended.watch, EmptyCell("it holds no code"))
            return
        try:
            name = self._name(ended.watch.directive.name)
            self._protect(ended.running)
            meanings = self.destination.lake().meanings(name)
            self._writer.write(gather(self._session, ended, name, self._shelf, meanings, self._patience))
        except MvlakeError as problem:
            self._announce(NotMade(problem.message))

    def failed(self, running: Running, watch: Watch, error: BaseException) -> None:
        """Record a cell that raised as an attempt."""
        try:
            name = self._name(watch.directive.name)
            self._protect(running)
            self._writer.write_failure(gather_failure(self._session, running, name, error))
        except MvlakeError as problem:
            self._announce(NotMade(problem.message))

    def take_snapshot(self, name: str, message: str) -> None:
        """Make the whole namespace and notebook a version; raises what goes wrong, for it was asked for by itself."""
        notebook = notebook_path(self._shell.user_ns)
        name = self._name(name)
        self.destination.lake().backlog.settle()
        self._protect()
        draft = snapshot(self._session, self.destination, self._shell.user_ns, name=name, message=message, notebook=notebook)
        self._announce(self._writer.commit(draft))

    def differences(self, lake: Lake, ref: str) -> Diff:
        """Return how this kernel and its notebook now differ from a version. Nothing is made, and no code of the user's runs."""
        from mvlake.capture.present import present  # no cell that is tracked has use for it

        then = lake.show(ref).dossier
        self._protect()
        namespace, notebook = self._shell.user_ns, notebook_path(self._shell.user_ns)
        tell = self._announce.waiting
        now = present(self._session, lake, namespace, then, notebook=notebook, patience=self._patience, tell=tell)
        return lake.compare_present(then, now)

    def _protect(self, running: Running | None = None) -> None:
        """Tell the lake what is secret, before any object is preserved: of each cell that ran once."""
        cells = self._session.cells
        sources = [cell.source for cell in cells[self._looked_at :]]
        self._looked_at = len(cells)
        if running is not None:
            sources.append(running.source)
        self.destination.lake().protect(secret_variables(self._shell.user_ns), sources)

    def _name(self, stated: str) -> str:
        name = self._session.name_for(stated, notebook_path(self._shell.user_ns))
        if not name:
            raise VersionNotFound(DIRECTIVE, wanted="it has no name yet: write %%track NAME once")
        return name
