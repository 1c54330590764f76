"""Causes: of notebooks with a known fault, how often a replay names the right cause, and how often a cause that it names is right."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.figure import Figure
from benchmarks.seeded import FAULTS, Fault, recorded
from mvlake.records.answers import Verdicts
from mvlake.records.departure import CauseKind


@dataclass(frozen=True)
class Found:
    """What a replay of one fault came to: `cause` is the likeliest, "" where it reproduced or none was named."""

    fault: Fault
    verdict: str
    cause: str
    basis: str
    cell: int
    is_exact: bool

    @classmethod
    def of(cls, fault: Fault, answer: Verdicts) -> "Found":
        left = answer.replayed.departure
        first = left.causes[0] if left is not None and left.causes else None
        named = first is not None and first.kind is not CauseKind.UNKNOWN
        return cls(
            fault,
            answer.replayed.verdict.value,
            first.kind.value if named else "",
            first.basis.value if named else "",
            left.cell if left is not None else 0,
            left is not None and left.is_exact,
        )

    @property
    def is_right(self) -> bool:
        """True when cause and verdict are those that they must be."""
        return self.cause == self.fault.cause and self.verdict == self.fault.verdict

    @property
    def line(self) -> str:
        """What is printed of it."""
        where = f"cell {self.cell}{'' if self.is_exact else ' or before'}" if self.cell else ""
        said = f"{self.cause or ('unknown' if self.cell else '')} {f'({self.basis})' if self.basis else ''}"
        expected = f"{self.fault.verdict}, {self.fault.cause or 'no cause'}"
        return f"{'ok ' if self.is_right else 'NOT'} {self.fault.name:<16} {expected:<24} → {self.verdict}, {said:<28} {where}"


def rates(found: Iterable[Found]) -> tuple[float, float]:
    """Return precision and recall of the likeliest cause: of the named ones those that are right, of the faults those that are named."""
    results = list(found)
    right = sum(one.cause == one.fault.cause != "" for one in results)
    named = sum(one.cause != "" for one in results)
    faults = sum(one.fault.cause != "" for one in results)
    return right / named if named else 1.0, right / faults if faults else 1.0


def causes() -> list[Figure]:
    """Replay every seeded fault, and return the rates; what was found of each is said on the error stream."""
    with recorded(FAULTS) as replayed:
        results = []
        for fault in FAULTS:
            results.append(Found.of(fault, replayed(fault)))
            print(results[-1].line, file=sys.stderr, flush=True)
    precision, recall = rates(results)
    placed = [one for one in results if one.fault.cell]
    verdicts = sum(one.verdict == one.fault.verdict for one in results)
    return [
        Figure(f"precision of the named cause, of {len(results)} notebooks", 100 * precision, 95, 1, "%", is_rate=True),
        Figure(f"  recall of the cause, of {sum(one.fault.cause != '' for one in results)} faults", 100 * recall, 95, 1, "%", is_rate=True),
        Figure("  causes named of those that reproduce", sum(one.cause != "" and not one.fault.cause for one in results), 0, 1, ""),
        Figure(f"  verdicts that are as expected, of {len(results)}", verdicts, len(results), 1, "", is_rate=True),
        Figure(
            f"  departing cell named exactly, of {len(placed)}",
            sum(one.is_exact and one.cell == one.fault.cell for one in placed), len(placed), 1, "", is_rate=True,
        ),
    ]  # fmt: skip
