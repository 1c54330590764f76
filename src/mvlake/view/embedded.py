"""Embedded: stored pictures within a page, each once, and no more bytes of them than a page can take."""

import base64
from collections.abc import Mapping

from mvlake.records.digest import Digest
from mvlake.view.blocks import Overlay, Picture, Pictures
from mvlake.view.clean import visible
from mvlake.view.elements import Element, Text, element
from mvlake.view.quantities import size
from mvlake.view.words import words_of

_PNG = b"\x89PNG\r\n\x1a\n"
_LARGEST, _MOST = 8_000_000, 32_000_000


class Embedded:
    """The pictures that a page may show, by digest; how many bytes of them it has taken."""

    def __init__(self, pictures: Mapping[Digest, bytes]) -> None:
        self._pictures, self._left = pictures, _MOST

    def side_by_side(self, block: Pictures) -> Element:
        """Return pictures side by side."""
        shown = [figure for one in block.pictures for figure in self._figure(one)]
        caption = [element("p", *words_of(block.caption))] if block.caption else []
        return element("div", *caption, *([element("div", *shown, kind="mvl-pictures")] if shown else []))

    def overlay(self, block: Overlay) -> Element:
        """Return both pictures side by side; where the fold before them is open, the style sheet lays them on one another."""
        shown = [figure for one in (block.a, block.b) for figure in self._figure(one)]
        caption = [element("p", *words_of(block.caption))] if block.caption else []
        if len(shown) < 2:
            return element("div", *caption, *([element("div", *shown, kind="mvl-pictures")] if shown else []))
        said = f"The bar below moves the border: left of it {visible(block.a.caption)}, right of it {visible(block.b.caption)}."
        # Hidden, unless there is a style sheet of ours, which shows it: without one it could do nothing.
        inside = element("summary", "on one another"), element("p", said, kind="mvl-muted")
        fold = element("details", *inside, kind="mvl-over", hidden="")
        track = element("div", element("div", *shown, kind="mvl-pictures"), kind="mvl-track")
        return element("div", *caption, fold, element("div", track, kind="mvl-slide"))

    def _figure(self, picture: Picture) -> list[Element]:
        """Return a stored picture with its caption; nothing where there is none, or what is there is no PNG."""
        png = self._pictures.get(picture.digest) if picture.digest is not None else None
        if png is None or not png.startswith(_PNG):
            return []
        caption = element("figcaption", Text(picture.caption, 120))
        if len(png) > min(_LARGEST, self._left):
            return [element("figure", caption, element("p", f"not shown here: {size(len(png))}", kind="mvl-muted"))]
        self._left -= len(png)
        image = element("img", src=_source(png), alt=visible(picture.caption))
        return [element("figure", caption, image)]


def _source(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")
