"""What two models predict and learned, as a comparison tells it: every kind of it, with figures that stand out in a text."""

from mvlake.compare.learned import WeightDiff, WeightKind, WeightsDiff
from mvlake.compare.predicted import (
    Agreement,
    Calibration,
    EvaluatedOn,
    Flip,
    Histogram,
    LabelsDiff,
    Moved,
    NumbersDiff,
    PredictionDiff,
    ReliabilityBin,
    Residuals,
    ScoreDiff,
    ScoreKind,
    SliceDiff,
    Spread,
)
from mvlake.records.digest import Digest

DIGEST = Digest("b3:" + "1" * 64)


def spread(mean):
    return Spread(2000, 1, mean, 0.2, mean - 0.4, mean - 0.1, mean, mean + 0.1, mean + 0.4)


def calibration(error):
    bins = (ReliabilityBin(0.0, 0.1, 1500, 0.05, 0.02), ReliabilityBin(0.8, 0.9, 500, 0.85, 0.85 + error))
    return Calibration("fraud", 2000, error, bins)


LABELS = PredictionDiff(
    "X_test",
    EvaluatedOn.BOTH,
    DIGEST,
    5000,
    2000,
    truth="y_test",
    labels=LabelsDiff(
        rows=2000,
        flipped=37,
        share=0.0185,
        flips=(Flip(12, "fraud", "fine", "fine", 0.61, 0.44), Flip(41, "fine", "fraud", "fine", 0.52, 0.58)),
        agreement=(
            Agreement("fraud", "fine", 25),
            Agreement("fine", "fraud", 12),
            Agreement("fine", "fine", 1500),
            Agreement("fraud", "fraud", 463),
        ),
        a_only=("unsure",),
        a_accuracy=0.9125,
        b_accuracy=0.9185,
        mended=24,
        broken=12,
        a_calibration=calibration(0.031),
        b_calibration=calibration(0.018),
    ),
    scores=(
        ScoreDiff(
            ScoreKind.PROBABILITY,
            "fraud",
            spread(0.24),
            spread(0.26),
            Histogram((0.0, 0.5, 1.0), (1500, 500), (1480, 520)),
            0.004,
            0.021,
            0.013,
        ),
    ),
    slices=(SliceDiff("country", "DE", 240, 0.075, 0.85, 0.8), SliceDiff("age", "61 to 94", 500, 0.044, 0.9, 0.91)),
    slice_rows=20,
    note="as the column policy left it",
)

NUMBERS = PredictionDiff(
    "X_valid",
    EvaluatedOn.COMMON,
    DIGEST,
    900,
    600,
    output=2,
    truth="df[price]",
    numbers=NumbersDiff(
        rows=600,
        moved=590,
        apart=1.75,
        shift=spread(0.25),
        shifts=Histogram((-4.0, 0.0, 4.0), (), (280, 320)),
        most=(Moved(7, 101.5, 105.5, 104.0), Moved(3, None, 5.0, None)),
        a_residuals=Residuals(4.5, 3.25, spread(0.5)),
        b_residuals=Residuals(4.25, 3.0, spread(0.25)),
    ),
    scores=(
        ScoreDiff(ScoreKind.PREDICTION, "", spread(90.0), spread(90.25), Histogram((0.0, 100.0, 200.0), (300, 300), (290, 310))),
    ),
    slices=(SliceDiff("rooms", "5", 44, 3.5, 5.0, 4.5),),
    slice_rows=20,
)

NONE = PredictionDiff("X_more", EvaluatedOn.A, DIGEST, 10, 0, note="in b, a LogisticRegression could not predict: ValueError")

PREDICTIONS = (LABELS, NUMBERS, NONE)

WEIGHTS = (
    WeightsDiff(
        WeightKind.IMPORTANCES,
        "clf",
        12,
        2,
        (WeightDiff("amount", 0.5, 0.25, 0.25, 0.5), WeightDiff("zip", 0.125, None, None, None, "only in a")),
        "average gain of the splits on a feature",
    ),
    WeightsDiff(WeightKind.TREES, "clf", 4, 1, (WeightDiff("trees", 100.0, 120.0, 20.0, 0.2),), "90 of 120 trees split alike"),
    WeightsDiff(WeightKind.LAYERS, "", 2, 1, (WeightDiff("0.weight", 3.5, 3.75, 0.875, 0.25, "(3, 4) became (3, 5)"),)),
    WeightsDiff(WeightKind.INTERCEPTS, "", 1, 0, ()),
    WeightsDiff(WeightKind.COEFFICIENTS, "", 8, 8, (), "only in a"),
)
