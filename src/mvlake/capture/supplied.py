"""Supplied: in a replay, the texts of code get back what marks stand for, as the environment has it, before the code is compiled.

The tree is changed and not the text: neither IPython's history nor a traceback then holds what was secret.
"""

import ast
import os
from collections.abc import Callable

from mvlake.redaction.marker import BEGINS, SUPPLIED, markers_in
from mvlake.redaction.supply import with_supplied


class Supplying(ast.NodeTransformer):
    """IPython's transformer of trees; `protect` hears of each (rule, value) that is put in place of a mark."""

    def __init__(self, protect: Callable[[list[tuple[str, str]]], object]) -> None:
        self._protect = protect

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        """Return a text with what is supplied in it."""
        if type(node.value) is not str or BEGINS not in node.value:
            return node
        self._protect(
            [(mark.rule, value) for mark in markers_in(node.value) if (value := os.environ.get(SUPPLIED + mark.hash.upper()))]
        )
        return ast.copy_location(ast.Constant(with_supplied(node.value, os.environ), node.kind), node)
