"""Scores: how the scores that two models give to a label are spread, and how far apart these spreads are."""

from typing import Any

import numpy as np

from mvlake.compare.drift import jensen_shannon, population_stability_index
from mvlake.compare.predicted import Histogram, ScoreDiff, ScoreKind
from mvlake.handlers.distributions.numbers import kolmogorov_smirnov
from mvlake.handlers.predicting.spread import finite, histogram_of, spread_of

MOST_LABELS = 5


def score_diff(kind: ScoreKind, label: str, a: Any, b: Any) -> ScoreDiff:
    """Return how the scores of one label are spread on either side; bins of probabilities go from 0 to 1."""
    is_share = kind is ScoreKind.PROBABILITY and all(((one >= 0) & (one <= 1)).all() for one in (finite(a), finite(b)))
    found = histogram_of(a, b, low=0.0, high=1.0) if is_share else histogram_of(a, b)
    ours, theirs = finite(a), finite(b)
    if not ours.size or not theirs.size or not found.edges:
        return ScoreDiff(kind, label, spread_of(a), spread_of(b), found)
    shares = _shares(found)
    psi, js = population_stability_index(*shares), jensen_shannon(*shares)
    return ScoreDiff(kind, label, spread_of(a), spread_of(b), found, psi, kolmogorov_smirnov(np.sort(ours), np.sort(theirs)), js)


def score_diffs(kind: ScoreKind, a: dict[str, Any], b: dict[str, Any]) -> tuple[ScoreDiff, ...]:
    """Return the scores of the labels that both have, those whose scores moved most first; of two labels the one that is told."""
    names = [name for name in a if name in b]
    if len(names) == len(a) == len(b) == 2:
        names = [told_label(names)]
    names.sort(key=lambda name: (-_moved(a[name], b[name]), name))
    return tuple(score_diff(kind, name, a[name], b[name]) for name in names[:MOST_LABELS])


def _moved(a: Any, b: Any) -> float:
    """Return how far scores moved on average, where both are finite."""
    there = finite(np.subtract(b, a))
    return float(np.abs(there).mean()) if there.size else 0.0


def told_label(names: list[str]) -> str:
    """Return of two labels the one whose probability is told: the greater, as numbers or as texts, whatever order a model has."""
    try:
        return max(names, key=float)
    except ValueError:
        return max(names)


def _shares(found: Histogram) -> tuple[list[float], list[float]]:
    a, b = ([one / max(1, sum(counts)) for one in counts] for counts in (found.a, found.b))
    return a, b
