"""Displays: the pictures that a cell shows, copied on their way to the front end."""

import base64
from typing import Any

MAX_PICTURES = 50
MIME = "image/png"


class DisplayCopy:
    """A copy of every PNG that is displayed between `start` and `stop`."""

    def __init__(self, publisher: Any) -> None:  # IPython's DisplayPublisher, or a kernel's
        self._publisher = publisher
        self._pictures: list[bytes] = []
        self._publish: Any = None

    def start(self) -> None:
        """Begin to copy, by an attribute on the publisher: its class, and its hooks, stay as they are."""
        original = self._publisher.publish

        def publish(data: Any, *args: Any, **kwargs: Any) -> Any:
            self._keep(data)
            return original(data, *args, **kwargs)

        self._publish = publish
        self._publisher.publish = publish

    def stop(self) -> tuple[bytes, ...]:
        """Put the publisher back as it was, and return the pictures."""
        if self._publish is not None and self._publisher.__dict__.get("publish") is self._publish:
            del self._publisher.publish
        self._publish = None
        return tuple(self._pictures)

    def _keep(self, data: Any) -> None:
        picture = data.get(MIME) if type(data) is dict else None
        if isinstance(picture, str):
            picture = base64.b64decode(picture)
        if type(picture) is bytes and len(self._pictures) < MAX_PICTURES:
            self._pictures.append(picture)
