"""Gate: what a version must have shown before a label may move to it, as a lake's `policy.toml` says."""

from dataclasses import dataclass

from mvlake.records.events import Verdict


@dataclass(frozen=True, slots=True)
class Gate:
    """Before a label, for versions whose names fit a pattern: the least verdict of the last replay, and how old that may be.

    `within` is in seconds, None where any age will do; `within_text` is how the policy says it.
    """

    label: str
    replay: Verdict
    name: str = "*"
    within: float | None = None
    within_text: str = ""

    @property
    def wanted(self) -> str:
        """What it asks for, in words."""
        better = "" if self.replay is Verdict.IDENTICAL else " or better"
        return f"a replay that gave {self.replay.value}{better}" + (f" within {self.within_text}" if self.within_text else "")


@dataclass(frozen=True, slots=True)
class Passage:
    """Whether a version may have a label, as far as gates stand before it: `reason` says why not, and is empty where it may."""

    ref: str
    label: str
    wanted: str
    reason: str = ""
