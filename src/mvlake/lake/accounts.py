"""Accounts: what the kernel of a replay told of its cells, read back."""

from pathlib import Path

from mvlake.records.account import Account
from mvlake.records.canonical import parse
from mvlake.records.fields import from_fields


def read_accounts(path: Path) -> tuple[Account, ...]:
    """Return what a kernel told of its cells, as far as it came."""
    try:
        lines = path.read_bytes().split(b"\n")
        return tuple(from_fields(Account, parse(line)) for line in lines[:-1])  # one that the kernel did not end is none
    except (OSError, ValueError, TypeError):
        return ()
