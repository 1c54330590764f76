"""Compared models: what both versions' models say of evaluation data, where loading them runs no code."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from mvlake.compare.diff import Change, Diff, ModelDiff
from mvlake.compare.predicted import EvaluatedOn, PredictionDiff
from mvlake.errors import MvlakeError
from mvlake.handlers.contract import Handler
from mvlake.handlers.lookup import handler_named
from mvlake.lake.evaluation import evaluation_data
from mvlake.lake.load import restore
from mvlake.lake.look import Look
from mvlake.records.artifact import Artifact, Role
from mvlake.records.dossier import Dossier

MOST_DATA = 4
"""Pieces of evaluation data for which a model is asked."""


def compare_loaded_models(look: Look, diff: Diff) -> Diff:
    """Return the comparison with what the models say, each model that both versions have and that differs."""
    return replace(diff, models=tuple(_with_content(look, one) for one in diff.models))


def _with_content(look: Look, model: ModelDiff) -> ModelDiff:
    if model.change is not Change.CHANGED:
        return model
    a, b = (_artifact(dossier, model.name) for dossier in (look.a, look.b))
    closed = next((one for one in (b, a) if not handler_named(one.handler).is_inert), None)
    if closed is not None:
        return model  # what is known of a pickle, its summary says
    try:
        before, after = restore(look.parts, look.a.version, a, trust=False), restore(look.parts, look.b.version, b, trust=False)
    except MvlakeError as error:
        return replace(model, note=_also(model.note, error.message))
    pair = Pair(look, (handler_named(a.handler), handler_named(b.handler)), (before, after))
    return replace(model, predictions=tuple(pair.predictions(model.name)))


class Pair:
    """Both models, loaded, and their handlers."""

    def __init__(self, look: Look, handlers: tuple[Handler, Handler], models: tuple[Any, Any]) -> None:
        self._look, self._handlers, self._models = look, handlers, models

    def predictions(self, name: str) -> Iterator[PredictionDiff]:
        """Yield what both say of each piece of evaluation data."""
        for about, dossier, artifact in _asked(self._look, name)[:MOST_DATA]:
            try:
                yield from self._compared(about, restore(self._look.parts, dossier.version, artifact, trust=False))
            except MvlakeError as error:
                yield replace(about, note=_also(about.note, error.message))

    def _compared(self, about: PredictionDiff, data: Any) -> tuple[PredictionDiff, ...]:
        from mvlake.handlers.predicting.compared import compared

        before, after = (handler.predictions(model, data) for handler, model in zip(self._handlers, self._models, strict=True))
        if before is None or after is None:
            return ()
        rows = len(before.scores if before.labels is None else before.labels)
        return compared(replace(about, total=len(data), rows=rows), before, after)


def _asked(look: Look, name: str) -> list[tuple[PredictionDiff, Dossier, Artifact]]:
    """Return the data that both models are asked about: b's, and of a what b has under no such name."""
    ours, theirs = ({one.name: one for one in evaluation_data(dossier, name)} for dossier in (look.a, look.b))
    found = []
    for one in theirs.values():
        same = ours.get(one.name)
        on = EvaluatedOn.BOTH if same is not None and same.digest == one.digest else EvaluatedOn.B
        found.append((PredictionDiff(one.name, on, one.digest, 0, 0), look.b, one))
    if not found:
        found = [(PredictionDiff(one.name, EvaluatedOn.A, one.digest, 0, 0), look.a, one) for one in ours.values()]
    return found


def _artifact(dossier: Dossier, name: str) -> Artifact:
    return next(one for one in dossier.version.artifacts if one.role is Role.MODEL and one.name == name)


def _also(note: str, more: str) -> str:
    return f"{note}; {more}" if note else more
