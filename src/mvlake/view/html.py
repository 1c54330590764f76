"""HTML: an answer as a fragment without script, request or trust, and as a whole page of its own."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from mvlake.compare.segments import Segment
from mvlake.records.digest import Digest
from mvlake.view.blocks import (
    Bars,
    Block,
    Chart,
    Curves,
    Facts,
    Fold,
    Foreign,
    Grid,
    Leaf,
    Listing,
    Overlay,
    Paragraph,
    Parallel,
    Pictures,
    Row,
    Section,
)
from mvlake.view.charts import chart_nodes
from mvlake.view.clean import visible
from mvlake.view.elements import Element, Node, Style, Text, count, element, markup
from mvlake.view.embedded import Embedded
from mvlake.view.foreign import foreign_nodes
from mvlake.view.outline.answers import outline
from mvlake.view.quantities import plural
from mvlake.view.segments import clipped
from mvlake.view.style import PAGE_SHEET, SHEET
from mvlake.view.words import NO_MATH, words_of

_LINE = 300
_MOST = 40_000
_CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def as_html(answer: Any, *, pictures: Mapping[Digest, bytes] | None = None) -> str:
    """Return a self-contained HTML fragment of any answer, Diff or MvlakeError; TypeError for anything else.

    `pictures` are the stored figures by digest: PNG ones are embedded, as far as a page can take them.
    """
    return blocks_html(outline(answer), pictures=pictures)


def blocks_html(blocks: Sequence[Block], *, pictures: Mapping[Digest, bytes] | None = None) -> str:
    """Return the fragment of blocks, with its style sheet."""
    return markup(element("div", Style(SHEET), *_Page(pictures or {}).elements(blocks), kind=f"mvl {NO_MATH}", translate="no"))


def page(answer: Any, title: str, *, pictures: Mapping[Digest, bytes] | None = None) -> str:
    """Return a whole HTML document, for a file that is opened in a browser; its policy forbids scripts and requests."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta name="generator" content="mvlake">\n'
        '<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_CSP}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(visible(title))}</title>\n<style>{PAGE_SHEET}</style>\n</head>\n<body>\n"
        f"{as_html(answer, pictures=pictures)}\n</body>\n</html>\n"
    )


class _Page:
    """Blocks on their way to elements, of which a page holds so many: more, no browser lays out in a time that anybody waits."""

    def __init__(self, pictures: Mapping[Digest, bytes]) -> None:
        self._embedded = Embedded(pictures)
        self._left = _MOST

    def elements(self, blocks: Sequence[Block]) -> list[Element]:
        """Return the elements of blocks; where the page is full, how many are not there."""
        made: list[Element] = []
        for place, block in enumerate(blocks):
            if self._left <= 0:
                rest = f"… and {plural(len(blocks) - place, 'more part')} not shown: the page is full; --json has everything"
                return [*made, element("p", rest, kind="mvl-muted")]
            made.append(self._block(block))
        return made

    def _block(self, block: Block) -> Element:
        match block:
            case Fold():
                return element("details", element("summary", *words_of(block.summary)), *self.elements(block.blocks))
            case Section():
                note: list[Node] = [" ", element("small", *words_of(block.note))] if block.note else []
                line = element("p", element("strong", block.heading), *note, kind="mvl-heading", role="heading", aria_level="3")
                return element("div", line, *self.elements(block.blocks), kind="mvl-section")
            case _:
                made = self._leaf(block)
                self._left -= count(made)
                return made

    def _leaf(self, block: Leaf) -> Element:
        match block:
            case Paragraph():
                return _paragraph(block)
            case Facts():
                return _facts(block)
            case Grid():
                return _grid(block)
            case Listing():
                return _listing(block)
            case Pictures():
                return self._embedded.side_by_side(block)
            case Overlay():
                return self._embedded.overlay(block)
            case Curves() | Bars() | Parallel():
                return _chart(block)
            case Foreign():
                return _foreign(block)


def _chart(block: Chart) -> Element:
    caption = element("p", *words_of(block.caption), kind="mvl-caption")
    wide = " mvl-wide" if isinstance(block, Parallel) else ""
    return element("div", caption, *chart_nodes(block), kind=f"mvl-chart{wide}")


def _paragraph(block: Paragraph) -> Element:
    # No h1 … h6: JupyterLab would list every output of a notebook in its table of contents.
    if block.is_title:
        return element("p", *words_of(block.words), kind="mvl-title", role="heading", aria_level="2")
    return element("p", *words_of(block.words))


def _facts(block: Facts) -> Element:
    rows = [
        element("tr", element("th", Text(label, 40), scope="row"), element("td", *words_of(words))) for label, words in block.rows
    ]
    return element("div", element("table", element("tbody", *rows), kind="mvl-facts"), kind="mvl-scroll")


def _grid(block: Grid) -> Element:
    kinds = [{"kind": "mvl-number"} if column.is_number else {} for column in block.columns]
    cells = zip(block.columns, kinds, strict=True)
    head = element("thead", element("tr", *[element("th", Text(one.heading, 40), scope="col", **kind) for one, kind in cells]))
    rows = [
        element("tr", *[element("td", *words_of(words), **kind) for words, kind in zip(row, kinds, strict=True)])
        for row in block.rows
    ]
    more = [element("p", f"… and {block.more:,} more", kind="mvl-muted")] if block.more else []
    return element("div", element("table", head, element("tbody", *rows)), *more, kind="mvl-scroll")


def _listing(block: Listing) -> Element:
    caption = [element("p", *words_of(block.caption), kind="mvl-caption")] if block.caption else []
    lines: list[Node] = []
    for row in block.rows:
        lines += [_line(row, is_diff=block.is_diff), "\n"]
    return element("div", *caption, element("pre", element("code", *lines[:-1])))


def _line(row: Row, *, is_diff: bool) -> Node:
    text = Text(row.text, _LINE, keeps_lines=True)
    if row.mark == "⋯":
        return element("span", "⋯ ", text, kind="mvl-muted")
    if not is_diff:
        return text
    # Not <ins> and <del>: without a style sheet, lines struck through and underscores underlined are hard to read.
    kind = {"+": "mvl-plus", "-": "mvl-minus"}.get(row.mark, "")
    return element("span", f"{row.mark} ", *(map(_segment, clipped(row.segments, _LINE)) if row.segments else [text]), kind=kind)


def _segment(segment: Segment) -> Node:
    text = Text(segment.text, _LINE, keeps_lines=True)
    return element("strong", text, kind="mvl-word") if segment.is_changed else text


def _foreign(block: Foreign) -> Element:
    caption = [element("p", *words_of(block.caption), kind="mvl-caption")] if block.caption else []
    return element("div", *caption, element("div", *foreign_nodes(block.html), kind="mvl-scroll"))
