"""Slice: the code that a version rests on, as a script that can be run."""

import ast
import warnings
from collections.abc import Iterator, Sequence

from mvlake.errors import MissingObject
from mvlake.records.answers import Script
from mvlake.records.dossier import Dossier
from mvlake.records.source import plain_python, without_directive
from mvlake.records.version import Cell

_SHELL = "get_ipython()"


def script_of(dossier: Dossier) -> Script:
    """Return the cells of a version in the order in which they ran, as one text.

    Magics and `!commands` are written as calls, so that IPython runs what Python alone cannot. A cell that raised raises there too,
    and the script goes on. Raises MissingObject when the text of a cell cannot be read.
    """
    texts = []
    for cell, source in zip(dossier.version.cells, dossier.sources, strict=True):
        if source is None:
            raise MissingObject(cell.source, why=f"it is the text of a cell of {dossier.ref}")
        texts.append(_plain(without_directive(source)).strip("\n"))
    body = "\n\n".join(_told(dossier.version.cells, texts))
    if "run_line_magic('mv'" in body:
        body = f"{_SHELL}.run_line_magic('load_ext', 'mvlake')\n\n{body}"
    return Script(dossier.ref, f"{_head(dossier, body)}\n\n{body}\n")


def _plain(text: str) -> str:
    """Return a cell's text as Python. What is Python as it stands may hold lines of a longer text that only look like magics."""
    return text if _parses(text, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT) else plain_python(text)


def _told(cells: Sequence[Cell], texts: Sequence[str]) -> Iterator[str]:
    for position, (cell, text) in enumerate(zip(cells, texts, strict=True), 1):
        count = f", In [{cell.execution_count}]" if cell.execution_count is not None else ""
        title = f"# cell {position}{count}{', tracked' if cell.is_tracked else ''}"
        if cell.failed:
            # As text, so that no line of it needs to be moved to the right: it may hold texts of several lines.
            yield f"{title}, which raised\ntry:\n    exec({text!r})\nexcept Exception as error:\n    print(repr(error))"
        else:
            yield f"{title}\n{text}"


def _head(dossier: Dossier, body: str) -> str:
    line = f"# {dossier.ref}: the code that it rests on, in the order in which it ran"
    if _awaits(body):
        return f"{line}\n# it awaits outside of functions: run it with `ipython FILE.ipy`"
    return f"{line}\n# it uses what IPython adds to Python: run it with `ipython FILE`" if _SHELL in body else line


def _awaits(text: str) -> bool:
    return not _parses(text, 0) and _parses(text, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


def _parses(text: str, flags: int) -> bool:
    try:
        with warnings.catch_warnings(action="ignore"):
            compile(text, "script", "exec", flags, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
