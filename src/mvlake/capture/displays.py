"""Displays: what a cell shows, copied on its way to the front end, in the order in which a reader finds it there."""

from dataclasses import dataclass
from typing import Any

from mvlake.capture.media import Medium, media_of
from mvlake.capture.tap import Tap

MOST = 100
ROOM = 32 << 20  # bytes, all displays of a cell together
_OURS = "mvlake"  # in the metadata of what we show ourselves


@dataclass(frozen=True, slots=True)
class Display:
    """One display as it was last updated. `is_result`: it is what the cell's last expression was shown as."""

    media: tuple[Medium, ...]
    is_result: bool = False
    place: str = ""


class DisplayCopy:
    """A copy of all that is displayed between `start` and `stop`, and is still to be seen at the end."""

    def __init__(self, publisher: Any, hook: Any) -> None:  # IPython's DisplayPublisher and DisplayHook, or a kernel's
        self._publisher, self._hook = publisher, hook
        self._displays: list[Display] = []
        self._room, self._more, self._is_cleared = ROOM, 0, False
        self._taps: list[Tap] = []

    def start(self) -> None:
        """Begin to copy."""
        self._taps.append(Tap(self._publisher, "publish", self._published))
        self._taps.append(Tap(self._publisher, "clear_output", self._clear))
        self._taps.append(Tap(self._hook, "write_format_data", self._resulted))

    def stop(self) -> tuple[tuple[Display, ...], int]:
        """Put everything back as it was, and return the displays, and how many more there were than are kept."""
        while self._taps:
            self._taps.pop().stop()
        return tuple(self._displays), self._more

    def _published(
        self, data: Any, metadata: Any = None, *_: object, transient: Any = None, update: bool = False, **__: object
    ) -> None:
        if type(metadata) is dict and _OURS in metadata:
            return
        said = transient.get("display_id") if type(transient) is dict else None
        place = said if type(said) is str else ""
        known = [at for at, one in enumerate(self._displays) if place and one.place == place]
        if update is True and known:
            for at in known:
                self._displays[at] = Display(self._media(data, self._displays[at]), place=place)
        else:
            self._add(data, place=place)

    def _resulted(self, data: Any, *_: object, **__: object) -> None:
        self._add(data, is_result=True)

    def _clear(self, wait: Any = False, *_: object, **__: object) -> None:  # noqa: FBT002 - IPython's own signature
        if wait is True:
            self._is_cleared = True  # when the next display comes, and no earlier
        else:
            self._forget()

    def _forget(self) -> None:
        self._displays.clear()
        self._room, self._more, self._is_cleared = ROOM, 0, False

    def _add(self, data: Any, *, is_result: bool = False, place: str = "") -> None:
        if self._is_cleared:
            self._forget()
        if len(self._displays) >= MOST:
            self._more += 1
            return
        media = self._media(data)
        if media:  # a widget has none that is kept
            self._displays.append(Display(media, is_result, place))

    def _media(self, data: Any, instead_of: Display | None = None) -> tuple[Medium, ...]:
        self._room += _size(instead_of.media) if instead_of is not None else 0
        media = media_of(data, self._room)
        self._room -= _size(media)
        return media


def _size(media: tuple[Medium, ...]) -> int:
    return sum(len(one.content or "") for one in media)
