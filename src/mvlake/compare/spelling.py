"""Spelling: code whose imported names are written as what they stand for, so that it can be read as words."""

import ast
import warnings
from collections.abc import MutableMapping

from mvlake.records.source import plain_python

_LONGEST = 100_000


def spelled_out(text: str, imported: MutableMapping[str, str]) -> str:
    r"""Return a cell's text with imported names in full, empty where it names none under another name.

    `imported` tells what the names that earlier cells imported stand for; this cell's are added. What is no Python is left out.

    >>> spelled_out("from time import time as tick\nbegan = tick()", {})
    'from time import time as tick\nbegan = time.time()'
    """
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(plain_python(text[:_LONGEST]))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                imported.update({one.asname or one.name: one.name for one in node.names if one.asname or "." not in one.name})
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported.update({one.asname or one.name: f"{node.module}.{one.name}" for one in node.names})
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and imported.get(node.id, node.id) != node.id]
        for name in names:
            name.id = imported[name.id]
        return ast.unparse(tree) if names else ""
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
