"""Gates: does a version meet what stands before a label? Only its own last replay is looked at, and not taken at its word."""

from collections.abc import Iterable
from datetime import datetime

from mvlake.records.answers import Entry, Replay
from mvlake.records.column_rule import fits
from mvlake.records.events import worst
from mvlake.records.gate import Gate, Passage


def gates_before(gates: Iterable[Gate], label: str, name: str) -> tuple[Gate, ...]:
    """Return the gates before a label of a name. All of them count."""
    return tuple(gate for gate in gates if gate.label == label and fits(name, gate.name))


def passage(gates: Iterable[Gate], entry: Entry, label: str, now: datetime) -> Passage | None:
    """Return whether a version may have a label now; None where no gate stands before it."""
    asked = gates_before(gates, label, entry.version.name)
    if not asked:
        return None
    unmet = ((gate, reason) for gate in asked if (reason := why_closed(gate, entry.judged, now)))
    gate, reason = next(unmet, (None, ""))
    wanted = gate.wanted if gate is not None else " and ".join(dict.fromkeys(one.wanted for one in asked))
    return Passage(entry.ref, label, wanted, reason)


def why_closed(gate: Gate, judged: Replay | None, now: datetime) -> str:
    """Return why a replay does not open a gate, "" where it does. `judged` is the last one of the version itself."""
    if judged is None:
        return "it was never replayed"
    replayed = judged.replayed
    day = judged.at[:10]
    if not replayed.items or worst(replayed.items) is not replayed.verdict:
        return f"what its replay of {day} says does not follow from what it judged"
    if replayed.verdict.severity > gate.replay.severity:
        return f"its last replay, of {day}, gave {replayed.verdict.value}"
    if gate.within is None:
        return ""
    age = _age(judged.at, now)
    if age is None or age < 0:
        return f"its last replay says that it was at {judged.at[:16]}, which is not before now"
    return f"its last replay, which gave {replayed.verdict.value}, is of {day}" if age > gate.within else ""


def _age(at: str, now: datetime) -> float | None:
    try:
        return (now - datetime.fromisoformat(at)).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
