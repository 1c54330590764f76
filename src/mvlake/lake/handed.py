"""Handed: what cells hand to a model, read off their text: which variable, which columns of it, what stands beside it as truth."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from mvlake.lake.cell_text import parsed, readable

_SAYS = frozenset(("predict", "predict_proba", "predict_log_proba", "score", "decision_function", "inplace_predict"))
_SCORES = frozenset(("score", "evaluate"))
_MATRICES = frozenset(("DMatrix", "QuantileDMatrix", "Dataset", "Pool"))
_PASSED = frozenset(("values", "to_numpy", "ravel", "squeeze", "copy", "flatten", "toarray"))  # the same rows in another form
_METRIC = re.compile(
    r"(?i)(score|error|loss|accuracy|precision|recall|f1|auc|curve|matrix|report|mse|rmse|mae|mape|r2|kappa|brier)",
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A variable, and what is taken of it: `columns` (None: all), all but the `dropped` ones; one column alone `is_series`."""

    name: str
    columns: tuple[str, ...] | None = None
    dropped: tuple[str, ...] = ()
    is_series: bool = False


@dataclass(frozen=True, slots=True)
class Handed:
    """Data that a model was handed, and what may be the truth about them, the likeliest first."""

    data: Taken
    truths: tuple[Taken, ...] = ()


Columns: TypeAlias = tuple[tuple[str, ...], bool]
"""Names of columns, and whether it is one name, which takes a column as such."""


def nowhere(name: str) -> Columns | None:  # noqa: ARG001
    """Return the columns that a name stands for, where only the cells are asked: none."""
    return None


@dataclass(slots=True)
class _Known:
    """What the cells say of names: columns in literals, matrices that are made of other names, predictions.

    `held` says which columns the value of any other name is.
    """

    held: Callable[[str], Columns | None] = nowhere
    columns: dict[str, Columns] = field(default_factory=dict)
    matrices: dict[str, ast.Call] = field(default_factory=dict)
    predictions: dict[str, ast.Call] = field(default_factory=dict)


def handed_to(
    sources: Iterable[str], model: str, *, is_beside: bool = False, held: Callable[[str], Columns | None] = nowhere
) -> tuple[Handed, ...]:
    """Return what the cells hand to the model, or (`is_beside`) beside it to functions, in the order in which they do.

    `held` tells the columns that a name stands for, where the cells do not write them.
    """
    trees = [tree for tree in (parsed(readable(source)) for source in sources) if tree is not None]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    known = _known(nodes, model, held)
    found = list(_beside(nodes, model, known) if is_beside else _direct(nodes, model, known))
    truths = dict(_measured(nodes, model, known))
    return tuple(Handed(one.data, (*one.truths, *truths.get(one.data, ()))) for one in found)


def _direct(nodes: Iterable[ast.AST], model: str, known: _Known) -> Iterator[Handed]:
    for node in nodes:
        if isinstance(node, ast.Call) and _is_asked(node, model):
            arguments = _arguments(node)
            data = _data(arguments.get("X") or arguments.get("0"), known)
            if data is not None:
                assert isinstance(node.func, ast.Attribute)  # as `_is_asked` says
                truth = arguments.get("y") or arguments.get("1") if node.func.attr in _SCORES else None
                beside = (_taken(one, known) for one in (truth, _label(arguments.get("0"), known)))
                yield Handed(data, tuple(one for one in beside if one is not None))


def _beside(nodes: Iterable[ast.AST], model: str, known: _Known) -> Iterator[Handed]:
    """Yield what stands after the model among the arguments of a function: by convention the data, and then the truth."""
    for node in nodes:
        if isinstance(node, ast.Call):
            place = next((at for at, one in enumerate(node.args) if isinstance(one, ast.Name) and one.id == model), None)
            if place is not None:
                after = [_taken(one, known) for one in node.args[place + 1 : place + 3]]
                if after and after[0] is not None:
                    yield Handed(after[0], tuple(one for one in after[1:] if one is not None))


