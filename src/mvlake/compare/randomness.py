"""Randomness: from which generators two versions drew, in which states, and the seeds that their texts set."""

from dataclasses import replace

from mvlake.compare.diff import Change, ValueDiff
from mvlake.compare.values import compare_values
from mvlake.records.canonical import Json
from mvlake.records.randomness import Draw
from mvlake.records.version import Version

_OTHER_STATES = "it began in another state"


def compare_randomness(a: Version, b: Version) -> tuple[ValueDiff, ...]:
    """Return generators, then seeding calls, side by side. A generator differs where another cell drew, or from another state."""
    ours, theirs = _by_generator(a), _by_generator(b)
    told = compare_values(
        [(one, _told(draws)) for one, draws in ours.items()], [(one, _told(draws)) for one, draws in theirs.items()]
    )
    generators = tuple(
        replace(one, change=Change.CHANGED, note=_OTHER_STATES)
        if one.change is Change.UNCHANGED and _states(ours[one.name]) != _states(theirs[one.name])
        else one
        for one in told
    )
    return generators + compare_values(_seeds(a), _seeds(b))


def _by_generator(version: Version) -> dict[str, list[Draw]]:
    found: dict[str, list[Draw]] = {}
    for draw in version.draws:
        found.setdefault(draw.generator, []).append(draw)
    return found


def _told(draws: list[Draw]) -> Json:
    cells = ", ".join(str(draw.cell) for draw in draws)
    seeded = "seeded" if all(draw.is_seeded for draw in draws) else "unseeded"
    return f"{seeded}, cell{'s' if len(draws) > 1 else ''} {cells}"


def _states(draws: list[Draw]) -> list[str | None]:
    return [draw.state for draw in draws]


def _seeds(version: Version) -> list[tuple[str, Json]]:
    return [(seed.call, seed.value if seed.source is None else f"from the {seed.source.value}") for seed in version.seeds]
