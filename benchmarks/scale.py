"""Scale: how much data a run measures with."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """`rows` of the large frame, and how often what takes seconds is repeated.

    Each edit has a process of its own where it is isolated; with peers, the tools of others that are installed are measured too.
    """

    rows: int
    repeats: int
    is_isolated: bool
    with_peers: bool = True


FULL = Scale(rows=5_000_000, repeats=5, is_isolated=True)
SMALL = Scale(rows=200_000, repeats=3, is_isolated=False)
