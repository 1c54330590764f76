"""Literals: expressions whose value stands in the text, as plain JSON."""

import ast
from typing import Any

from mvlake.records.canonical import Json
from mvlake.records.plain import to_plain

_MAX_ITEMS = 1_000
_MAX_DEPTH = 20
_LITERAL = (ast.Constant, ast.UnaryOp, ast.List, ast.Tuple, ast.Set, ast.Dict)


class _NotLiteral(Exception):
    """A signal inside this file: the expression computes."""


def literal_of(node: ast.expr) -> tuple[Json] | None:
    """Return the literal as plain JSON in a 1-tuple (the literal may be None); None when the expression computes.

    Numbers with a sign, text, bytes, True, False, None, and containers of these with at most 1 000 items.
    """
    if not isinstance(node, _LITERAL):  # most expressions are none, and raising costs more than asking
        return None
    try:
        return (to_plain(_value(node, 0)),)
    except (_NotLiteral, TypeError, ValueError):
        return None


def _value(node: ast.expr, depth: int) -> Any:
    if isinstance(node, ast.Constant) and node.value is not ...:
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd) and isinstance(node.operand, ast.Constant):
        number = node.operand.value
        if type(number) in (int, float, complex):
            return -number if isinstance(node.op, ast.USub) else number  # type: ignore[operator]
        raise _NotLiteral
    if depth > _MAX_DEPTH:
        raise _NotLiteral
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        if len(node.elts) > _MAX_ITEMS:
            raise _NotLiteral
        items = [_value(item, depth + 1) for item in node.elts]
        return items if isinstance(node, ast.List) else tuple(items) if isinstance(node, ast.Tuple) else set(items)
    if isinstance(node, ast.Dict) and len(node.keys) <= _MAX_ITEMS:
        if None in node.keys:  # {**other}
            raise _NotLiteral
        keys = [_value(key, depth + 1) for key in node.keys if key is not None]
        return dict(zip(keys, [_value(item, depth + 1) for item in node.values], strict=True))
    raise _NotLiteral
