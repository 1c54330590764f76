"""Said: the variables whose whole value the record itself tells, so that no artifact repeats it."""

import contextlib
from keyword import iskeyword
from typing import Any

from mvlake.records.facts import MetricSource, ParamSource
from mvlake.records.plain import from_plain
from mvlake.records.version import Version

_NUMBERS = (MetricSource.FUNCTION, MetricSource.COMPUTED)


def said(version: Version) -> dict[str, tuple[str, Any]]:
    """Return, by variable name, `parameter` or `metric` and the value: literal parameters, and metrics that were one number."""
    params = {one.name: ("parameter", one.value) for one in version.params if one.source is ParamSource.LITERAL}
    metrics = {one.name: ("metric", one.value) for one in version.metrics if one.source in _NUMBERS}
    found = {}
    for name, (kind, value) in (params | metrics).items():
        with contextlib.suppress(ValueError):  # a record may say anything: what is no plain value is no variable
            if is_variable(name):
                found[name] = (kind, from_plain(value))
    return found


def is_variable(name: str) -> bool:
    """True for what a cell binds. `__builtins__` and its like are Python's own: they come back only when asked for by name."""
    return name.isidentifier() and not iskeyword(name) and not name.startswith("__")
