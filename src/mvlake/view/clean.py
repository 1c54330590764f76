r"""Clean text: what data may look like when people read it.

Names, messages and outputs come from anyone. A terminal must get no escape sequence from them, a page no reordering, and a
megabyte no more than a line. What cannot be seen is written as its escape: `\x1b`, `\u202e`, `\ud800`.
"""

import re
import unicodedata

LIMIT = 120
PROSE = 1000

# Control, format (bidirectional overrides, zero-width, tags), surrogate, line and paragraph separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Joiners are format characters that Persian, Hindi and many others are written with.
_JOINERS = frozenset({"\u200c", "\u200d"})
# ECMA-48: control sequences, operating system commands (ended by BEL or ST), and two-character escapes.
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]{0,4096}(?:\x07|\x1b\\)|[ -/]*[0-~])|\x9b[0-?]*[ -/]*[@-~]")


def visible(text: str, *, limit: int = LIMIT, keeps_lines: bool = False) -> str:
    r"""Return the text, clipped to `limit` characters, with every unseen character escaped; newlines stay where asked.

    >>> print(visible("a\x1b[31mb\nc"))
    a\x1b[31mb\nc
    """
    shown = text if len(text) <= limit else text[: max(limit - 1, 0)] + "…"
    if shown.isprintable():
        return shown
    if keeps_lines:
        shown = shown.replace("\r\n", "\n").expandtabs(4)
    return "".join(_seen(character, keeps_lines=keeps_lines) for character in shown)


def without_ansi(text: str) -> str:
    r"""Return what a terminal would have shown: no colors, no cursor movements.

    >>> without_ansi("\x1b[31mred\x1b[0m")
    'red'
    """
    return _ANSI.sub("", text)


def lines_of(text: str, *, limit: int) -> tuple[tuple[str, ...], int]:
    """Return the first `limit` lines of printed text, without ANSI, and how many more there are."""
    # Splitting at "\n" alone: str.splitlines also splits at form feeds and separators, which `visible` shows.
    head = text[: limit * 2000]
    lines = without_ansi(head).replace("\r\n", "\n").removesuffix("\n").split("\n")
    more = max(len(lines) - limit, 0) + text.count("\n", len(head))
    return tuple(lines[:limit]), more


def _seen(character: str, *, keeps_lines: bool) -> str:
    if character.isprintable() or character in _JOINERS or (keeps_lines and character == "\n"):
        return character
    if unicodedata.category(character) not in _UNSEEN:
        return character
    return character.encode("unicode_escape").decode("ascii")
