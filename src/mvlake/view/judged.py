"""Judged: why an item did not come out as it may, in the few lines that a report of tests has room for."""

from collections.abc import Sequence

from mvlake.records.answers import Verdicts
from mvlake.records.departure import Departure
from mvlake.records.events import Difference, Verdict, VerdictItem
from mvlake.view.clean import visible, without_ansi
from mvlake.view.outline.departure import departs_at

_LINE = 300
_MOST = 6


def failure_text(answer: Verdicts, items: Sequence[VerdictItem], accept: Verdict) -> str:
    """Return what is worse than what passes, each with its tolerance and distance; then where the replay departed, and why."""
    lines = [_line(f"{answer.ref}: {one.kind} {one.name} {_did(one.verdict)}: {one.reason}") for one in items[:_MOST]]
    lines += [f"… and {len(items) - _MOST:,} more"] if len(items) > _MOST else []
    if all(item.verdict.is_reproduced for item in items):
        lines.append(f"{accept.value} or better passes")
    departure = answer.replayed.departure
    lines += _departure(departure) if departure is not None else []
    if departure is None or not departure.causes:
        lines += [_line(f"differs here: {_difference(one)}") for one in answer.replayed.differences[:_MOST]]
    return "\n".join(lines)


def first_line(text: str) -> str:
    """Return the first line of what somebody's code said, fit for a report."""
    return _line(without_ansi(text).strip().split("\n", 1)[0])


def _did(verdict: Verdict) -> str:
    return {Verdict.DRIFTED: "drifted", Verdict.FAILED: "failed"}.get(verdict, f"is {verdict.value}")


def _departure(departure: Departure) -> list[str]:
    lines = [f"departs {departs_at(departure)}"]
    lines += [_line(f"differed before it: {one.kind.value} {one.name}: {one.reason}") for one in departure.inputs[:_MOST]]
    lines += [
        _line(
            " ".join(
                f"cause ({one.basis.value}): {one.kind.value} {one.name}: {one.reason}{'; ' * bool(one.advice)}{one.advice}".split()
            )
        )
        for one in departure.causes[:2]
    ]
    return lines


def _difference(one: Difference) -> str:
    return f"{one.kind.value} {one.name}: {one.reason}"


def _line(text: str) -> str:
    return visible(" ".join(without_ansi(text).split()), limit=_LINE)
