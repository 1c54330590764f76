"""Leaderboard: versions in the order of a metric, and what tells them apart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mvlake.compare.diff import Direction
from mvlake.compare.says_again import says_again
from mvlake.compare.values import exact
from mvlake.records.answers import Entry
from mvlake.records.canonical import Json
from mvlake.records.version import Version


class KnownBy(StrEnum):
    """How it is known which way a metric improves."""

    SAID = "said"
    NAME = "name"  # of the metric, or of the function that measured it
    ASSUMED = "assumed"  # nothing tells: the highest is first


@dataclass(frozen=True, slots=True)
class Ranked:
    """A version with its rank from 1; without one where it has no number to be ranked by."""

    rank: int | None
    entry: Entry

    def value(self, metric: str) -> Json:
        """Return what the version has for a metric, None where it has none of this name."""
        return next((one.value for one in reversed(self.entry.version.metrics) if one.name == metric), None)


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """Answer of `leaderboard`: the best versions of a name, or of all, by a metric; equal ones newest first.

    There are `total` versions to rank, of which `unranked` have no number there. `metrics` are the other metrics of those in the
    rows, and `params` the parameters in which these differ.
    """

    by: str
    name: str | None
    direction: Direction
    known_by: KnownBy
    rows: tuple[Ranked, ...]
    total: int
    unranked: int
    metrics: tuple[str, ...] = ()
    params: tuple[str, ...] = ()


def other_metrics(versions: Iterable[Version], by: str) -> tuple[str, ...]:
    """Return the metrics of versions besides one, those that nobody guessed first, each once, in the order of the versions."""
    found = [one for version in versions for one in version.metrics if one.name != by]
    return tuple(dict.fromkeys(one.name for one in sorted(found, key=lambda one: one.source.is_guess)))


def varying_params(versions: Sequence[Version]) -> tuple[str, ...]:
    """Return the parameters that do not have one value in all of these versions, in their order.

    A model's setting that only repeats a variable of its name (`model.max_depth` and `max_depth`) is left out.
    """
    held = [{one.name: exact(one.value) for one in version.params} for version in versions]
    names = dict.fromkeys(one.name for version in versions for one in version.params)
    courses = {name: tuple(one.get(name) for one in held) for name in names}
    varying = {name: course for name, course in courses.items() if len(set(course)) > 1}
    return tuple(name for name, course in varying.items() if not says_again(name, course, varying))
