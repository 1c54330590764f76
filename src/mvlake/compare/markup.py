"""Markup: what HTML, SVG and JSON show, without the identifiers that libraries make up anew for each picture and table."""

import json
import re
from html import unescape
from typing import Any

_TAG = re.compile(r"(?P<closes>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)")
_CELLS = frozenset({"td", "th"})
_UNSEEN = frozenset({"script", "style", "template", "head", "title"})
_BLOCKS = frozenset({"p", "div", "tr", "table", "li", "br", "h1", "h2", "h3", "h4", "pre", "caption", "summary"})
# A UUID, a Styler's table, an estimator of scikit-learn's diagrams.
_MADE_UP = re.compile(
    r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\bT_[0-9a-f]{5}(?=[_\"'\s,{])|\bsk-(?:container|estimator)-id-\d+"
)
_IDENTIFIER = re.compile(r"""(?<=\bid=")[^"]*|(?<=url\(#)[^)"]*|(?<=href="#)[^"]*""")
_TIMED = ("--doc-link-refit_time_;", "--doc-link-cv_results_;")
_VALUE = 'class="fitted-att-type"'
_UID = "uid"  # plotly's name for a trace


def without_made_up(html: str) -> str:
    """Return HTML without the identifiers that are known to be made up, and the timings of a search.

    >>> without_made_up('<table id="T_1a2b3"><td id="T_1a2b3_row0">')
    '<table id="…"><td id="…_row0">'
    """
    return _MADE_UP.sub("…", "<tr".join(_untimed(row) for row in html.split("<tr")))


def _untimed(row: str) -> str:
    """Return a row of a table; without its value where scikit-learn's diagram of a search tells how long something took."""
    if not any(name in row for name in _TIMED):
        return row
    value, end = row.find(_VALUE), row.find("</tr>")
    return f"{row[:value]}…{row[end:]}" if 0 <= value < end else row


def visible_text(html: str) -> str:
    r"""Return what a reader of HTML sees, a line for each row and paragraph.

    The parser of the standard library takes time with the square of some texts, and these may be anybody's: this one reads on.

    >>> visible_text("<style>p {}</style><p>a <b>bold</b>  word</p><table><tr><td>1</td><td>2 &lt; 3</td></tr></table>")
    'a bold word\n1 2 < 3'
    """
    before, *pieces = html.split("<")
    parts, hidden = [before.replace("\n", " ")], 0
    for piece in pieces:
        tag, end, text = piece.partition(">")
        named = _TAG.match(tag)
        if not end or named is None:
            parts.append("" if hidden or tag.startswith("!") else f"<{piece}")
            continue
        name, closes = named["name"].lower(), bool(named["closes"])
        if name in _UNSEEN:
            hidden = max(hidden - 1, 0) if closes else hidden + 1
        parts.append("\n" if name in _BLOCKS else " " if name in _CELLS else "")
        parts.append("" if hidden else text.replace("\n", " "))
    lines = (" ".join(line.split()) for line in unescape("".join(parts)).split("\n"))
    return "\n".join(line for line in lines if line)


def drawing(svg: str) -> str:
    """Return an SVG without its metadata, with its identifiers counted: which they are changes nothing of the drawing.

    >>> drawing('<svg><metadata>today</metadata><path id="m7af3"/><use href="#m7af3"/></svg>')
    '<svg><path id="1"/><use href="#1"/></svg>'
    """
    numbers: dict[str, str] = {}
    return _IDENTIFIER.sub(lambda match: numbers.setdefault(match[0], str(len(numbers) + 1)), _without_metadata(svg))


def _without_metadata(svg: str) -> str:
    before, *pieces = svg.split("<metadata>")
    return before + "".join(
        piece.partition("</metadata>")[2] if "</metadata>" in piece else f"<metadata>{piece}" for piece in pieces
    )


def spread_out(text: str) -> str:
    """Return JSON as one line a value, its keys sorted and identifiers of traces left out; the text where it is no JSON."""
    try:
        return json.dumps(_without_uids(json.loads(text)), indent=0, sort_keys=True, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def _without_uids(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_uids(one) for key, one in value.items() if not (key == _UID and isinstance(one, str))}
    return [_without_uids(one) for one in value] if isinstance(value, list) else value
