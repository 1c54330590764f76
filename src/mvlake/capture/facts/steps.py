"""Steps: finds the steps of a cell in its tree, in their order."""

import ast
from collections.abc import Iterator, Sequence

from mvlake.capture.descriptions import dotted_name
from mvlake.capture.facts.selections import looped_over
from mvlake.capture.facts.step import Step
from mvlake.capture.parsing import parsed

_LONGEST, _MOST_TEXTS = 4_000, 20
_IN_PLACE = frozenset(("time", "timeit", "capture", "prun", "track"))  # magics that run their body as the cell


def steps_of(tree: ast.Module, source: str) -> tuple[Step, ...]:
    """Return the steps of a cell. `source` is the text of the tree."""
    return tuple(_steps(tree.body, source.split("\n")))


def _steps(statements: Sequence[ast.stmt], lines: Sequence[str]) -> Iterator[Step]:
    for node in statements:
        if isinstance(node, ast.Assign):
            yield from (_step(node, targets, value, lines, node) for targets, value in _pairs(node))
        elif isinstance(node, ast.AnnAssign | ast.AugAssign) and node.value is not None:
            yield _step(node, [node.target], node.value, lines, node)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            body = _body_of_magic(node.value)
            if body is not None:
                tree = parsed(body)
                yield from steps_of(tree, body) if tree is not None else ()
            elif isinstance(node.value.func, ast.Attribute):
                yield _step(node, [], node.value, lines, node)
        elif isinstance(node, ast.For | ast.AsyncFor):
            yield _step(node, [node.target], node.iter, lines, node.iter)
            yield from _blocks(node, lines)
        elif isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                if item.optional_vars is not None:
                    yield _step(node, [item.optional_vars], item.context_expr, lines, item.optional_vars)
            yield from _blocks(node, lines)
        elif isinstance(node, ast.If | ast.While | ast.Try | ast.TryStar | ast.Match):
            yield from _blocks(node, lines)


def _pairs(node: ast.Assign) -> list[tuple[list[ast.expr], ast.expr]]:
    """Return what is assigned to what: of `a, b = x, y` each by itself."""
    target, value = node.targets[0], node.value
    if len(node.targets) > 1 or not isinstance(target, ast.Tuple) or not isinstance(value, ast.Tuple):
        return [(node.targets, value)]
    has_rest = any(isinstance(one, ast.Starred) for one in (*target.elts, *value.elts))
    if has_rest or len(target.elts) != len(value.elts):
        return [(node.targets, value)]
    return [([one], part) for one, part in zip(target.elts, value.elts, strict=True)]


def _blocks(node: ast.stmt, lines: Sequence[str]) -> Iterator[Step]:
    for name in ("body", "orelse", "finalbody"):
        yield from _steps(getattr(node, name, ()), lines)
    for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        yield from _steps(part.body, lines)


def _step(node: ast.stmt, targets: Sequence[ast.expr], value: ast.expr, lines: Sequence[str], end: ast.expr | ast.stmt) -> Step:
    inner = value.value if isinstance(value, ast.Await) else value
    call = _outermost_call(inner)
    names = [name for target in targets for name in _roots(target)]
    again = [name for target in targets if not isinstance(target, ast.Name | ast.Tuple | ast.List) for name in _roots(target)]
    if isinstance(node, ast.AugAssign):
        again = names  # what was there goes into it
    texts = (one.value for one in ast.walk(value) if isinstance(one, ast.Constant) and type(one.value) is str)
    return Step(
        source=_text(node, end, lines),
        targets=tuple(dict.fromkeys(names)),
        origins=tuple(dict.fromkeys((*again, *looped_over(inner)))),
        function="" if call is None else dotted_name(call.func),
        owner=dotted_name(inner).partition(".")[0] if not targets else "",
        is_change=bool(again),
        is_alias=isinstance(inner, ast.Name) and isinstance(node, ast.Assign | ast.AnnAssign),
        texts=tuple(text for _, text in zip(range(_MOST_TEXTS), texts, strict=False) if len(text) <= _LONGEST),
    )


def _outermost_call(node: ast.expr) -> ast.Call | None:
    while isinstance(node, ast.Subscript | ast.Attribute | ast.Starred):
        node = node.value
    return node if isinstance(node, ast.Call) else None


def _roots(target: ast.expr) -> Iterator[str]:
    """Yield the names that a target binds, or in whose objects it stores."""
    if isinstance(target, ast.Tuple | ast.List):
        for one in target.elts:
            yield from _roots(one)
        return
    while isinstance(target, ast.Attribute | ast.Subscript | ast.Starred):
        target = target.value
    if isinstance(target, ast.Name):
        yield target.id


def _body_of_magic(call: ast.Call) -> str | None:
    """Return the body of a cell magic that runs it as the cell; None for any other call."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "run_cell_magic" or len(call.args) != 3:
        return None
    name, _, body = (one.value if isinstance(one, ast.Constant) else None for one in call.args)
    return body if name in _IN_PLACE and type(body) is str else None


def _text(node: ast.stmt, end: ast.expr | ast.stmt, lines: Sequence[str]) -> str:
    """Return what stands from the beginning of a statement to the end of a node in it; columns are counted in bytes of UTF-8."""
    first, last = node.lineno - 1, (end.end_lineno or node.lineno) - 1
    found = list(lines[first : last + 1])
    if not found:
        return ""
    found[-1] = _cut(found[-1], None, end.end_col_offset)
    found[0] = _cut(found[0], node.col_offset, None)
    return "\n".join(found)[:_LONGEST]


def _cut(line: str, start: int | None, stop: int | None) -> str:
    return line[start:stop] if line.isascii() else line.encode("utf-8", "surrogatepass")[start:stop].decode("utf-8", "replace")
