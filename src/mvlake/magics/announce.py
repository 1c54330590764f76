"""Announce: the one quiet card after a tracked cell, through the display channel alone.

A version that is written in the background has its card at once; the words on it are replaced when the version is durable.
"""

import os
import uuid
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mvlake.lake import variables

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from mvlake.capture.announcement import Announcement
    from mvlake.lake.backlog import Progress

MARK = "mvlake"
_METADATA = {MARK: {"card": True}}


class Announcer:
    """What shows announcements in one shell. MVLAKE_CARD=off shows none."""

    def __init__(self, shell: "InteractiveShell") -> None:
        self._shell = shell
        self._later: deque[Announcement] = deque()
        self._waiting = ""  # the display in which it is said what is waited for

    def __call__(self, announcement: "Announcement") -> None:
        """Show it after the cell that has just ended."""
        bundle = _bundle(announcement)
        if bundle:
            self._publish(bundle)

    def writing(self, name: str, size: int) -> "Callable[[Announcement], None]":
        """Show that a version is being written; return what takes the place of these words."""
        from mvlake.view.card import writing_html, writing_text

        place = _new_place()
        self._publish({"text/plain": writing_text(name, size), "text/html": writing_html(name, size)}, place=place)
        publisher = self._shell.display_pub
        if not _sends_messages(publisher):
            return self._later.append  # a terminal, where a thread would write into what the user is typing
        cell = publisher.parent_header  # by the time of the update another cell may be running

        def update(announcement: "Announcement") -> None:
            if not _is_silent():
                _send_update(publisher, _bundle(announcement) or _EMPTY, place=place, cell=cell)

        return update

    def waiting(self, progress: "Progress") -> None:
        """Show what is waited for, in one place that is emptied at the end."""
        from mvlake.lake.backlog import to_terminal
        from mvlake.view.card import waiting_html, waiting_text

        if not _sends_messages(self._shell.display_pub):
            to_terminal(progress)
            return
        said = (progress.name, progress.done, progress.size, progress.cancelled, progress.what)
        bundle = {"text/plain": waiting_text(*said), "text/html": waiting_html(*said)}
        if progress.is_over and not progress.cancelled:
            bundle = _EMPTY
        is_new = not self._waiting
        self._waiting = self._waiting or _new_place()
        self._publish(bundle, place=self._waiting, update=not is_new)
        if progress.is_over:
            self._waiting = ""

    def catch_up(self) -> None:
        """Show what ended in the meantime, where a thread must not write on the screen."""
        while self._later:
            self(self._later.popleft())

    def _publish(self, bundle: Mapping[str, str], *, place: str = "", update: bool = False) -> None:
        if _is_silent():
            return
        if place and _sends_messages(self._shell.display_pub):
            self._shell.display_pub.publish(bundle, _METADATA, transient={"display_id": place}, update=update)
        else:
            self._shell.display_pub.publish(bundle, _METADATA)


_EMPTY = {"text/plain": "", "text/html": ""}


@dataclass(frozen=True, slots=True)
class More:
    """Other media that are published beside text and HTML, and what is said of them."""

    media: Mapping[str, Any]
    metadata: Mapping[str, Any]


NOTHING_MORE = More({}, {})


def publish(shell: "InteractiveShell", *, text: str, html: str, more: More = NOTHING_MORE) -> None:
    """Show something without it becoming a result: no `Out`, no `_`."""
    shell.display_pub.publish({"text/plain": text, "text/html": html, **more.media}, {**_METADATA, **more.metadata})


def _bundle(announcement: "Announcement") -> dict[str, str]:
    """Return an announcement as text and HTML; nothing where there is nothing to tell."""
    from mvlake.capture.announcement import Late, Made, NotMade
    from mvlake.view.card import (  # not before there is something to show
        card_html,
        card_text,
        failure_html,
        failure_text,
        late_html,
        late_text,
    )

    if isinstance(announcement, Made):
        said = (announcement.committed, announcement.diff)
        is_late = announcement.was_awaited
        return {"text/plain": card_text(*said, was_awaited=is_late), "text/html": card_html(*said, was_awaited=is_late)}
    if isinstance(announcement, NotMade):
        return {"text/plain": failure_text(announcement.sentence), "text/html": failure_html(announcement.sentence)}
    if isinstance(announcement, Late):
        return {"text/plain": late_text(announcement.cells), "text/html": late_html(announcement.cells)}
    return {}


def _is_silent() -> bool:
    return os.environ.get(variables.CARD, "").lower() in ("off", "0", "no", "false")


def _new_place() -> str:
    return f"mvlake-{uuid.uuid4().hex}"


def _sends_messages(publisher: Any) -> bool:
    """True for the publisher of a Jupyter kernel; a terminal's prints."""
    return all(hasattr(publisher, name) for name in ("session", "pub_socket", "topic", "parent_header"))


def _send_update(publisher: Any, bundle: Mapping[str, str], *, place: str, cell: Any) -> None:
    """Send an update as a part of the cell that showed the display: `publish` would name the cell that runs now, or none."""
    content = {"data": dict(bundle), "metadata": _METADATA, "transient": {"display_id": place}}
    message = publisher.session.msg("update_display_data", content, parent=cell)
    publisher.session.send(publisher.pub_socket, message, ident=publisher.topic)
