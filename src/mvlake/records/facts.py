"""Facts: the small named values of a version (parameters and metrics), and how each was found."""

from dataclasses import dataclass
from enum import StrEnum

from mvlake.records.canonical import Json
from mvlake.records.sparse import sparse


class ParamSource(StrEnum):
    """How a parameter was found. Append-only."""

    LITERAL = "literal"  # a name bound to a literal in a cell that ran
    ESTIMATOR = "estimator"  # a setting of a fitted model that is not its class's default
    CONFIG = "config"  # a field of an argparse-like configuration object
    STATED = "stated"  # the user said so: run.param(...), `%mv param NAME`
    CALL = "call"  # a literal that a call was given by keyword: train(depth=3)

    @property
    def is_guess(self) -> bool:
        """True for what only reads as a setting: nobody called it one."""
        return self in (ParamSource.LITERAL, ParamSource.CALL, ParamSource.CONFIG)


class MetricSource(StrEnum):
    """How a metric was found. Append-only."""

    FUNCTION = "function"  # the result of a function that measures: accuracy_score, model.score
    COMPUTED = "computed"  # a number that a cell computed: a guess, shown as one
    SCORES = "scores"  # an entry of a dictionary of numbers
    EXPRESSION = "expression"  # the number that the cell ended with
    CURVE = "curve"  # the last value of a list of numbers; the list is the artifact of the same name
    STATED = "stated"  # the user said so: run.metric(...), `%mv metric NAME`
    LOGGED = "logged"  # the user said so, step by step: mvlake.log(...)
    MODEL = "model"  # a fitted model says so of its own training
    PRINTED = "printed"  # read out of what a cell printed, with as many digits as it printed: a guess

    @property
    def is_guess(self) -> bool:
        """True for a number that nobody called a metric, and that no function is known to have measured."""
        return self in (MetricSource.COMPUTED, MetricSource.EXPRESSION, MetricSource.CURVE, MetricSource.PRINTED)


@dataclass(frozen=True, slots=True)
class Param:
    """A setting that went in. `value` is plain JSON (`records.plain`)."""

    name: str
    value: Json
    source: ParamSource


@dataclass(frozen=True, slots=True)
class Metric:
    """A number that came out, as plain JSON (NaN and infinities are tagged); `function` is the callee where one is known.

    With `steps` it is the last of a series, which is the artifact of the same name with role `series`; `best` is the best of it,
    where it is known which way is better. `dataset` is the data that it was measured on ("test"), `segment` the part of that.
    """

    name: str
    value: Json
    source: MetricSource
    function: str = ""
    steps: int | None = None
    dataset: str = sparse("")
    segment: str = sparse("")
    best: Json = sparse(None)
