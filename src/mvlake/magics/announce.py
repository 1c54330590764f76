"""Announce: the one quiet card after a tracked cell, through the display channel alone."""

import os
from typing import TYPE_CHECKING

from mvlake.lake import variables

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from mvlake.capture.announcement import Announce, Announcement

MARK = "mvlake"


def announcer(shell: "InteractiveShell") -> "Announce":
    """Return what shows announcements in this shell. MVLAKE_CARD=off shows none."""

    def announce(announcement: "Announcement") -> None:
        if os.environ.get(variables.CARD, "").lower() in ("off", "0", "no", "false"):
            return
        from mvlake.capture.announcement import Made
        from mvlake.view.card import card_html, card_text, failure_html, failure_text  # not before there is something to show

        if isinstance(announcement, Made):
            text, html = (
                card_text(announcement.committed, announcement.diff),
                card_html(announcement.committed, announcement.diff),
            )
        else:
            text, html = failure_text(announcement.sentence), failure_html(announcement.sentence)
        publish(shell, text=text, html=html)

    return announce


def publish(shell: "InteractiveShell", *, text: str, html: str) -> None:
    """Show something without it becoming a result: no `Out`, no `_`."""
    shell.display_pub.publish({"text/plain": text, "text/html": html}, {MARK: {"card": True}})
