"""The outline of predictions: what both models say of evaluation data, and where in these they are furthest apart."""

from collections.abc import Sequence

from mvlake.compare.predicted import EvaluatedOn, PredictionDiff, SliceDiff
from mvlake.view.blocks import Block, Column, Fold, Grid, Paragraph, Span, Words, code, joined, muted
from mvlake.view.outline.flips import flipped_words, flips_blocks
from mvlake.view.outline.moved import moved_blocks, moved_words
from mvlake.view.outline.scores import calibration_blocks, score_blocks
from mvlake.view.outline.wording import said_number, share_text
from mvlake.view.quantities import number


def prediction_blocks(predictions: Sequence[PredictionDiff], sides: tuple[str, str]) -> list[Block]:
    """Return what both models say of each piece of evaluation data."""
    return [block for one in predictions for block in _prediction(one, sides)]


def _prediction(one: PredictionDiff, sides: tuple[str, str]) -> list[Block]:
    output: Words = (muted(f"output {one.output}"),) if one.output is not None else ()
    name = joined([(muted("predictions for "), code(one.data)), output])
    if one.labels is not None:
        said = flipped_words(one.labels, sides)
        blocks = [*flips_blocks(one.labels, sides), *calibration_blocks(one.labels, sides)]
    elif one.numbers is not None:
        said, blocks = moved_words(one.numbers), moved_blocks(one.numbers, sides)
    else:
        return [Paragraph(joined([name, *_about(one, sides)]))]
    return [Paragraph(joined([name, *said, *_about(one, sides)])), *blocks, *score_blocks(one.scores, sides), *_slices(one, sides)]


def _about(one: PredictionDiff, sides: tuple[str, str]) -> list[Words]:
    """Return whose data these are, how much of them, and what else is to be known."""
    whose = {EvaluatedOn.COMMON: "rows of both", EvaluatedOn.A: f"data of {sides[0]}", EvaluatedOn.B: f"data of {sides[1]}"}
    is_part = 0 < one.rows < one.total and one.on is not EvaluatedOn.COMMON
    told = (
        whose.get(one.on, ""),
        f"the first {one.rows:,} of {one.total:,} rows" if is_part else "",
        f"held against {one.truth}" if one.truth else "",
        one.note,
    )
    return [(muted(text),) for text in told if text]


def _slices(one: PredictionDiff, sides: tuple[str, str]) -> list[Block]:
    if not one.slices:
        return []
    is_labels, first = one.labels is not None, one.slices[0]
    has_quality = any(each.a_quality is not None for each in one.slices)
    quality = "accuracy" if is_labels else "RMSE"
    qualities = [f"{quality} {side}" for side in sides] if has_quality else []
    headings = ("where", "rows", "flipped" if is_labels else "mean change", *qualities)
    columns = tuple(Column(name, is_number=place > 0) for place, name in enumerate(headings))
    rows = tuple(_slice(each, is_labels=is_labels, has_quality=has_quality) for each in one.slices)
    far = f"{_apart(first, is_labels=is_labels)} {'flipped' if is_labels else 'on average'}"
    told = (muted("furthest apart where "), code(f"{first.column}: {first.value}"), muted(f", {far}"))
    least = Paragraph((muted(f"of slices of {one.slice_rows:,} rows or more, those further apart than all rows are"),))
    return [Fold(told, (Grid(columns, rows), least))]


def _slice(one: SliceDiff, *, is_labels: bool, has_quality: bool) -> tuple[Words, ...]:
    where: Words = (code(one.column), Span(f": {one.value}"))
    qualities = [(said_number(each),) for each in (one.a_quality, one.b_quality)] if has_quality else []
    return (where, (Span(f"{one.rows:,}"),), (Span(_apart(one, is_labels=is_labels)),), *qualities)


def _apart(one: SliceDiff, *, is_labels: bool) -> str:
    return share_text(one.apart) if is_labels else number(one.apart, digits=4)
