"""Gate policy: the `[gates]` of a lake's `policy.toml`, read when a label is to move, or somebody asks whether it may.

What is wrong there closes the gates, and says so. It keeps no version from being made: a gate keeps nothing out of a lake.
"""

from collections.abc import Iterator
from functools import lru_cache

from mvlake.errors import Invalid, InvalidName
from mvlake.lake.policy import PolicyTable, policy_document
from mvlake.lake.span import parse_span
from mvlake.records.events import Verdict
from mvlake.records.gate import Gate
from mvlake.records.names import check_label
from mvlake.store.contract import Store
from mvlake.store.keys import POLICY

_NAMES = "names"
_LEVELS = tuple(verdict for verdict in Verdict if verdict.is_reproduced)


def read_gates(store: Store) -> tuple[Gate, ...]:
    """Return the gates of the lake in a store; Invalid where its policy says what nobody can mean."""
    return parse_gates(store.get(POLICY) or b"")


@lru_cache(maxsize=8)
def parse_gates(data: bytes) -> tuple[Gate, ...]:
    r"""Return the gates that a policy's bytes say.

    >>> [gate.wanted for gate in parse_gates(b'[gates.production]\nreplay = "numeric"\nreplay_within = "30 days"')]
    ['a replay that gave numeric or better within 30 days']
    """
    return tuple(_gates(PolicyTable(policy_document(data), "gates")))


def _gates(table: PolicyTable) -> Iterator[Gate]:
    for label, inner in table.each():
        if label != _NAMES:
            yield _gate(label, inner, name="*")
    for name, named in table.named():
        for label, inner in named.each():
            yield _gate(label, inner, name=name)


def _gate(label: str, table: PolicyTable, *, name: str) -> Gate:
    table.check("replay", "replay_within")
    try:
        check_label(label)
    except InvalidName as error:
        raise Invalid(f"policy.toml: [gates] stand before {label[:40]!a}, which is no label", hint=error.hint) from error
    wanted = table.text("replay")
    if wanted not in _LEVELS:
        raise Invalid(
            f"policy.toml: [gates] replay = {wanted[:40]!r} before {label}", hint=f"replay is one of {', '.join(_LEVELS)}"
        )
    within = table.text("replay_within") if table.said("replay_within") else ""
    seconds = parse_span(within).total_seconds() if within else None
    return Gate(label.removeprefix("@"), Verdict(wanted), name, seconds, within)
