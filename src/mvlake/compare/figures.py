"""Figures: the pictures that were shown."""

from mvlake.compare.diff import FigureDiff
from mvlake.compare.matching import Match, change_of, match
from mvlake.records.artifact import Artifact, Role
from mvlake.records.dossier import Dossier
from mvlake.records.summary import FigureSummary


def compare_figures(a: Dossier, b: Dossier) -> tuple[FigureDiff, ...]:
    """Return the figures by name. Two are the same when their fingerprints are, however their pictures are encoded."""
    matches = match(_figures(a), _figures(b), name=lambda one: one.name, content=lambda one: one.digest)
    return tuple(_row(one, a, b) for one in matches)


def _figures(dossier: Dossier) -> list[Artifact]:
    return [one for one in dossier.version.artifacts if one.role is Role.FIGURE]


def _row(one: Match[Artifact], a: Dossier, b: Dossier) -> FigureDiff:
    before, after = _summary(one.a, a), _summary(one.b, b)
    return FigureDiff(
        name=one.either.name,
        change=change_of(one.a, one.b, is_same=one.a is not None and one.b is not None and one.a.digest == one.b.digest),
        a_digest=one.a.object if one.a else None,
        b_digest=one.b.object if one.b else None,
        a_size=size_of(before),
        b_size=size_of(after),
        a_media_type=before.media_type if before else "",
        b_media_type=after.media_type if after else "",
    )


def _summary(figure: Artifact | None, dossier: Dossier) -> FigureSummary | None:
    summary = dossier.summaries.get(figure.summary) if figure else None
    return summary if isinstance(summary, FigureSummary) else None


def size_of(figure: FigureSummary | None) -> str:
    """Return width by height in pixels, "" where that is not known."""
    return f"{figure.width} \u00d7 {figure.height}" if figure and figure.width and figure.height else ""
