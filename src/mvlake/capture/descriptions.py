"""Descriptions: what stands on the right of a binding, without running it."""

import ast

from mvlake.capture.cell_facts import Binding, BindingKind
from mvlake.capture.literals import literal_of
from mvlake.capture.metric_names import is_measuring

# They only change how a measured number is written down.
_PEELED_FUNCTIONS = frozenset(("float", "int", "round", "abs", "np.mean", "np.average", "np.round", "numpy.mean", "mean"))
_PEELED_METHODS = frozenset(("item", "mean", "cpu", "detach", "numpy", "round", "tolist"))
_ITERATORS = frozenset(
    ("iter", "map", "filter", "zip", "enumerate", "reversed", "open", "reader", "chain", "islice", "cycle", "count")
)
_MAX_PEEL = 12


def dotted_name(node: ast.expr) -> str:
    """Return `a.b.c` as written, with `[…]` and calls on the way left out; empty when it starts with no name.

    >>> dotted_name(ast.parse("model.steps[0].fit", mode="eval").body)
    'model.steps.fit'
    """
    parts: list[str] = []
    while True:
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Subscript):
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Name):
            parts.append(node.id)
            return ".".join(reversed(parts))
        else:
            return ""


def described(node: ast.expr) -> Binding:
    """Return how the value of an expression comes about."""
    literal = literal_of(node)
    if literal is not None:
        return Binding(BindingKind.LITERAL, literal=literal[0])
    sources = names_in(node)
    values = _record_values(node)
    is_record = bool(values) and all(isinstance(one, ast.Name) or literal_of(one) is not None for one in values)
    is_measured = any(_holds_measure(one) for one in values)
    call = _measured_call(node)
    return Binding(
        kind=BindingKind.COMPUTED if call is None else BindingKind.CALL,
        function="" if call is None else dotted_name(call.func),
        sources=sources,
        is_record=is_record,
        is_measured=is_measured,
        is_iterator=_is_iterator(node),
        is_grouped=_is_grouped(node),
    )


def _is_grouped(node: ast.expr) -> bool:
    names = [dotted_name(one.func) for one in ast.walk(node) if isinstance(one, ast.Call)]
    return any(one.rpartition(".")[2] in ("groupby", "group_by") for one in names) and any(is_measuring(one) for one in names)


def _is_iterator(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        return dotted_name(node.func).rpartition(".")[2] in _ITERATORS
    return isinstance(node, ast.GeneratorExp)


def names_in(node: ast.AST) -> frozenset[str]:
    """Return the names that stand in an expression or statement."""
    return frozenset(one.id for one in ast.walk(node) if isinstance(one, ast.Name))


def _record_values(node: ast.expr) -> list[ast.expr]:
    """Return the values of `{key: value}` and `dict(key=value)`, `{**other}`'s other among them."""
    if isinstance(node, ast.Dict):
        return node.values
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
        return [*node.args, *(one.value for one in node.keywords)]
    return []


def _holds_measure(node: ast.expr) -> bool:
    return any(isinstance(one, ast.Call) and is_measuring(dotted_name(one.func)) for one in ast.walk(node))


def _measured_call(node: ast.expr) -> ast.Call | None:
    """Return the call whose result this is, give or take float(), round(), .item(), .mean() and one subscript."""
    outer: ast.Call | None = None
    for _ in range(_MAX_PEEL):
        is_part = isinstance(node, ast.Subscript) and isinstance(node.value, ast.Call)
        if isinstance(node, ast.Await | ast.NamedExpr | ast.Subscript) and (is_part or not isinstance(node, ast.Subscript)):
            node = node.value
        elif isinstance(node, ast.Call):
            outer = outer or node
            inner = _peeled(node)
            if inner is None:
                return node
            node = inner
        else:
            return outer
    return outer


def _peeled(call: ast.Call) -> ast.expr | None:
    """Return the one thing that a wrapping call wraps, if that is a call too."""
    inner: ast.expr | None = None
    if isinstance(call.func, ast.Attribute) and call.func.attr in _PEELED_METHODS and isinstance(call.func.value, ast.Call):
        inner = call.func.value
    elif call.args and dotted_name(call.func) in _PEELED_FUNCTIONS:
        inner = call.args[0]
        if isinstance(inner, ast.Await | ast.Subscript):
            inner = inner.value
    return inner if isinstance(inner, ast.Call) else None
