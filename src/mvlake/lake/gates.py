"""Gates of a lake: may a version have a label, by the policy and the log of now? Asked before a label moves, and in `show`."""

from collections.abc import Sequence

from mvlake.errors import GateClosed, Invalid
from mvlake.lake.gate_policy import read_gates
from mvlake.lake.parts import Parts
from mvlake.records.answers import Entry, LabelRow
from mvlake.records.gate import Passage
from mvlake.records.version import Version
from mvlake.registry.gates import passage


def check_gates(parts: Parts, version: Version, label: str) -> None:
    """Raise GateClosed when the version may not have the label now; Invalid when nobody can tell what the policy asks for."""
    found = passage(read_gates(parts.store), parts.ledger.entry(version.name, version.number), label, parts.clock())
    if found is not None and found.reason:
        raise GateClosed(found.ref, label, wanted=found.wanted, reason=found.reason)


def passages_of_version(parts: Parts, entry: Entry) -> tuple[tuple[Passage, ...], str]:
    """Return whether a version may have each label behind a gate, and why that cannot be told, if so."""
    try:
        gates = read_gates(parts.store)
    except Invalid as error:
        return (), error.message
    labels = dict.fromkeys(gate.label for gate in gates)
    found = (passage(gates, entry, label, parts.clock()) for label in labels)
    return tuple(one for one in found if one is not None), ""


def passages_of_labels(parts: Parts, current: Sequence[LabelRow]) -> tuple[tuple[Passage, ...], str]:
    """Return whether what holds each label behind a gate would still pass it, and why that cannot be told, if so."""
    try:
        gates = read_gates(parts.store)
    except Invalid as error:
        return (), error.message
    held = [(row.move.name, row.move.to_number, row.move.label) for row in current]
    found = (
        passage(gates, parts.ledger.entry(name, number), label, parts.clock())
        for name, number, label in (held if gates else ())
        if number is not None and 0 < number <= parts.ledger.count(name)  # a label of a lake made by hand may point anywhere
    )
    return tuple(one for one in found if one is not None), ""
