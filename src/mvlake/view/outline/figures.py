"""The outline of figures in a comparison: side by side, with how alike they are."""

from collections.abc import Sequence

from mvlake.compare.diff import FigureDiff
from mvlake.compare.likeness import Alike, Likeness
from mvlake.view.blocks import Block, Overlay, Paragraph, Picture, Pictures, Section, Span, Tone, Words, code, joined, muted
from mvlake.view.outline.changes import count_note, split, unchanged_fold
from mvlake.view.quantities import percent

_FIGURES = 24
_ALIKE = {Alike.SAME: "same picture", Alike.NEARLY: "nearly the same picture", Alike.ANOTHER: "another picture"}


def figures_section(figures: Sequence[FigureDiff], sides: tuple[str, str]) -> Section | None:
    """Return the figures side by side, the least alike first, None when there are none."""
    if not figures:
        return None
    changed, same = split(figures)
    changed.sort(key=lambda one: -_distance(one))
    blocks: list[Block] = [_figure(one, sides) for one in changed[:_FIGURES]]
    if len(changed) > _FIGURES:
        blocks.append(Paragraph((muted(f"… and {len(changed) - _FIGURES:,} more"),)))
    return Section("Figures", count_note(len(changed), len(figures)), (*blocks, *unchanged_fold([one.name for one in same])))


def _distance(figure: FigureDiff) -> int:
    """Return how far apart the pictures are; what nobody knows comes first."""
    known = figure.likeness.distance if figure.likeness else None
    return 256 if known is None else known


def _figure(figure: FigureDiff, sides: tuple[str, str]) -> Block:
    sizes = [one for one in (figure.a_size, figure.b_size) if one]
    size: Words = (muted(" → ".join(sizes if len(set(sizes)) > 1 else sizes[:1])),)
    said = likeness_words(figure.likeness) if figure.likeness else (muted(figure.change.value),)
    caption = joined([(code(figure.name),), said, size if sizes else ()])
    a, b = (Picture(f"{figure.name} {side}", one) for side, one in zip(sides, (figure.a_digest, figure.b_digest), strict=True))
    return Overlay(caption, a, b) if a.digest and b.digest else Pictures(caption, (a, b))


def likeness_words(likeness: Likeness) -> Words:
    """Return how alike two pictures are, in words and in figures."""
    if likeness.alike is None:
        return (muted("changed, "), Span(likeness.note, Tone.MUTED, 300))
    if likeness.alike is Alike.SAME:
        return (Span(_ALIKE[likeness.alike]), muted(", stored as other bytes"))
    figures = [f"distance {likeness.distance} of 256"]
    if likeness.share is not None:
        figures.append(f"{percent(likeness.share).removeprefix('+')} of the pixels differ")
    return (Span(_ALIKE[likeness.alike]), muted(f", {', '.join(figures)}"))
