"""Compared models: what both versions' models learned and what they say of evaluation data, where loading them runs no code."""

from dataclasses import replace

from mvlake.compare.diff import Change, Diff, ModelDiff
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
        return replace(model, note=f"{model.note}; not loaded: {error.message}".removeprefix("; "))
    return replace(model, predictions=predictions(look, model.name, a, b))


def _artifact(dossier: Dossier, name: str) -> Artifact:
    return next(one for one in dossier.version.artifacts if one.role is Role.MODEL and one.name == name)
