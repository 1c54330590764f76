"""Said: the variables whose whole value the record itself tells, so that no artifact repeats it."""

from typing import Any

from mvlake.records.facts import MetricSource, ParamSource
from mvlake.records.plain import from_plain
from mvlake.records.version import Version

_NUMBERS = (MetricSource.FUNCTION, MetricSource.COMPUTED)


def said(version: Version) -> dict[str, tuple[str, Any]]:
    """Return, by variable name, `parameter` or `metric` and the value: literal parameters, and metrics that were one number."""
    params = {one.name: ("parameter", one.value) for one in version.params if one.source is ParamSource.LITERAL}
    metrics = {one.name: ("metric", one.value) for one in version.metrics if one.source in _NUMBERS}
    return {name: (kind, from_plain(value)) for name, (kind, value) in (params | metrics).items() if name.isidentifier()}
