"""Outcome: what a replay made of the things that a verdict speaks of, so that two replays of one version can be compared."""

import math
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from mvlake.compare.values import exact, number
from mvlake.records.artifact import Role
from mvlake.records.canonical import Json
from mvlake.records.events import Verdict, VerdictItem
from mvlake.records.files import Flow
from mvlake.records.version import Version

Outcome: TypeAlias = Mapping[tuple[str, str], Json]
Item: TypeAlias = tuple[str, str]

_NOISE = 1e-9


def departed_items(items: Sequence[VerdictItem]) -> tuple[Item, ...]:
    """Return which items of a verdict came out as something else."""
    return tuple((one.kind, one.name) for one in items if one.verdict in (Verdict.DRIFTED, Verdict.STATISTICAL))


def outcome(version: Version) -> Outcome:
    """Return what a version's items are: digests of artifacts and of written files, values of metrics."""
    written = {
        ("file", one.name): str(one.digest) for one in version.files if one.direction is Flow.WRITTEN and one.digest is not None
    }
    artifacts = {(one.role.value, one.name): str(one.digest) for one in version.artifacts}
    return {**written, **artifacts, **{("metric", one.name): one.value for one in version.metrics}}


def judged_items(version: Version) -> tuple[Item, ...]:
    """Return the items of a version that a verdict speaks of, where none was given."""
    outputs = [(one.role.value, one.name) for one in version.artifacts if one.role in (Role.OUTPUT, Role.MODEL, Role.RESULT)]
    return (*outputs, *(("metric", one.name) for one in version.metrics))


def is_same(a: Outcome, b: Outcome, items: Sequence[Item]) -> bool:
    """True when these items came out the same in both, up to the noise of adding up numbers in another order."""
    return all(_is_close(a.get(item), b.get(item)) for item in items)


def _is_close(a: Json, b: Json) -> bool:
    if exact(a) == exact(b):
        return True
    x, y = number(a), number(b)
    if isinstance(x, float) and isinstance(y, float) and math.isfinite(x) and math.isfinite(y):
        return math.isclose(x, y, rel_tol=_NOISE)
    return False
