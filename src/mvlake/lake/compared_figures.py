"""Compared figures: how alike the pictures are of figures that differ."""

from collections.abc import Iterator
from dataclasses import replace

from mvlake.compare.diff import Change, Diff, FigureDiff
from mvlake.compare.likeness import Likeness
from mvlake.errors import MvlakeError
from mvlake.lake.look import Look
from mvlake.records.digest import Digest

_MOST = 24
"""Figures of one comparison that are looked at."""

_READ = "image/png"


def compare_pictures(look: Look, diff: Diff) -> Diff:
    """Return the comparison with how alike the pictures are, of each figure that both versions have and that differs."""
    left = iter(range(_MOST))
    return replace(diff, figures=tuple(_with_likeness(look, one, left) for one in diff.figures))


def _with_likeness(look: Look, figure: FigureDiff, left: Iterator[int]) -> FigureDiff:
    if figure.change is not Change.CHANGED or figure.a_digest is None or figure.b_digest is None:
        return figure
    unread = next((one for one in (figure.a_media_type, figure.b_media_type) if one != _READ), None)
    if unread is not None:
        return _said(figure, f"{unread or 'what is of no known media type'} is not looked at, PNG alone is")
    if next(left, None) is None:
        return _said(figure, f"{_MOST} figures are looked at")
    try:
        return replace(figure, likeness=_likeness(look, figure.a_digest, figure.b_digest))
    except MvlakeError as error:
        return _said(figure, error.message)


def _likeness(look: Look, a: Digest, b: Digest) -> Likeness:
    try:
        from mvlake.handlers.picture_likeness import likeness
    except ImportError:
        return Likeness(None, note="numpy is not installed, with which pictures are looked at")
    return likeness(look.parts.objects.read(a), look.parts.objects.read(b))


def _said(figure: FigureDiff, note: str) -> FigureDiff:
    return replace(figure, likeness=Likeness(None, note=note))
