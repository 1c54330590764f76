"""Facts: the small named values of a version (parameters and metrics), and how each was found."""

from dataclasses import dataclass
from enum import StrEnum

from mvlake.records.canonical import Json


class ParamSource(StrEnum):
    """How a parameter was found. Append-only."""

    LITERAL = "literal"  # a name bound to a literal in a cell that ran
    ESTIMATOR = "estimator"  # a setting of a fitted model that is not its class's default
    CONFIG = "config"  # a field of an argparse-like configuration object
    STATED = "stated"  # the user said so: run.param(...)


class MetricSource(StrEnum):
    """How a metric was found. Append-only."""

    FUNCTION = "function"  # the result of a function that measures: accuracy_score, model.score
    COMPUTED = "computed"  # a number that a cell computed: a guess, shown as one
    SCORES = "scores"  # an entry of a dictionary of numbers
    EXPRESSION = "expression"  # the number that the cell ended with
    CURVE = "curve"  # the last value of a list of numbers; the list is the artifact of the same name
    STATED = "stated"  # the user said so: run.metric(...)


@dataclass(frozen=True, slots=True)
class Param:
    """A setting that went in. `value` is plain JSON (`records.plain`)."""

    name: str
    value: Json
    source: ParamSource


@dataclass(frozen=True, slots=True)
class Metric:
    """A number that came out, as plain JSON (NaN and infinities are tagged); `function` is the callee where one is known."""

    name: str
    value: Json
    source: MetricSource
    function: str = ""
    steps: int | None = None
