"""Receiver: the side of a lake that capture knows. It takes what a cell made, and commits it."""

import os
from collections.abc import Iterable
from typing import Any

from mvlake.compare.diff import Diff
from mvlake.lake import commit, present, preserve, preserve_file
from mvlake.lake.arguments import checking_arguments
from mvlake.lake.backlog import Backlog, backlog_of
from mvlake.lake.manner import AT_ONCE, Manner
from mvlake.lake.open import parts_of, read_id
from mvlake.lake.parts import Parts
from mvlake.lake.policy import read_policy
from mvlake.lake.preserve_file import PreservedFile
from mvlake.lake.stamp import Stamp
from mvlake.records.answers import Committed
from mvlake.records.artifact import DraftArtifact, Omission, Role
from mvlake.records.dossier import Dossier
from mvlake.records.draft import Draft, FailedDraft
from mvlake.records.policy import Policy
from mvlake.store.keys import SETTINGS


@checking_arguments
class Receiver:
    """An opened lake, before anybody asks it anything."""

    def __init__(self, parts: Parts) -> None:
        self._opened = parts
        self._pid = os.getpid()
        self._backlog = backlog_of(parts.store.location, parts.lake_id)

    @property
    def _parts(self) -> Parts:
        """What a verb works with, once all that this process has yet to write of the lake is written."""
        self._backlog.settle()
        return self._now

    @property
    def _now(self) -> Parts:
        """The parts, whatever is being written. A forked child opens the lake for itself: its parent's locks may stay shut."""
        if self._pid != os.getpid():
            self._opened, self._pid = parts_of(self._opened.store, clock=self._opened.clock), os.getpid()
        return self._opened

    @property
    def path(self) -> str:
        """Where the lake is."""
        return self._opened.store.location

    @property
    def backlog(self) -> Backlog:
        """What this process has yet to write; every verb waits until it is empty."""
        return self._backlog

    def commit(self, draft: Draft) -> Committed:
        """Make a draft a version, or record that it confirms one."""
        try:
            return commit.commit(self._parts, draft)
        except BaseException:
            self.abandon()
            raise

    def record_attempt(self, draft: FailedDraft) -> None:
        """Record an execution that raised."""
        commit.record_attempt(self._parts, draft)

    def preserve(self, role: Role, name: str, obj: Any, manner: Manner = AT_ONCE) -> preserve.Preserved:
        """Return the artifact that an object, or what a handler held for a job, makes for a draft; or what is said of it."""
        return preserve.preserve(self._now, role, name, obj, manner)

    def look(self, role: Role, name: str, obj: Any, version: str) -> DraftArtifact | Omission:
        """Return what an object would be as an artifact of a name's version: nothing is written, and none of its code runs."""
        return present.look(self._now, role, name, obj, version)

    def compare_present(self, then: Dossier, now: present.Present) -> Diff:
        """Return how what a kernel holds now differs from a version."""
        return present.compare_present(self._parts, then, now)

    def protect(self, values: Iterable[tuple[str, str]], sources: Iterable[str] = ()) -> None:
        """Learn (rule, value) of what is secret, and what secrets code holds: marks replace them in all that is written."""
        self._now.guard.protect(values, sources)

    def preserve_file(self, name: str, path: str, stamp: Stamp, *, keep: bool, manner: Manner = AT_ONCE) -> PreservedFile:
        """Return what a file contains that still is what its stamp says, for a draft; with `keep` its content too."""
        return preserve_file.preserve_file(self._now, name, path, stamp, keep=keep, manner=manner)

    def knows_file(self, stamp: Stamp) -> bool:
        """True when this process has read the file already."""
        return stamp in self._now.files

    def policy(self) -> Policy:
        """Return what the lake's `policy.toml` says now; Invalid where nobody can mean that."""
        return read_policy(self._now.store)

    def abandon(self) -> None:
        """Forget what was preserved for a draft that will not be committed."""
        preserve.abandon(self._now)

    def is_here(self) -> bool:
        """True while the lake that was opened is still where it was."""
        return self._now.store.get(SETTINGS) is not None and read_id(self._now.store) == self._now.lake_id

    def latest(self, name: str) -> int | None:
        """Return the number of a name's newest version, None when it has none."""
        self._parts.log.refresh()
        return self._parts.ledger.count(name) or None
