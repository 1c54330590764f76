"""Figure: one measured number beside its goal, and beside what others need for the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles


@dataclass(frozen=True)
class Figure:
    """What was measured, its goal (None: only told), how often it was measured, and what peers took for the same in the same run.

    Less is better unless `is_rate`: then more is.
    """

    what: str
    value: float
    goal: float | None
    runs: int
    unit: str = "ms"
    is_rate: bool = False
    peers: Mapping[str, float] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """`met` or `missed`; nothing where there is no goal."""
        if self.goal is None:
            return ""
        return "met" if (self.value >= self.goal if self.is_rate else self.value <= self.goal) else "missed"

    def times(self, peer: str) -> float:
        """How many times better this is than what the peer took; below 1 it is worse."""
        ours, theirs = (self.value, self.peers[peer]) if self.is_rate else (self.peers[peer], self.value)
        return ours / theirs if theirs else float("inf")

    def plain(self) -> dict[str, object]:
        """What a program reads."""
        peers = {name: {"value": value, "times": self.times(name)} for name, value in self.peers.items()}
        goal = None if self.goal is None else {"value": self.goal, "at_least": self.is_rate, "verdict": self.verdict}
        return {"what": self.what, "value": self.value, "unit": self.unit, "goal": goal, "runs": self.runs, "peers": peers}


def p50(samples: Sequence[float]) -> float:
    return median(samples)


def p95(samples: Sequence[float]) -> float:
    return quantiles(samples, n=20, method="inclusive")[-1] if len(samples) > 1 else samples[0]


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as text: the last column says how many times better each is than its peers."""
    width = max((len(one.what) for one in figures), default=4)
    lines = [f"{'what':<{width}} {'measured':>15} {'goal':>12} {'verdict':<7} {'runs':>4}  times better than (below 1: worse)"]
    for one in figures:
        goal = "" if one.goal is None else f"{'≥' if one.is_rate else '≤'} {one.goal:g} {one.unit}"
        peers = ", ".join(f"{name} {_short(one.times(name))}" for name in one.peers)
        lines.append(
            f"{one.what:<{width}} {_short(one.value):>8} {one.unit:<6} {goal:>12} {one.verdict:<7} {one.runs:>4}  {peers}".rstrip()
        )
    return "\n".join(lines)


def _short(value: float) -> str:
    """Return a number with three digits that say something."""
    if value != value or value in (float("inf"), float("-inf")):
        return "∞"
    size = abs(value)
    return f"{value:,.0f}" if size >= 100 else f"{value:.1f}" if size >= 10 else f"{value:.2f}" if size >= 0.1 else f"{value:.3f}"
