"""Diagnosis: of a replay that did not reproduce, where it left its version, what differed there, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mvlake.compare.departure import departure
from mvlake.lake.rerun import Rerun
from mvlake.records.account import Account
from mvlake.records.canonical import parse
from mvlake.records.departure import Departure
from mvlake.records.dossier import Dossier
from mvlake.records.events import Difference
from mvlake.records.fields import from_fields


@dataclass(frozen=True, slots=True)
class Drift:
    """A replay that did not reproduce: the version, what came in its place (None: nothing), and what differs around them."""

    recorded: Dossier
    replayed: Dossier | None
    again: Rerun
    differences: Sequence[Difference]


def diagnose(drift: Drift) -> Departure:
    """Return where a replay left its version."""
    accounts = read_accounts(drift.again.scratch.accounts)
    failed = drift.again.execution.failed_cell
    return departure(drift.recorded, drift.replayed, accounts, drift.differences, failed_cell=failed)


def read_accounts(path: Path) -> tuple[Account, ...]:
    """Return what a kernel told of its cells, as far as it came."""
    try:
        lines = path.read_bytes().split(b"\n")
        return tuple(from_fields(Account, parse(line)) for line in lines[:-1])  # one that the kernel did not end is none
    except (OSError, ValueError, TypeError):
        return ()
