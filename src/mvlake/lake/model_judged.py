"""Model judged: two models compared by what they say of the evaluation data that the version holds."""

from collections.abc import Callable

from mvlake.errors import MvlakeError
from mvlake.handlers.contract import Handler
from mvlake.handlers.predictions import by_predictions, closeness_of_predictions
from mvlake.records.artifact import Artifact
from mvlake.records.closeness import Closeness


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
