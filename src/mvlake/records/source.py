"""Source: the text of a cell, the `%%track` line that may stand on top of it, and the magics in it."""

import re

DIRECTIVE = "%%track"
_MAGIC_LINE = re.compile(r"^(\s*)((?:[\w.,\s]+=)?\s*)%%?([A-Za-z_]\w*)[ \t]*(.*)$")
_COMMAND_LINE = re.compile(r"^(\s*)((?:[\w.,\s]+=)?\s*)!!?(.*)$")
_HELP_LINE = re.compile(r"^\s*(?:\?{1,2}[\w.%*]+|[%\w.*]+\?{1,2})\s*$")
_CELL_MAGIC = re.compile(r"^\s*%%([A-Za-z_]\w*)[ \t]*(.*)\n?")


def without_directive(source: str) -> str:
    r"""Return a cell's source without the `%%track` line on top of it.

    >>> without_directive("%%track fraud\nx = 1")
    'x = 1'
    """
    first, _, rest = source.lstrip().partition("\n")
    return rest if first.strip().partition(" ")[0] == DIRECTIVE else source


def plain_python(text: str) -> str:
    """Return cell text with its magics, commands and help lines written as calls, where IPython has not done so.

    The body of a cell magic reaches us as it was typed.
    """
    match = _CELL_MAGIC.match(text)
    if match is not None:
        return f"get_ipython().run_cell_magic({match[1]!r}, {match[2]!r}, {text[match.end() :]!r})\n"
    return "\n".join(_plain_line(line) for line in text.split("\n"))


def _plain_line(line: str) -> str:
    magic = _MAGIC_LINE.match(line)
    if magic is not None:
        return f"{magic[1]}{magic[2]}get_ipython().run_line_magic({magic[3]!r}, {magic[4]!r})"
    command = _COMMAND_LINE.match(line)
    if command is not None:
        return f"{command[1]}{command[2]}get_ipython().system({command[3]!r})"
    return "" if _HELP_LINE.match(line) else line
