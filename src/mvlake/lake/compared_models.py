"""Compared models: what both versions' models learned and what they say of evaluation data, where loading them runs no code."""

from dataclasses import replace

from mvlake.compare.diff import Change, Diff, ModelDiff
from mvlake.compare.learned import WeightsDiff
from mvlake.errors import MvlakeError
from mvlake.handlers.lookup import handler_named
from mvlake.lake.load import restore
from mvlake.lake.look import Look
from mvlake.lake.predicted import Loaded, predictions
from mvlake.records.artifact import Artifact, Role
from mvlake.records.dossier import Dossier


def compare_loaded_models(look: Look, diff: Diff) -> Diff:
    """Return the comparison with what the models say, each model that both versions have and that differs."""
    return replace(diff, models=tuple(_with_content(look, one) for one in diff.models))


def _with_content(look: Look, model: ModelDiff) -> ModelDiff:
    if model.change is not Change.CHANGED:
        return model
    artifacts = [_artifact(dossier, model.name) for dossier in (look.a, look.b)]
    if not all(handler_named(one.handler).is_inert for one in artifacts):
        return model  # what is known of a pickle, its summary says
    try:
        a, b = (
            Loaded(side, handler_named(one.handler), restore(look.parts, dossier.version, one, trust=False))
            for side, dossier, one in zip("ab", (look.a, look.b), artifacts, strict=True)
        )
    except MvlakeError as error:
        return _noted(model, f"not loaded: {error.message}")
    model, weights = _weighed(model, a, b)
    return replace(model, weights=weights, predictions=predictions(look, model.name, a, b))


def _weighed(model: ModelDiff, a: Loaded, b: Loaded) -> tuple[ModelDiff, tuple[WeightsDiff, ...]]:
    from mvlake.handlers.learning.between import weights_between

    try:
        return model, weights_between(a.handler.weights(a.model), b.handler.weights(b.model))
    except Exception as error:  # noqa: BLE001 - a library raises what it likes of a model that others wrote
        return _noted(model, f"what they learned cannot be compared ({type(error).__name__})"), ()


def _noted(model: ModelDiff, note: str) -> ModelDiff:
    return replace(model, note=f"{model.note}; {note}".removeprefix("; "))


def _artifact(dossier: Dossier, name: str) -> Artifact:
    return next(one for one in dossier.version.artifacts if one.role is Role.MODEL and one.name == name)
