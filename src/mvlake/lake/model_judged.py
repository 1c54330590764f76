"""Model judged: two models compared by what they say of the evaluation data that the version holds.

Those are what the tracked cell hands to `predict`, `predict_proba`, `score` or `decision_function` of the model.
"""

import ast
from collections.abc import Callable, Iterator

from mvlake.errors import MvlakeError
from mvlake.handlers.contract import Handler
from mvlake.handlers.lookup import handler_named
from mvlake.handlers.predictions import by_predictions, closeness_of_predictions
from mvlake.lake.cell_text import parsed, readable
from mvlake.records.artifact import Artifact, Role
from mvlake.records.closeness import Closeness
from mvlake.records.dossier import Dossier
from mvlake.records.source import without_directive

_SAYS = frozenset(("predict", "predict_proba", "score", "decision_function"))
_DATA = (Role.INPUT, Role.OUTPUT)


def judge_model(
    handler: Handler,
    models: tuple[object, object],
    learned: Closeness,
    evaluation: tuple[Artifact, ...],
    read: Callable[[Artifact], object],
    negligible: float,
) -> Closeness:
    """Return the distance of two models of a handler, by their predictions where they can be had, else that of what they learned.

    `read` loads an artifact of the evaluation data. Why there are no predictions is said.
    """
    why_not = "no evaluation data was captured"
    for artifact in evaluation:
        try:
            data = read(artifact)
            before, after = (handler.predictions(model, data) for model in models)
            if before is None or after is None:
                return learned
            said = closeness_of_predictions(before, after, artifact.name, negligible)
        except MvlakeError as error:
            why_not = f"nothing was predicted for {artifact.name}: {error.message}"
            continue
        return by_predictions(learned, said, artifact.name)
    told = f"{learned.reason}; {why_not}" if learned.reason else ""
    note = f"{learned.note}; {why_not}" if learned.note else why_not
    return Closeness(told, learned.total, learned.gaps, note, learned.is_closed)


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
