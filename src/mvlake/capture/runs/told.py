"""Told: what a program states of its run: settings and results."""

import contextlib
from dataclasses import dataclass, field
from typing import Any

from mvlake.errors import Invalid
from mvlake.records.facts import Metric, MetricSource, Param, ParamSource
from mvlake.records.kinds import Kinds
from mvlake.records.plain import to_plain

NUMBERS = Kinds(int, float)


@dataclass(slots=True)
class Told:
    """The last word on each setting and result, and all remarks."""

    _params: dict[str, Param] = field(default_factory=dict)
    _metrics: dict[str, Metric] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def params(self) -> tuple[Param, ...]:
        """The settings."""
        return tuple(self._params.values())

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The results."""
        return tuple(self._metrics.values())

    def param(self, name: str, value: Any) -> None:
        """Take a setting; Invalid when it is not plain data."""
        try:
            self._params[name] = Param(name, to_plain(as_number(value)), ParamSource.STATED)
        except (TypeError, ValueError) as error:
            raise Invalid(f"param {name}: {error}", hint="run.input keeps objects of any kind") from error

    def metric(self, name: str, value: Any) -> None:
        """Take a result; Invalid when it is no number."""
        number = as_number(value)
        if type(number) not in NUMBERS:
            raise Invalid(f"metric {name}: a {type(value).__name__} is no number", hint="run.output keeps objects of any kind")
        self._metrics[name] = Metric(name, to_plain(number), MetricSource.STATED)


def as_number(value: Any) -> Any:
    """Return numpy's and torch's scalars as Python's numbers, anything else as it is."""
    kind = type(value)
    if kind.__module__ in ("numpy", "torch") and getattr(value, "ndim", None) == 0:
        with contextlib.suppress(Exception):  # a tensor without storage has no value
            return value.item()
    return value
