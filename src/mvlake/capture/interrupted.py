"""Interrupted: an interrupt that comes while mvlake prepares for a cell interrupts the cell, before its first line.

IPython takes whatever a hook raises for the hook's own trouble, and would run the cell all the same.
"""

import ast
import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


class Interrupted(ast.NodeTransformer):
    """IPython's transformer of trees for one cell: what runs instead of it raises KeyboardInterrupt."""

    def __init__(self, shell: "InteractiveShell") -> None:
        self._shell = shell

    def visit(self, node: ast.AST) -> ast.AST:
        """Return a tree that only raises, and take this transformer out again."""
        self.forget()
        if not isinstance(node, ast.Module) or not node.body:
            return node
        interrupt = ast.Raise(ast.Name("KeyboardInterrupt", ast.Load()), None)
        return ast.Module([ast.fix_missing_locations(ast.copy_location(interrupt, node.body[0]))], node.type_ignores)

    def forget(self) -> None:
        """Take this transformer out, if it is still there."""
        with contextlib.suppress(ValueError):
            self._shell.ast_transformers.remove(self)
