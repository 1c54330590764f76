"""Predictions: what two models say of the same data, label by label and score by score."""

from dataclasses import dataclass
from typing import Any

from mvlake.errors import Invalid
from mvlake.records.closeness import Closeness, Gap

MOST = 100_000
"""Rows of evaluation data that are predicted."""


@dataclass(frozen=True, slots=True)
class Predictions:
    """What a model says of each row, as arrays: its label where it tells classes apart, and numbers.

    `classes` are, for each output, the labels that the columns of `scores` are of; those of several outputs stand side by side.
    """

    labels: Any = None
    scores: Any = None
    classes: tuple[Any, ...] = ()


def predictions_of(model: Any, data: Any) -> Predictions:
    """Return what an estimator with `predict` says of the first rows of data; Invalid where it says nothing."""
    import numpy as np

    name = type(model).__name__
    if not hasattr(model, "predict"):
        raise Invalid(f"a {name} predicts nothing", hint="only models with predict are compared by what they say")
    try:
        rows = data[:MOST]
        told = np.asarray(model.predict(rows))
        scores = model.predict_proba(rows) if hasattr(model, "predict_proba") else None
        classes = getattr(model, "classes_", None)
        if isinstance(scores, list):  # a forest of several outputs has one array for each
            scores, classes = np.hstack(scores), list(classes) if classes is not None else None
    except Exception as error:  # a library raises what it likes about data that are not for it
        raise Invalid(f"a {name} could not predict: {type(error).__name__}", hint="look whether the data fit the model") from error
    if told.dtype.kind == "f" and scores is None and classes is None:
        return Predictions(None, told)
    return Predictions(told, None if scores is None else np.asarray(scores), _by_output(classes))


def _by_output(classes: Any) -> tuple[Any, ...]:
    if classes is None:
        return ()
    return tuple(classes) if isinstance(classes, list) else (classes,)


def closeness_of_predictions(a: Predictions, b: Predictions, on: str, negligible: float) -> Closeness:
    """Return how far apart the scores are; flipped labels are the reason for no distance, and are counted."""
    import numpy as np

    from mvlake.handlers.distance import Distance

    if (a.labels is None) is not (b.labels is None) or (a.scores is None) is not (b.scores is None):
        return Closeness(reason=f"one predicts labels of {on}, and the other does not")
    found = Distance(negligible)
    problem = "" if a.scores is None else found.add_arrays(a.scores, b.scores, f"the predictions for {on}:")
    if a.labels is None:
        return Closeness(reason=problem) if problem else found.closeness()
    if a.labels.shape != b.labels.shape:
        return Closeness(reason=f"{len(a.labels):,} predicted labels of {on} became {len(b.labels):,}")
    flipped = int(np.sum(np.any((a.labels != b.labels).reshape(len(a.labels), -1), axis=1)))
    if flipped:
        drift = "" if problem or a.scores is None else f"; the scores are off by at most {found.closeness().max_abs:.3g}"
        return Closeness(reason=f"{flipped:,} of {len(a.labels):,} predicted labels of {on} flipped{drift}")
    return Closeness(reason=problem) if problem else found.closeness()


def by_predictions(learned: Closeness, said: Closeness, on: str) -> Closeness:
    """Return the distance of two models: that of what they say of data, whatever the distance of their learned numbers is.

    Equal predictions of models that learned other numbers are no more than within the tolerance.
    """
    if not said.is_comparable or (learned.is_comparable and not learned.gaps):
        return said if not said.is_comparable else learned
    inside = learned.reason or f"learned numbers are off by at most {learned.max_abs:.3g} (relative {learned.max_rel:.3g})"
    note = f"these are the predictions for {on}, of which no label flipped; inside, {inside}"
    return Closeness(total=said.total, gaps=said.gaps or (Gap("float64", 0, 0.0, 0.0),), note=note)
