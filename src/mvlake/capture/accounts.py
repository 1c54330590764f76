"""Accounts: in the kernel of a replay, each cell that has ended is told of: what it read, and the digests of what it made.

Nothing of the user's runs for it: what could only be told by pickling has no digest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mvlake.capture.cell_facts import CellFacts
from mvlake.capture.namespace import is_data, is_users
from mvlake.capture.probes.disk import reader
from mvlake.capture.probes.environment import imports_of
from mvlake.capture.running import Running
from mvlake.capture.session import Session
from mvlake.errors import MvlakeError
from mvlake.handlers.lookup import handler_for
from mvlake.records.account import Account, Content
from mvlake.records.canonical import canonical
from mvlake.records.digest import Digest
from mvlake.records.fields import to_fields
from mvlake.records.files import Flow, PlaceKind, below
from mvlake.records.source import without_directive

_MOST_BYTES = 1 << 28  # of one cell's variables: beyond that a digest would be felt
_PATIENCE = 5.0


class Accounts:
    """Tells of the cells of one kernel, in the order in which they end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._imported: dict[str, str] = {}

    def tell(
        self, session: Session, running: Running, bound: frozenset[str], namespace: Mapping[str, Any], *, failed: bool
    ) -> None:
        """Add what one cell did."""
        facts = running.facts
        reads = session.reads_of(facts)
        used = self._used(facts, reads)
        account = Account(
            source=without_directive(running.source),
            reads=tuple(sorted(name for name in reads if is_users(name) and name in running.before and name not in self._imported)),
            made=tuple(_contents(sorted(bound | facts.mutates), namespace)),
            files=tuple(sorted(_files(running, session.project))),
            modules=tuple(sorted(set(used.values()))),
            packages=_packages(facts, used),
            failed=failed,
        )
        with self._path.open("ab") as file:
            file.write(canonical(to_fields(account)) + b"\n")

    def _used(self, facts: CellFacts, reads: frozenset[str]) -> dict[str, str]:
        """Return the modules behind the names that a cell uses: read ones, and its own imports if it does more."""
        does_more = bool(facts.binds - set(facts.imports)) or facts.last_expression is not None
        self._imported.update(facts.imports)
        names = {*reads, *(facts.imports if does_more else ())}
        return {name: self._imported[name] for name in names if name in self._imported}


def _contents(names: Iterable[str], namespace: Mapping[str, Any]) -> Iterable[Content]:
    left = _MOST_BYTES
    for name in names:
        if is_users(name) and name in namespace and is_data(namespace[name]):
            digest, weight = _digest(namespace[name], left)
            left -= weight
            yield Content(name, digest)


def _digest(value: Any, most: int) -> tuple[Digest | None, int]:
    try:
        handler = handler_for(value)
        weight = handler.weight(value) if handler.is_inert else most + 1
        return (handler.fingerprint(value), weight) if weight <= most else (None, 0)
    except MvlakeError:
        return None, 0


def _files(running: Running, project: str) -> set[str]:
    places = running.used.places if running.used is not None else ()
    read = (one for one in places if one.direction is Flow.READ)
    return {(below(one.place, project) if one.kind is PlaceKind.FILE else "") or one.given for one in read}


def _packages(facts: CellFacts, used: Mapping[str, str]) -> tuple[str, ...]:
    if not used:
        return ()
    if reader.known().installed is None:
        reader.collect(_PATIENCE)
    return tuple(one.package for one in imports_of([replace(facts, imports=used)])[1:])
