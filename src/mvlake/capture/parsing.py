"""Parsing: Python text as a syntax tree, without a word on the user's screen."""

import ast
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_FILE = "<mvlake>"
_SILENCE = ("ignore", None, Warning, re.compile(re.escape(_FILE)), 0)


def parsed(source: str) -> ast.Module | None:
    """Return the tree; None for text that is no Python, or that is nested deeper than Python can read."""
    try:
        with _silence():
            return ast.parse(source, _FILE)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return None


def parsed_expression(source: str) -> ast.expr | None:
    """Return the tree of one expression; None when the text is none."""
    tree = parsed(f"({source}\n)")
    if tree is None or len(tree.body) != 1 or not isinstance(tree.body[0], ast.Expr):
        return None
    return tree.body[0].value


@contextmanager
def _silence() -> Iterator[None]:
    # Python warns of "\d" while it parses, and IPython has done so already. `catch_warnings` would make Python forget which
    # warnings it has shown, so that the user's libraries repeat theirs: one filter for our file name changes nothing else.
    filters = warnings.filters
    if not isinstance(filters, list):
        yield
        return
    filters.insert(0, _SILENCE)
    try:
        yield
    finally:
        filters.remove(_SILENCE)