def _measured(nodes: Iterable[ast.AST], model: str, known: _Known) -> Iterator[tuple[Taken, tuple[Taken, ...]]]:
    """Yield data with what a metric was given beside predictions for them, and what these were compared with."""
    found: dict[Taken, list[Taken]] = {}
    for node in nodes:
        if isinstance(node, ast.Call) and _METRIC.search(_called(node)) and not _is_asked(node, model):
            sides = [*node.args, *(one.value for one in node.keywords)]
        elif isinstance(node, ast.Compare) and len(node.comparators) == 1:
            sides = [node.left, *node.comparators]
        else:
            continue
        asked = [_prediction(one, model, known) for one in sides]
        data = next((_data(_arguments(one).get("0"), known) for one in asked if one is not None), None)
        truth = next((_taken(one, known) for one, said in zip(sides, asked, strict=True) if said is None), None)
        if data is not None and truth is not None:
            found.setdefault(data, []).append(truth)
    yield from ((data, tuple(truths)) for data, truths in found.items())


def _known(nodes: Iterable[ast.AST], model: str, held: Callable[[str], Columns | None]) -> _Known:
    found = _Known(held)
    for node in nodes:
        if not (isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)):
            continue
        name, value = node.targets[0].id, node.value
        columns = _columns(value)
        if columns is not None:
            found.columns[name] = columns
        if isinstance(value, ast.Call) and _called(value) in _MATRICES:
            found.matrices[name] = value
        asked = next((one for one in ast.walk(value) if isinstance(one, ast.Call) and _is_asked(one, model)), None)
        if asked is not None:
            found.predictions[name] = asked
    return found


def _is_asked(node: ast.Call, model: str) -> bool:
    return (
        isinstance(node.func, ast.Attribute)
        and node.func.attr in _SAYS | _SCORES
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == model
    )


def _prediction(node: ast.AST, model: str, known: _Known) -> ast.Call | None:
    """Return the call of the model that an expression holds, itself or by the name of what it said."""
    for one in ast.walk(node):
        if isinstance(one, ast.Call) and _is_asked(one, model):
            return one
        if isinstance(one, ast.Name) and one.id in known.predictions:
            return known.predictions[one.id]
    return None


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""


def _arguments(node: ast.Call) -> dict[str, ast.expr]:
    """Return the arguments by name, and by place as text."""
    return {str(at): one for at, one in enumerate(node.args)} | {one.arg: one.value for one in node.keywords if one.arg is not None}


def _data(node: ast.expr | None, known: _Known) -> Taken | None:
    return _taken(_matrix(node, known), known)


def _matrix(node: ast.expr | None, known: _Known) -> ast.expr | None:
    """Return of what a matrix is made, and anything else as it is."""
    made = known.matrices.get(node.id) if isinstance(node, ast.Name) else node
    if isinstance(made, ast.Call) and _called(made) in _MATRICES:
        arguments = _arguments(made)
        return arguments.get("data") or arguments.get("0")
    return node


def _label(node: ast.expr | None, known: _Known) -> ast.expr | None:
    """Return the labels of which a matrix is made, None where it is no matrix."""
    made = known.matrices.get(node.id) if isinstance(node, ast.Name) else node
    if isinstance(made, ast.Call) and _called(made) in _MATRICES:
        arguments = _arguments(made)
        return arguments.get("label") or arguments.get("1")
    return None


def _taken(node: ast.expr | None, known: _Known) -> Taken | None:
    """Return what an expression takes of a variable, None where that cannot be told."""
    node = _passed(node)
    if isinstance(node, ast.Name):
        return Taken(node.id)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return Taken(node.value.id, (node.attr,), (), is_series=True)
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        columns = _columns(node.slice, known)
        return None if columns is None else Taken(node.value.id, columns[0], (), columns[1])
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "drop":
        held, arguments = node.func.value, _arguments(node)
        is_across = isinstance(axis := arguments.get("axis"), ast.Constant) and axis.value in (1, "columns")
        columns = _columns(arguments.get("columns") or (arguments.get("0") if is_across else None), known)
        if isinstance(held, ast.Name) and columns is not None:
            return Taken(held.id, None, columns[0])
    return None


def _passed(node: ast.expr | None) -> ast.expr | None:
    while True:
        if isinstance(node, ast.Attribute) and node.attr in _PASSED:
            node = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _PASSED:
            node = node.func.value
        else:
            return node


def _columns(node: ast.expr | None, known: _Known | None = None) -> Columns | None:
    """Return the names that a text or a list of texts says, itself or by its name, and whether it is one text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return (node.value,), True
    if isinstance(node, ast.List | ast.Tuple):
        names = [one.value for one in node.elts if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        return (tuple(names), False) if names and len(names) == len(node.elts) else None
    if not isinstance(node, ast.Name) or known is None:
        return None
    return known.columns.get(node.id) or known.held(node.id)
