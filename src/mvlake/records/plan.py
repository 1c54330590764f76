"""Plan: how a version is to run again."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked of a replay. `timeout` is in seconds for each cell, any time when 0; `runner` names what runs the cells."""

    timeout: int = 0
    runner: str = "papermill"
