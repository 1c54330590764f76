"""Foreign HTML: of what somebody's library wrote, the elements that are on our own lists, without one attribute.

A reader of a lake that a stranger wrote sees the table and its text. Whatever scripts, loads, links or styles is left out, with all
that is in it; what has merely another name is passed over, and its text stays.
"""

from html.parser import HTMLParser

from mvlake.view.elements import Element, Node, Text, element

_TAGS = frozenset({"code", "div", "p", "pre", "small", "span", "strong", "table", "tbody", "td", "th", "thead", "tr"})
_ALSO = {"b": "strong", "tfoot": "tbody", "li": "p", "h1": "p", "h2": "p", "h3": "p", "h4": "p", "caption": "p", "label": "span"}
_DROPPED = frozenset(
    {"script", "style", "svg", "math", "iframe", "object", "template", "noscript", "textarea", "select", "title", "head"}
    | {"audio", "video", "canvas", "xmp", "plaintext", "noembed", "noframes"}
)
_DEEPEST = 40
_MOST = 20_000  # elements and texts
_LONGEST = 500  # characters of one text


def foreign_nodes(html: str) -> tuple[Node, ...]:
    """Return what is left of a piece of HTML; never raises, whatever it is."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.finish()


class _Reader(HTMLParser):
    """Builds elements of ours. `_open` is the path to where the reader is: a tag, ours for it, and what is in it so far."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[str, str | None, list[Node]]] = [("", None, [])]
        self._dropped: list[str] = []
        self._count = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - none is kept
        if self._dropped or tag in _DROPPED:
            self._dropped += [tag] if tag in _DROPPED else []
            return
        ours = tag if tag in _TAGS else _ALSO.get(tag)
        if ours is not None and len(self._open) < _DEEPEST and self._count < _MOST:
            self._count += 1
            self._open.append((tag, ours, []))
        elif tag == "br":
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._dropped:
            if tag == self._dropped[-1]:
                self._dropped.pop()
            return
        if any(tag == name for name, _, _ in self._open[1:]):
            while self._close() != tag:
                pass

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _DROPPED:
            self.handle_starttag(tag, attrs)
            self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        if not self._dropped and self._count < _MOST and data.strip():
            self._count += 1
            self._open[-1][2].append(Text(data, _LONGEST, keeps_lines=True))

    def finish(self) -> tuple[Node, ...]:
        """Close what is open, and return all that was built."""
        while len(self._open) > 1:
            self._close()
        return tuple(self._open[0][2])

    def _close(self) -> str:
        tag, ours, nodes = self._open.pop()
        made: Element = element(ours or "span", *nodes)
        self._open[-1][2].append(made)
        return tag
