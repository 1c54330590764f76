"""The outline of scores: whether they are what they say, and how they moved; both are folded below a telling line."""

from collections.abc import Sequence

from mvlake.compare.predicted import Calibration, LabelsDiff, ScoreDiff, ScoreKind
from mvlake.view.blocks import Bars, Block, Curve, Curves, Fold, Words, code, joined, muted
from mvlake.view.outline.wording import said_number
from mvlake.view.quantities import number

_WHAT = {
    ScoreKind.PROBABILITY: "probability of ",
    ScoreKind.MARGIN: "margin of ",
    ScoreKind.PREDICTION: "how predictions are spread",
}


def calibration_blocks(found: LabelsDiff, sides: tuple[str, str]) -> list[Block]:
    """Return both reliability curves beside the line on which scores are what they say."""
    both = [(one, side, tone) for one, side, tone in zip((found.a_calibration, found.b_calibration), sides, "ab", strict=True)]
    curves = [Curve(side, tone, _points(one)) for one, side, tone in both if one is not None]
    if not curves:
        return []
    known = [one for one, _, _ in both if one is not None]
    errors = " → ".join(f"{one.error:.3f}" for one in known)
    of: Words = (muted("of the probability of "), code(known[0].of)) if known[0].of else (muted("of the label that is said"),)
    told: Words = (muted(f"expected calibration error {errors} "), *of)
    as_said = Curve("as it says", "c", ((0.0, 0.0), (1.0, 1.0)))
    return [Fold(told, (Curves((muted("share that came true, by score"),), (*curves, as_said), x="score"),))]


def score_blocks(scores: Sequence[ScoreDiff], sides: tuple[str, str]) -> list[Block]:
    """Return how the scores of each label are spread on either side."""
    return [_score(one, sides) for one in scores if one.histogram.edges]


def _score(one: ScoreDiff, sides: tuple[str, str]) -> Fold:
    what: Words = (muted(_WHAT[one.kind] if one.label or one.kind is ScoreKind.PREDICTION else "margin"),)
    label: Words = (code(one.label),) if one.label else ()
    mean: Words = (muted("mean "), said_number(one.a.mean), muted(" → "), said_number(one.b.mean))
    measures = (("PSI", one.psi), ("KS", one.ks), ("JS", one.js))
    apart = ", ".join(f"{name} {number(value, digits=3)}" for name, value in measures if value is not None)
    told = joined([(*what, *label), mean, (muted(apart),) if apart else ()])
    by = "rows by prediction" if one.kind is ScoreKind.PREDICTION else "rows by score"
    edges = one.histogram.edges
    labels = tuple(number(low, digits=3) for low in edges[:-1])
    a, b = (tuple(float(count) for count in counts) for counts in (one.histogram.a, one.histogram.b))
    return Fold(
        told,
        (Bars((muted(by),), labels, a, b, names=sides),),
    )


def _points(one: Calibration) -> tuple[tuple[float, float], ...]:
    return tuple((each.score, each.share) for each in one.bins)
