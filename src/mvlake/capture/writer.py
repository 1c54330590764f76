"""Writer: what was gathered becomes a version, while the user waits or, when there is much of it, while the user goes on."""

import contextlib
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from mvlake.capture import hush
from mvlake.capture.announcement import Announce, Announcement, Made, Nothing, NotMade
from mvlake.capture.attendance import is_unattended
from mvlake.capture.boundary import Boundary
from mvlake.capture.destination import Destination
from mvlake.capture.gather import Gathered, makes_nothing
from mvlake.capture.session import Session
from mvlake.errors import MvlakeError
from mvlake.lake.backlog import Cancelled, Job
from mvlake.lake.keeping import keeping
from mvlake.lake.lake import Lake
from mvlake.records.draft import Draft, FailedDraft
from mvlake.records.version import Origin

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

AT_ONCE = 4 << 20  # bytes that are written before the prompt is back: it takes less than anybody notices


class Writer:
    """Commits what the cells of one shell made, in their order."""

    def __init__(
        self, shell: "InteractiveShell", session: Session, destination: Destination, announce: Announce, boundary: Boundary
    ) -> None:
        self._shell, self._session, self._destination = shell, session, destination
        self._announce, self._boundary = announce, boundary

    def write(self, gathered: Gathered) -> None:
        """Make a version of what was gathered, now or in the background."""
        if gathered.draft.origin is Origin.AUTO and gathered.makes_nothing():
            return
        lake, weight = self._destination.lake(), gathered.catch.weight
        gathered.catch.keep(keeping(lake.policy().data, asked=gathered.catch.asked, environ=os.environ))
        to_read = gathered.files.to_read(lake)
        if self._is_done_at_once(lake, weight, gathered.catch.work + to_read):
            draft = gathered.finish(lake, self._destination.parent_for(gathered.draft.name))
            if draft.origin is not Origin.AUTO or not makes_nothing(draft):
                self._announce(self.commit(draft))
            return
        try:
            lake.backlog.make_room(weight)
        except KeyboardInterrupt:
            self._announce(NotMade(f"interrupted while there was no room in memory to hold what {gathered.draft.name} is to keep"))
            return
        gathered.catch.hold(lake)
        self._submit(lake, gathered, weight, weight + to_read)

    def write_failure(self, draft: FailedDraft) -> None:
        """Record a cell that raised: at once, or when its turn has come."""
        lake = self._destination.lake()
        if lake.backlog.is_empty or is_unattended(self._shell):
            lake.record_attempt(draft)
            return
        record = self._boundary.guard_quietly(lambda: lake.record_attempt(draft))
        lake.backlog.submit(Job(draft.name, 0, write=lambda _: record(), drop=lambda: None))

    def commit(self, draft: Draft, *, was_awaited: bool = False) -> Made:
        """Commit a draft, and return what there is to tell."""
        lake = self._destination.lake()
        try:
            committed = lake.commit(draft)
        except MvlakeError:
            self._destination.known.forget()  # something of it may have been collected
            raise
        if not committed.is_confirmation:
            self._destination.known.remember(draft.artifacts)
        version = committed.version
        self._session.built_on(version.name, version.number)
        diff = None
        if version.parent is not None and not committed.is_confirmation:
            with contextlib.suppress(MvlakeError):  # the version is there, whatever its parent has become
                diff = lake.compare(f"{version.name}:v{version.parent}", version.ref, quick=True)
        return Made(committed, diff, was_awaited)

    def _is_done_at_once(self, lake: Lake, weight: int, work: int) -> bool:
        """True for little, for more than may be held, in a replay, and where nobody waits for the prompt.

        `work` is how many bytes could be written in the time that it takes: files are read, data is profiled.

        Behind something that is being written, even a little waits for its turn, or else numbers would not follow the cells.
        """
        if weight > lake.backlog.ceiling or self._destination.is_scratch or is_unattended(self._shell):
            return True
        return work <= AT_ONCE and lake.backlog.is_empty

    def _submit(self, lake: Lake, gathered: Gathered, weight: int, work: int) -> None:
        name = gathered.draft.name
        show = self._shown_once(self._announce.writing(name, work))
        self._session.last_name = name
        lake.backlog.submit(
            Job(
                name,
                weight,
                write=lambda job: show(self._written(job, gathered)),
                drop=lambda: show(NotMade(f"interrupted before {name} was written")),
            )
        )

    def _written(self, job: Job, gathered: Gathered) -> Announcement | None:
        with hush.here():
            return self._outcome(job, gathered)

    def _outcome(self, job: Job, gathered: Gathered) -> Announcement | None:
        """Write in the background. Whatever goes wrong is told on the card and written to the log file; it stops nothing else."""
        try:
            lake, name = self._destination.lake(), gathered.draft.name
        except MvlakeError as problem:
            return self._failed(problem)
        try:
            draft = gathered.finish(lake, self._destination.parent_for(name), job)
            if draft.origin is Origin.AUTO and makes_nothing(draft):
                return Nothing()
            job.finalize()
            return self.commit(draft, was_awaited=True)
        except Cancelled:
            lake.abandon()
            return None  # who cancelled it has said so
        except BaseException as error:  # noqa: BLE001 - nobody above would hear of it
            lake.abandon()
            return self._failed(error)

    def _failed(self, error: BaseException) -> NotMade:
        self._boundary.note(error)
        if isinstance(error, MvlakeError):
            return NotMade(error.message)
        return NotMade(f"{type(error).__name__} in capture (details in {self._boundary.path})")

    def _shown_once(self, show: Callable[[Announcement], None]) -> Callable[[Announcement | None], None]:
        """Return `show` such that the first announcement is the last, and that nothing comes out of it."""
        said: list[Announcement] = []

        def shown(announcement: Announcement | None) -> None:
            if announcement is None or said:
                return
            said.append(announcement)
            self._boundary.guard_quietly(lambda: show(announcement))()  # a kernel that is closing may refuse it

        return shown
