"""Varied: a version was made anew with other parameters, and this is what came of it."""

from dataclasses import dataclass

from mvlake.compare.diff import Diff


@dataclass(frozen=True, slots=True)
class Varied:
    """Answer of `replay` with parameters: the new version `made` from `ref`, and how it differs.

    `said` tells with which parameters. `is_confirmation`: all came out as in the version `made`, which was there before. `notebook`
    is the executed one, where it was kept.
    """

    ref: str
    made: str
    said: str
    diff: Diff
    is_confirmation: bool = False
    notebook: str = ""
