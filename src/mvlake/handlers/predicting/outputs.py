"""Outputs: what a model says, output by output: labels with the scores of each label, or numbers."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from mvlake.handlers.predicting.labels import Labels, label_text, labels_of
from mvlake.handlers.predictions import Predictions

MOST_OUTPUTS = 5


@dataclass(frozen=True, slots=True)
class Output:
    """Labels, or numbers. `scores` are probabilities, a column for each of `classes`; None where there are none."""

    labels: Labels | None = None
    numbers: Any = None
    scores: Any = None
    classes: tuple[str, ...] = ()


def outputs_of(said: Predictions) -> list[Output]:
    """Return the outputs of a model, all of them."""
    if said.labels is None:
        return [Output(numbers=column) for column in _columns(said.scores)]
    labels = [labels_of(column) for column in _columns(said.labels)]
    scores = _scores(said, len(labels))
    return [Output(one, None, *scores[place]) for place, one in enumerate(labels)]


def _columns(array: Any) -> list[Any]:
    flat = np.asarray(array)
    flat = flat.reshape(len(flat), -1) if flat.ndim else flat.reshape(1, 1)
    return [flat[:, place] for place in range(flat.shape[1])]


def _scores(said: Predictions, outputs: int) -> list[tuple[Any, tuple[str, ...]]]:
    """Return the scores of each output with the labels of their columns; none where it cannot be told which column is whose."""
    nothing: list[tuple[Any, tuple[str, ...]]] = [(None, ())] * outputs
    if said.scores is None or said.scores.ndim != 2:
        return nothing
    classes = said.classes or ((np.arange(said.scores.shape[1]),) if outputs == 1 else ())
    names = [tuple(label_text(label) for label in np.asarray(one).reshape(-1).tolist()) for one in classes]
    if len(names) != outputs or sum(map(len, names)) != said.scores.shape[1]:
        return nothing
    found, start = [], 0
    for one in names:
        found.append((said.scores[:, start : start + len(one)], one))
        start += len(one)
    return found
