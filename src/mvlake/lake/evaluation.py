"""Evaluation: the data on which a version's cells asked its model for predictions.

Those are what a cell hands to `predict`, `predict_proba`, `score` or `decision_function` of the model.
"""

import ast
from collections.abc import Iterator

from mvlake.handlers.lookup import handler_named
from mvlake.lake.cell_text import parsed, readable
from mvlake.records.artifact import Artifact, Role
from mvlake.records.dossier import Dossier
from mvlake.records.source import without_directive

_SAYS = frozenset(("predict", "predict_proba", "score", "decision_function"))
_DATA = (Role.INPUT, Role.OUTPUT)


def evaluation_data(dossier: Dossier, model: str) -> tuple[Artifact, ...]:
    """Return the artifacts that the tracked cells hand to a model for its predictions, as far as reading them runs no code."""
    names = [name for source in dossier.sources if source is not None for name in _handed(without_directive(source), model)]
    found = []
    for name in dict.fromkeys(names):
        kept = (one for role in _DATA for one in dossier.version.artifacts if one.role is role and one.name == name)
        found += [one for one in kept if handler_named(one.handler).is_inert][:1]
    return tuple(found)


def _handed(source: str, model: str) -> Iterator[str]:
    tree = parsed(readable(source))
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _SAYS and node.args:
            held, first = node.func.value, node.args[0]
            if isinstance(held, ast.Name) and held.id == model and isinstance(first, ast.Name):
                yield first.id
