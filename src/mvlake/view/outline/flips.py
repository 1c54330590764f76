"""The outline of labels that flipped: how many, for better or worse, which label for which, and the first rows."""

from mvlake.compare.predicted import Flip, LabelsDiff
from mvlake.view.blocks import Block, Column, Grid, Span, Words, bad, code, good, joined, muted, strong
from mvlake.view.outline.agreement import agreement_grid
from mvlake.view.outline.wording import ABSENT, head, quality_words, share_text
from mvlake.view.quantities import number, plural

_FLIPS, _LABELS = 10, 5


def flipped_words(found: LabelsDiff, sides: tuple[str, str]) -> list[Words]:
    """Return how many labels flipped, and what that does to accuracy where the truth is known."""
    if found.flipped:
        first: Words = (
            strong(f"{found.flipped:,} of {plural(found.rows, 'label')} flipped"),
            muted(f" ({share_text(found.share)})"),
        )
    else:
        first = (good(f"no label of {plural(found.rows, 'row')} flipped"),)
    return [first, _accuracies(found), _turned(found), *_unknown(found, sides)]


def flips_blocks(found: LabelsDiff, sides: tuple[str, str]) -> list[Block]:
    """Return the agreement table and the first rows that flipped."""
    return [agreement_grid(found, sides), _flips(found, sides)] if found.flipped else []


def _accuracies(found: LabelsDiff) -> Words:
    a, b = found.a_accuracy, found.b_accuracy
    if a is None or b is None:
        return ()
    return quality_words("accuracy", a, b, is_higher_better=True)


def _turned(found: LabelsDiff) -> Words:
    if not found.mended and not found.broken:
        return ()
    return (good(f"{found.mended or 0:,} mended"), muted(", "), bad(f"{found.broken or 0:,} broken"))


def _unknown(found: LabelsDiff, sides: tuple[str, str]) -> list[Words]:
    """Return the labels that one model does not know."""
    told: list[Words] = []
    for names, side in zip((found.a_only, found.b_only), sides, strict=True):
        shown, more = head(names, _LABELS)
        tail = (muted(f" … and {more:,} more"),) if more else ()
        told += [(muted(f"only {side} knows "), *joined([(code(name),) for name in shown], ", "), *tail)] if names else []
    return told


def _flips(found: LabelsDiff, sides: tuple[str, str]) -> Grid:
    has_truth = any(one.truth is not None for one in found.flips)
    shown, _ = head(found.flips, _FLIPS)
    columns = (Column("row", is_number=True), *[Column(side) for side in sides], *([Column("true")] if has_truth else []))
    return Grid(columns, tuple(_flip(one, has_truth=has_truth) for one in shown), found.flipped - len(shown))


def _flip(one: Flip, *, has_truth: bool) -> tuple[Words, ...]:
    said = [_said(label, score, one.truth) for label, score in ((one.a, one.a_score), (one.b, one.b_score))]
    truth: list[Words] = [(ABSENT if one.truth is None else code(one.truth),)] if has_truth else []
    return ((Span(f"{one.row:,}"),), *said, *truth)


def _said(label: str, score: float | None, truth: str | None) -> Words:
    """Return a label with its score, and a mark where it is known whether it is right."""
    told = code(label) if truth is None else good(f"✓ {label}") if label == truth else bad(f"✗ {label}")
    return (told, muted(f" {number(score, digits=3)}")) if score is not None else (told,)
