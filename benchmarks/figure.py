"""Figure: one measured number beside its goal."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True)
class Figure:
    """What was measured, in milliseconds, its goal (None: only told), and how often it was measured."""

    what: str
    value: float
    goal: float | None
    runs: int


def p50(samples: Sequence[float]) -> float:
    return median(samples)


def p95(samples: Sequence[float]) -> float:
    return quantiles(samples, n=20, method="inclusive")[-1]


def table(figures: Sequence[Figure]) -> str:
    lines = [f"{'what':<72} {'measured':>10} {'goal':>10} {'ratio':>7} {'runs':>6}"]
    for one in figures:
        goal = "" if one.goal is None else f"≤ {one.goal:g} ms"
        ratio = "" if one.goal is None else f"{one.value / one.goal:.2f}"
        lines.append(f"{one.what:<72} {one.value:>7.1f} ms {goal:>10} {ratio:>7} {one.runs:>6}")
    return "\n".join(lines)
