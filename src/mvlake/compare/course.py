"""Course: the values of a metric, step by step, as few of them as a picture needs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Course:
    """Some of `count` values with their steps, evenly, the first and the last among them; None where a value is not finite."""

    count: int
    steps: tuple[float, ...]
    values: tuple[float | None, ...]
