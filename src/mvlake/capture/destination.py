"""Destination: the lake that takes a kernel's new versions."""

import os

from mvlake.capture.known import Known
from mvlake.capture.session import Session
from mvlake.errors import LakeNotFound, MvlakeError
from mvlake.lake import variables
from mvlake.lake.backlog import Tell, to_terminal
from mvlake.lake.lake import Lake


class Destination:
    """The user's lake or, in a replay, the scratch lake that MVLAKE_CAPTURE_TO names: `is_scratch`."""

    def __init__(self, session: Session, *, tell: Tell = to_terminal) -> None:
        self._session, self._tell = session, tell
        self._path = os.environ.get(variables.CAPTURE_TO) or None
        self._lake: Lake | None = None
        self.known = Known()

    @property
    def is_scratch(self) -> bool:
        """True in a replay: what is asked of a lake is then asked of another one than captures go to."""
        return self._path is not None

    def lake(self) -> Lake:
        """Return the lake; opened, or made, when it is first wanted.

        Raises LakeNotFound when it has been deleted since: a lake that a user removed does not come back by itself.
        """
        if self._lake is not None and not self._lake.is_here():
            try:
                found = Lake.open(self._path, create=False)
            except MvlakeError as error:
                # It stays remembered: forgotten, the next cell would make a new one.
                raise LakeNotFound(self._lake.path) from error
            self._lake = found
            self.known.forget()
            self._session.parents.clear()  # the numbers were those of the lake that is gone
        if self._lake is None:
            self._lake = Lake.open(self._path)
        self._lake.backlog.tell = self._tell
        return self._lake

    def close(self) -> None:
        """Wait until everything is written; then whoever waits is told on the terminal again."""
        if self._lake is not None:
            self._lake.backlog.settle()
            self._lake.backlog.tell = to_terminal

    def parent_for(self, name: str) -> int | None:
        """Return what a new version builds on: the one last made or checked out here, else the newest that the lake has."""
        return self._session.parents.get(name) or self.lake().latest(name)
