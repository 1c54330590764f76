"""Displays: the pictures that a cell shows, copied on their way to the front end."""

import base64
from typing import Any

from mvlake.capture.tap import Tap

MAX_PICTURES = 50
MIME = "image/png"


class DisplayCopy:
    """A copy of every PNG that is displayed between `start` and `stop`."""

    def __init__(self, publisher: Any) -> None:  # IPython's DisplayPublisher, or a kernel's
        self._publisher = publisher
        self._pictures: list[bytes] = []
        self._tap: Tap | None = None

    def start(self) -> None:
        """Begin to copy."""
        self._tap = Tap(self._publisher, "publish", self._keep)

    def stop(self) -> tuple[bytes, ...]:
        """Put the publisher back as it was, and return the pictures."""
        if self._tap is not None:
            self._tap.stop()
            self._tap = None
        return tuple(self._pictures)

    def _keep(self, data: Any, *_: Any, **__: Any) -> None:
        picture = data.get(MIME) if type(data) is dict else None
        if type(picture) is str:
            picture = base64.b64decode(picture)
        if type(picture) is bytes and len(self._pictures) < MAX_PICTURES:
            self._pictures.append(picture)
