"""Tolerance policy: the `[tolerance]` of a lake's `policy.toml`, read before a version runs again.

What is wrong there keeps a replay from being judged, and says so before anything runs. It keeps no version from being made.
"""

import math
from collections.abc import Iterator, Mapping
from functools import lru_cache

from mvlake.errors import Invalid
from mvlake.lake.policy import PolicyTable, policy_document
from mvlake.records.tolerance import EVERY, PRECISIONS, ToleranceRule, Tolerances
from mvlake.store.contract import Store
from mvlake.store.keys import POLICY

_MOST = 1.0  # beyond it no sign, no size and no zero would be told from another
_PARTS = ("metrics", "items")


def read_tolerances(store: Store) -> Tolerances:
    """Return the tolerances of the lake in a store; Invalid where its policy says what nobody can mean."""
    return parse_tolerances(store.get(POLICY) or b"")


@lru_cache(maxsize=8)
def parse_tolerances(data: bytes) -> Tolerances:
    r"""Return the tolerances that a policy's bytes say.

    >>> parse_tolerances(b'[tolerance]\nfloat32 = 1e-5\n[tolerance.metrics]\nauc = 1e-3').of("metric", "auc").float64
    0.001
    """
    return Tolerances(tuple(_rules(PolicyTable(policy_document(data), "tolerance"))))


def _rules(table: PolicyTable) -> Iterator[ToleranceRule]:
    table.check(*PRECISIONS, "atol", *_PARTS, "names")
    yield _rule(table, EVERY)
    for name, inner in table.named():
        inner.check(*PRECISIONS, "atol", *_PARTS)
        yield _rule(inner, name)


def _rule(table: PolicyTable, version: str) -> ToleranceRule:
    by_precision = {name: _checked(table, name) for name in PRECISIONS if table.said(name)}
    if table.said("atol"):
        by_precision["atol"] = _checked(table, "atol", most=math.inf)
    return ToleranceRule(version, by_precision, *(_by_name(table, part) for part in _PARTS))


def _by_name(table: PolicyTable, part: str) -> Mapping[str, float]:
    inner = table.table(part)
    return {name: _checked(inner, name) for name in inner.names()}


def _checked(table: PolicyTable, name: str, most: float = _MOST) -> float:
    found = table.number(name)
    if not (math.isfinite(found) and 0 <= found <= most):
        raise Invalid(
            f"policy.toml: a tolerance {name[:40]} = {found}", hint="a tolerance is a number such as 1e-6: from 0 to 1, atol from 0"
        )
    return found
