"""Outputs: what a model says, output by output: labels with the scores of each label, or numbers."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mvlake.handlers.predicting.labels import Labels, label_text, labels_of
from mvlake.handlers.predictions import Predictions


@dataclass(frozen=True, slots=True)
class Output:
    """Labels, or numbers. `scores` are probabilities by label, `margins` what stands for them where there are none."""

    labels: Labels | None = None
    numbers: Any = None
    scores: dict[str, Any] = field(default_factory=dict)
    margins: dict[str, Any] = field(default_factory=dict)
    is_grouped: bool = False
    classes: tuple[str, ...] = ()

    def score_of_label(self) -> Any:
        """Return row by row the probability of the label that is said; None where there are no probabilities."""
        if self.labels is None or not self.scores:
            return None
        rows = len(self.labels.codes)
        table = np.stack([self.scores.get(name, np.full(rows, np.nan)) for name in self.labels.names]) if rows else np.zeros((1, 0))
        return table[self.labels.codes, np.arange(rows)]


def outputs_of(said: Predictions) -> list[Output]:
    """Return the outputs of a model, all of them."""
    if said.labels is None:
        return [Output(numbers=column.astype(np.float64)) for column in _columns(said.scores)]
    labels = [labels_of(column) for column in _columns(said.labels)]
    names = _class_names(said, len(labels))
    scores = _by_label(said.scores, names, len(labels))
    margins = _margins(said.margins, names[0]) if len(labels) == 1 and names else {}
    return [
        Output(one, None, scores[place], margins, said.is_grouped, names[place] if place < len(names) else ())
        for place, one in enumerate(labels)
    ]


def _columns(array: Any) -> list[Any]:
    flat = np.asarray(array)
    flat = flat.reshape(len(flat), -1 if flat.size else max(1, *flat.shape[1:], 1)) if flat.ndim else flat.reshape(1, 1)
    return [flat[:, place] for place in range(flat.shape[1])]


def _class_names(said: Predictions, outputs: int) -> list[tuple[str, ...]]:
    """Return the labels of each output; those of a model that does not name its only output's are numbered."""
    classes = said.classes
    if not classes and outputs == 1:
        width = said.scores.shape[1] if said.scores is not None and said.scores.ndim == 2 else 0
        classes = (np.arange(width),)
    return [tuple(label_text(label) for label in np.asarray(one).reshape(-1).tolist()) for one in classes]


def _by_label(scores: Any, names: list[tuple[str, ...]], outputs: int) -> list[dict[str, Any]]:
    """Return the scores of each output by label; none where it cannot be told which column is whose."""
    fits = scores is not None and scores.ndim == 2 and len(names) == outputs and sum(map(len, names)) == scores.shape[1]
    if not fits:
        return [{} for _ in range(outputs)]
    found, start = [], 0
    for one in names:
        found.append({name: scores[:, start + place].astype(np.float64) for place, name in enumerate(one)})
        start += len(one)
    return found


def _margins(margins: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """Return margins by label: of two labels there is one, that of the second."""
    if margins is None or margins.dtype.kind not in "fiu":
        return {}
    if margins.ndim == 1:
        return {names[1] if len(names) == 2 else "": margins.astype(np.float64)}
    if margins.ndim != 2 or margins.shape[1] != len(names):
        return {}
    return {name: margins[:, place].astype(np.float64) for place, name in enumerate(names)}
