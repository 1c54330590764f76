"""Truth: what predictions are held against, row by row and output by output; where it is missing, nothing is held against it."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from mvlake.handlers.predicting.labels import Labels, labels_of


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of each row of one output: `is_known` says of which rows it is."""

    values: Any
    is_known: Any

    @property
    def labels(self) -> Labels:
        """The truth as labels."""
        return labels_of(self.values)

    @property
    def numbers(self) -> Any:
        """The truth as floats, NaN where it is not known or no number."""
        if self.values.dtype.kind in "biuf":
            return np.where(self.is_known, self.values, np.nan).astype(np.float64)
        return np.asarray([_number(one) for one in self.values.tolist()])


def truths_of(array: Any, outputs: int) -> list[Truth | None]:
    """Return the truth of each output; None for each where it has another number of them."""
    found = np.asarray(array)
    if found.ndim not in (1, 2) or (found.ndim == 2 and found.shape[1] != outputs) or (found.ndim == 1 and outputs != 1):
        return [None] * outputs
    columns = found.reshape(len(found), outputs) if found.size or outputs else found
    return [Truth(columns[:, place], _known(columns[:, place])) for place in range(outputs)]


def _known(values: Any) -> Any:
    if values.dtype.kind == "f":
        return ~np.isnan(values)
    if values.dtype.kind == "O":
        return np.asarray([_is_said(one) for one in values.tolist()], bool)
    return np.ones(len(values), bool)


def _is_said(value: Any) -> bool:
    return type(value) in (str, bytes, bool, int) or (type(value) is float and not math.isnan(value))


def _number(value: Any) -> float:
    return float(value) if type(value) in (bool, int, float) else float("nan")
