"""Selections: which expressions take a part of the rows: masks, queries, groups, and the two sides of a split."""

import ast
from collections.abc import Iterator

from mvlake.capture.descriptions import dotted_name

_LONGEST = 60
_GROUPS = frozenset(("groupby", "group_by", "partition_by", "unique", "segments", "groups", "cohorts"))
_SEGMENT_NAMES = frozenset(("seg", "segment", "group", "grp", "slice", "cohort", "bucket", "subgroup", "region", "country"))


def selection(node: ast.expr) -> str:
    """Return the text of the condition under which an expression takes rows, "" when it takes none.

    >>> selection(ast.parse('test[test["age"] < 40]', mode="eval").body), selection(ast.parse("y[mask]", mode="eval").body)
    ("test['age'] < 40", 'mask')
    """
    for one in ast.walk(node):
        if isinstance(one, ast.Subscript):
            chosen = one.slice.elts[0] if isinstance(one.slice, ast.Tuple) and one.slice.elts else one.slice
            if _is_condition(chosen) or (isinstance(chosen, ast.Name) and "mask" in chosen.id.lower()):
                return ast.unparse(chosen)[:_LONGEST]
        elif isinstance(one, ast.Call) and takes_rows(one):
            first = one.args[0]
            text = first.value if isinstance(first, ast.Constant) else None
            if isinstance(text, str) or _is_condition(first):
                return (text if isinstance(text, str) else ast.unparse(first))[:_LONGEST]
    return ""


def takes_rows(call: ast.Call) -> bool:
    """True for a call of `query` or `filter` with a condition."""
    return bool(call.args) and isinstance(call.func, ast.Attribute) and call.func.attr in ("query", "filter")


def loop_selects(loop: ast.For | ast.AsyncFor | ast.comprehension) -> bool:
    """True for a loop over parts of the data: groups of a frame, or names that read as segments."""
    words = {one.attr for one in ast.walk(loop.iter) if isinstance(one, ast.Attribute)}
    words |= {one.id for one in ast.walk(loop.iter) if isinstance(one, ast.Name)}
    targets = {one.id.lower() for one in ast.walk(loop.target) if isinstance(one, ast.Name)}
    return not _GROUPS.isdisjoint(words) or not _SEGMENT_NAMES.isdisjoint(targets)


def grouped(node: ast.AST) -> str:
    """Return the name of the frame for whose groups an expression computes, by `groupby` or its like; "" when there is none."""
    called = (one.func for one in ast.walk(node) if isinstance(one, ast.Call))
    by_group = (one for one in called if isinstance(one, ast.Attribute) and one.attr in ("groupby", "group_by"))
    return next((dotted_name(one).partition(".")[0] for one in by_group), "")


def is_split(node: ast.expr) -> bool:
    """True for a call that splits data in two."""
    return isinstance(node, ast.Call) and dotted_name(node.func).rpartition(".")[2] in ("train_test_split", "random_split")


def part_of_split(position: int) -> str:
    """Return what stands at this place of what a split gives back."""
    return "test" if position % 2 else "train"


def looped_over(node: ast.expr) -> tuple[str, ...]:
    """Return the names that a value is made from, in order: of `model.predict(X)` only X, for the model came from other data."""
    return tuple(dict.fromkeys(_made_from(node)))


def _made_from(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Call):
        given = [*node.args, *(one.value for one in node.keywords)]
        for one in given:
            yield from _made_from(one)
        if isinstance(node.func, ast.Attribute) and not node.func.attr.startswith(("predict", "transform", "decision")):
            yield from _made_from(node.func.value)
    else:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                yield from _made_from(child)


def _is_condition(node: ast.expr) -> bool:
    if isinstance(node, ast.Compare):
        return True
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd | ast.BitOr):
        return _is_condition(node.left) or _is_condition(node.right)
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert)
