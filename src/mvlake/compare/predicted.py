"""Predicted: what two models say of the same data: labels that flipped, numbers that moved, scores and their calibration.

Every count is of rows. A number that cannot be said (none are left, or it is not finite) is None.
"""

from dataclasses import dataclass
from enum import StrEnum

from mvlake.records.digest import Digest


class EvaluatedOn(StrEnum):
    """Whose data both models were asked about."""

    BOTH = "both"
    COMMON = "common"
    A = "a"
    B = "b"


class ScoreKind(StrEnum):
    """What scores are: probabilities of a label, margins on its side of the border, or the predictions of a regression."""

    PROBABILITY = "probability"
    MARGIN = "margin"
    PREDICTION = "prediction"


@dataclass(frozen=True, slots=True)
class Spread:
    """How numbers are spread: `unsaid` are those that are not finite, and count in nothing else."""

    count: int
    unsaid: int
    mean: float | None
    std: float | None
    low: float | None
    q25: float | None
    median: float | None
    q75: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many numbers of a and of b lie between each edge and the next, the last edge included; no edges where there are none."""

    edges: tuple[float, ...]
    a: tuple[int, ...]
    b: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Flip:
    """A row of which b says another label; `row` counts from 0, `truth` is None where it is not known.

    The scores are what each model gives to the label that it says, None for a model without probabilities.
    """

    row: int
    a: str
    b: str
    truth: str | None = None
    a_score: float | None = None
    b_score: float | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many rows a calls one label and b another, or the same."""

    a: str
    b: str
    rows: int


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Rows with scores above `low` and up to `high`: the mean score, and the share of them for which it came true."""

    low: float
    high: float
    rows: int
    score: float
    share: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Whether scores are what they say. `of` is the label whose probability is meant, "" for that of the label which is said.

    `error` is the expected calibration error (`handlers/calibration.py` has the formula) over the bins that have rows.
    """

    of: str
    rows: int
    error: float
    bins: tuple[ReliabilityBin, ...]


@dataclass(frozen=True, slots=True)
class LabelsDiff:
    """What two classifiers say: `share` is flipped / rows; `flips` are the first, `agreement` the largest, and `more` are left out.

    `a_only` and `b_only` are labels that the other model does not know. Where the truth is known, `mended` rows were wrong in a
    and are right in b, `broken` ones the other way round.
    """

    rows: int
    flipped: int
    share: float
    flips: tuple[Flip, ...]
    agreement: tuple[Agreement, ...]
    more: int = 0
    a_only: tuple[str, ...] = ()
    b_only: tuple[str, ...] = ()
    a_accuracy: float | None = None
    b_accuracy: float | None = None
    mended: int | None = None
    broken: int | None = None
    a_calibration: Calibration | None = None
    b_calibration: Calibration | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A row of which b predicts another number; `row` counts from 0."""

    row: int
    a: float | None
    b: float | None
    truth: float | None = None


@dataclass(frozen=True, slots=True)
class Residuals:
    """The truth without what was predicted: `rmse` is the root of the mean of their squares, `mae` the mean of their sizes."""

    rmse: float | None
    mae: float | None
    spread: Spread


@dataclass(frozen=True, slots=True)
class NumbersDiff:
    """What two regressors say: how many predictions are another number, by how much (`shift` is b - a), and which most.

    `apart` is the mean of |b - a| over all rows.
    """

    rows: int
    moved: int
    apart: float | None
    shift: Spread
    shifts: Histogram
    most: tuple[Moved, ...]
    a_residuals: Residuals | None = None
    b_residuals: Residuals | None = None


@dataclass(frozen=True, slots=True)
class ScoreDiff:
    """The scores of one label ("" where there are no labels) on either side.

    `psi`, `ks` and `js` are the population stability index, the Kolmogorov-Smirnov distance and the Jensen-Shannon distance of
    the two, as `compare/drift.py` has them.
    """

    kind: ScoreKind
    label: str
    a: Spread
    b: Spread
    histogram: Histogram
    psi: float | None = None
    ks: float | None = None
    js: float | None = None


@dataclass(frozen=True, slots=True)
class SliceDiff:
    """The rows of one value, or range of values, of a column. `apart` is the share of flipped labels, or the mean of |b - a|.

    The qualities are the accuracy, or the root of the mean squared residual, None where the truth is not known.
    """

    column: str
    value: str
    rows: int
    apart: float
    a_quality: float | None = None
    b_quality: float | None = None


@dataclass(frozen=True, slots=True)
class PredictionDiff:
    """What both models say of one piece of evaluation data, named as the cells name it: `on` says whose it is.

    `rows` of its `total` were predicted. `output` is which of several outputs this is, from 1, None for a model of one. `truth`
    names what the predictions are held against, "" where that is not known. `slices` are those of `slice_rows` or more in which the
    models are furthest apart. `note` says what else is to be known, and with neither labels nor numbers why nothing was predicted.
    """

    data: str
    on: EvaluatedOn
    digest: Digest
    total: int
    rows: int
    output: int | None = None
    truth: str = ""
    labels: LabelsDiff | None = None
    numbers: NumbersDiff | None = None
    scores: tuple[ScoreDiff, ...] = ()
    slices: tuple[SliceDiff, ...] = ()
    slice_rows: int = 0
    note: str = ""
