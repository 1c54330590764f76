"""Calibration: whether what a classifier is sure of comes true as often as it says.

Rows are put into bins of equal width by their score; in each, the mean score is held against the share of rows for which it came
true (a reliability diagram). The expected calibration error is the mean over the bins of the distance between the two, weighted
by rows: ECE = sum over bins of n_k / n * |share_k - score_k|, as Naeini, Cooper and Hauskrecht (Obtaining Well Calibrated
Probabilities Using Bayesian Binning, AAAI 2015) define it for two classes, by the probability of one of them, and Guo, Pleiss, Sun
and Weinberger (On Calibration of Modern Neural Networks, ICML 2017) for more, by the probability of the label that is said.
"""

from typing import Any

import numpy as np

from mvlake.compare.predicted import Calibration, ReliabilityBin

BINS = 10


def calibration_of(scores: Any, came_true: Any, of: str) -> Calibration | None:
    """Return how the scores of rows agree with what came true; None where no row has a score from 0 to 1."""
    there = (scores >= 0) & (scores <= 1)
    scores, came_true = scores[there].astype(np.float64), came_true[there]
    if not len(scores):
        return None
    places = np.clip(np.ceil(scores * BINS) - 1, 0, BINS - 1).astype(np.int64)
    rows = np.bincount(places, minlength=BINS)
    score, share = (np.bincount(places, weights=one, minlength=BINS) / np.maximum(rows, 1) for one in (scores, came_true))
    error = float(np.sum(rows / len(scores) * np.abs(share - score)))
    bins = tuple(
        ReliabilityBin(place / BINS, (place + 1) / BINS, int(rows[place]), float(score[place]), float(share[place]))
        for place in np.flatnonzero(rows).tolist()
    )
    return Calibration(of, len(scores), error, bins)
