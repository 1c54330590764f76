"""Cell text: the Python in a cell, with what IPython adds to it out of the way."""

import ast
import re
import warnings

from mvlake.records.source import DIRECTIVE, plain_python

_PASSING = re.compile(rf"\s*(%%(time|capture)\b|{DIRECTIVE}\b)")  # magics that run the rest of their cell as it stands
_TIMED = re.compile(r"^(\s*)%time[ \t]+(?=\S)", re.MULTILINE)
_CALLED = re.compile(r"run_line_magic\('(\w+)'|\.(system)\(")


def parsed(text: str) -> ast.Module | None:
    """Return the syntax tree of a cell's text, None where it is no Python that can be read."""
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = compile(text, "cell", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return tree if isinstance(tree, ast.Module) else None


def readable(source: str) -> str:
    r"""Return a cell's text as Python with every part where it stood: magics do nothing.

    >>> readable("%%time\n%pwd\nx = 1")
    '\npass\nx = 1'
    """
    lines = source.split("\n")
    first = next((place for place, line in enumerate(lines) if line.strip()), 0)
    while first < len(lines) and _PASSING.match(lines[first]):
        lines[first] = ""
        first += 1
    text = "\n".join(lines)
    if parsed(text) is not None or text.lstrip().startswith("%%"):
        return text
    return "\n".join(line if plain_python(line) == line else f"{line[: len(line) - len(line.lstrip())]}pass" for line in lines)


def untimed(source: str) -> str:
    r"""Return a text without `%time` before its statements.

    >>> untimed("%time model = fit(df)")
    'model = fit(df)'
    """
    return _TIMED.sub(r"\1", source)


def line_magics(source: str) -> frozenset[str]:
    r"""Return the names of the magics among a cell's lines, `system` for a command.

    >>> sorted(line_magics("%matplotlib inline\n!ls\nx = 1"))
    ['matplotlib', 'system']
    """
    if parsed(source) is not None:
        return frozenset()
    called = (_CALLED.search(plain_python(line)) for line in source.split("\n") if not line.lstrip().startswith("%%"))
    return frozenset(found[1] or found[2] for found in called if found is not None)
