"""Elements: HTML that cannot be anything but what it says.

Markup is made of elements alone, text is escaped when it is written, and tags, attributes and their values must be on the lists
below: data can neither open a tag nor leave an attribute. GitHub, nbconvert and JupyterLab keep what is on these lists, except
`style` and drawings (`svg` and what is in it), which the page does not need in order to be read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import TypeAlias

from mvlake.view.clean import visible

_CLASS = re.compile(r"(?:mvl(?:-[a-z]+)*|mathjax_ignore|tex2jax_ignore)(?: (?:mvl(?:-[a-z]+)*|mathjax_ignore|tex2jax_ignore))*")
_WORD = re.compile(r"[A-Za-z0-9]*")
_PNG = re.compile(r"data:image/png;base64,[A-Za-z0-9+/]+={0,2}")
_ANY = re.compile(r".*", re.DOTALL)
_AMOUNT = r"\d{1,5}(?:\.\d{1,2})?"
_NUMBER = re.compile(_AMOUNT)
_PATH = re.compile(rf"(?:[ML]{_AMOUNT} {_AMOUNT})+")

# Every tag that a fragment may hold.
TAGS = frozenset(
    {"bdi", "code", "details", "div", "figcaption", "figure", "img", "p", "pre", "small", "span", "strong", "style"}
    | {"summary", "table", "tbody", "td", "th", "thead", "tr"}
    | {"path", "rect", "svg", "title"}  # drawings
)
# Every attribute, with the form of its value. No id, no name, no href, no style, nothing that scripts or commands hang on.
# `viewbox` and `preserveaspectratio` are written as HTML reads them: it minds no case, and gives SVG its own.
ATTRIBUTES: Mapping[str, re.Pattern[str]] = {
    "alt": _ANY,
    "aria-level": _WORD,
    "class": _CLASS,
    "d": _PATH,
    "fill": re.compile("none|currentColor"),
    "height": _NUMBER,
    "hidden": re.compile(""),
    "preserveaspectratio": re.compile("none"),
    "role": _WORD,
    "scope": _WORD,
    "src": _PNG,
    "stroke": re.compile("none|currentColor"),
    "translate": _WORD,
    "viewbox": re.compile(rf"0 0 {_AMOUNT} {_AMOUNT}"),
    "width": _NUMBER,
    "x": _NUMBER,
    "y": _NUMBER,
}
_VOID = frozenset({"img"})


@dataclass(frozen=True, slots=True)
class Element:
    """A tag with attributes and content."""

    tag: str
    attributes: tuple[tuple[str, str], ...]
    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Text:
    """Text from anywhere: written visible, clipped and escaped."""

    text: str
    limit: int
    keeps_lines: bool = False


@dataclass(frozen=True, slots=True)
class Style:
    """A style sheet of ours: the one thing that is written as it stands."""

    sheet: str


Node: TypeAlias = "Element | Text | Style | str"


def element(tag: str, *children: Node, kind: str = "", **attributes: str) -> Element:
    """Return an element; `kind` is its class, `aria_level` is written `aria-level`. A plain `str` child is short text.

    Raises ValueError for a tag, attribute or attribute value that is not on the lists.
    """
    given = ({"class": kind} if kind else {}) | {name.replace("_", "-"): value for name, value in attributes.items()}
    if tag not in TAGS:
        raise ValueError(f"not a tag of ours: {tag}")
    for name, value in given.items():
        if name not in ATTRIBUTES or not ATTRIBUTES[name].fullmatch(value):
            raise ValueError(f"not an attribute of ours: {name}")
    return Element(tag, tuple(given.items()), children)


def markup(node: Node) -> str:
    """Return the HTML of a node.

    >>> markup(element("p", "a < b", kind="mvl-line"))
    '<p class="mvl-line">a &lt; b</p>'
    """
    parts: list[str] = []
    _write(node, parts)
    return "".join(parts)


def count(node: Node) -> int:
    """Return how many elements and texts a node is made of."""
    return 1 + sum(map(count, node.children)) if isinstance(node, Element) else 1


def _write(node: Node, parts: list[str]) -> None:
    if isinstance(node, str):
        parts.append(_escaped(visible(node, keeps_lines=True)))
    elif isinstance(node, Text):
        parts.append(_escaped(visible(node.text, limit=node.limit, keeps_lines=node.keeps_lines)))
    elif isinstance(node, Style):
        parts.append(f"<style>{node.sheet}</style>")
    else:
        given = "".join(f' {name}="{_escaped(value)}"' for name, value in node.attributes)
        parts.append(f"<{node.tag}{given}>")
        if node.tag not in _VOID:
            for child in node.children:
                _write(child, parts)
            parts.append(f"</{node.tag}>")


def _escaped(text: str) -> str:
    return escape(text, quote=True)
