"""Run band: how far a metric of one version goes when the version runs several times."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunBand:
    """Between which values one more run of a version would lie, 99 times in 100, as `runs` of them tell; see `compare.band`."""

    low: float
    high: float
    runs: int
