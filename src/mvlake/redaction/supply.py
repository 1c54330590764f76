"""Supply: what stood where marks stand, given back by the environment, so that redacted code can run again."""

import ast
from collections.abc import Mapping

from mvlake.redaction.marker import FORM, SUPPLIED, Marker, keyed_hash, markers_in

_ENVIRONMENT = "environment."


def needed_marks(source: str) -> list[Marker]:
    """Return the marks in the texts of code, each once; those in comments are needed by nobody. Of what is no Python, all of them.

    >>> mark = Marker("jwt", "00ff00ff")
    >>> needed_marks(f"x = 1  # {mark}"), needed_marks(f"x = '{mark}'") == [mark]
    ([], True)
    """
    found = list(dict.fromkeys(markers_in(source)))
    if not found:
        return []
    code = "".join(line for line in source.splitlines(keepends=True) if not line.startswith("%%track"))
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return found
    said = {
        mark
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and type(node.value) is str
        for mark in markers_in(node.value)
    }
    return [mark for mark in found if mark in said]


def supplied(mark: Marker, environ: Mapping[str, str], key: bytes | None) -> str | None:
    """Return what the environment supplies for a mark: by its digits, by the name that it tells, or by having that very value."""
    value = environ.get(SUPPLIED + mark.hash.upper()) or environ.get(SUPPLIED + mark.hash)
    if value is None and mark.rule.startswith(_ENVIRONMENT):
        value = environ.get(mark.rule.removeprefix(_ENVIRONMENT))
    if value is None and key is not None:
        value = next((one for one in environ.values() if keyed_hash(key, one) == mark.hash), None)
    return value


def with_supplied(text: str, environ: Mapping[str, str]) -> str:
    """Return a text with what the environment supplies, by the digits of marks, in place of these."""
    return FORM.sub(lambda found: environ.get(SUPPLIED + found[2].upper(), found[0]), text)
