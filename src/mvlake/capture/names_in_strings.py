"""Names in strings: variables that a shell command, a magic's line, a query or SQL text uses."""

import ast
import re

from mvlake.capture.parsing import parsed_expression

_DOLLAR = re.compile(r"(\$\$)|\$([A-Za-z_]\w*)")
_BRACES = re.compile(r"\{([^{}]{1,400})\}")
_AT = re.compile(r"@([A-Za-z_]\w*)")
_TABLE = re.compile(r"(?i)\b(?:from|join)\s+([A-Za-z_]\w*)")
_NAMES = re.compile(r"[A-Za-z_]\w*")


def names_in_command(text: str) -> set[str]:
    """Return the names in `$name` and `{expression}`, as IPython expands them in `!commands` and magics' lines."""
    found = {match[2] for match in _DOLLAR.finditer(text) if match[2]}
    for expression in _BRACES.findall(text):
        found |= names_in_expression(expression)
    return found


def names_in_expression(text: str) -> set[str]:
    """Return the names that an expression loads; of a text that is none, every word that could be one."""
    head = text.partition("!")[0] if "!=" not in text else text
    for candidate in (text, head, head.partition(":")[0]):  # {x!r:>10} carries a conversion and a format
        tree = parsed_expression(candidate)
        if tree is not None:
            return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return set(_NAMES.findall(text))


def names_in_query(text: str) -> set[str]:
    """Return the names in `@name` of a pandas query."""
    return set(_AT.findall(text))


def names_in_sql(text: str) -> set[str]:
    """Return what stands where SQL names a table: DuckDB and polars find variables of that name."""
    return set(_TABLE.findall(text))
