"""Predictions: what two models say of the same data, label by label and score by score."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mvlake.errors import Invalid
from mvlake.handlers.predicting.rows import first_rows
from mvlake.records.closeness import Closeness, Gap

MOST = 100_000
"""Rows of evaluation data that are predicted."""


@dataclass(frozen=True, slots=True)
class Predictions:
    """What a model says of each row, as arrays: its label where it tells classes apart, and numbers.

    `classes` are, for each output, the labels that the columns of `scores` are of; those of several outputs stand side by side.
    `margins` are what a model without probabilities decides by. `is_grouped` where labels are but numbers of groups (clusters).
    """

    labels: Any = None
    scores: Any = None
    classes: tuple[Any, ...] = ()
    margins: Any = None
    is_grouped: bool = False


def predictions_of(model: Any, data: Any) -> Predictions:
    """Return what an estimator with `predict` says of the first rows of data; Invalid where it says nothing."""
    import numpy as np

    name = type(model).__name__
    if not hasattr(model, "predict"):
        raise Invalid(f"a {name} predicts nothing", hint="only models with predict are compared by what they say")
    try:
        rows = first_rows(data, 0, MOST)
        told = np.asarray(model.predict(rows))
        scores = model.predict_proba(rows) if hasattr(model, "predict_proba") else None
        margins = model.decision_function(rows) if scores is None and hasattr(model, "decision_function") else None
        classes = getattr(model, "classes_", None)
        if isinstance(scores, list):  # a forest of several outputs has one array for each
            scores, classes = np.hstack(scores), list(classes) if classes is not None else None
    except Exception as error:  # a library raises what it likes about data that are not for it
        raise Invalid(f"a {name} could not predict: {type(error).__name__}", hint="look whether the data fit the model") from error
    if told.dtype.kind == "f" and scores is None and classes is None:
        return Predictions(None, told)
    probabilities, decided = (None if one is None else np.asarray(one) for one in (scores, margins))
    is_grouped = classes is None and told.dtype.kind in "iu" and margins is None  # what finds outliers has margins
    return Predictions(told, probabilities, _by_output(classes), decided, is_grouped)


def predictions_of_booster(predict: Callable[[Any], Any], data: Any, objective: str) -> Predictions:
    """Return what a booster says of the first rows of data: labels where its objective makes its numbers probabilities of these."""
    import numpy as np

    try:
        told = np.asarray(predict(first_rows(data, 0, MOST)))
    except Exception as error:  # a library raises what it likes about data that are not for it
        raise Invalid(f"a Booster could not predict: {type(error).__name__}", hint="look whether the data fit the model") from error
    if objective in ("binary:logistic", "binary") and told.ndim == 1:
        return Predictions((told > 0.5).astype(np.int64), np.stack([1 - told, told], axis=1), (np.arange(2),))
    if objective.startswith("multi") and told.ndim == 2:
        return Predictions(told.argmax(axis=1), told, (np.arange(told.shape[1]),))
    return Predictions(told.astype(np.int64)) if objective == "multi:softmax" else Predictions(None, told)


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
