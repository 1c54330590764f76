"""Displays: what the cells showed, media type by media type."""

from mvlake.compare.diff import DisplayDiff
from mvlake.compare.lines import diff_lines
from mvlake.compare.matching import Match, change_of, match
from mvlake.records.artifact import Artifact, Role
from mvlake.records.dossier import Dossier
from mvlake.records.summary import MediaSummary


def compare_displays(a: Dossier, b: Dossier) -> tuple[tuple[DisplayDiff, ...], tuple[str, ...]]:
    """Return the displays by name, but PNGs, which are figures; and a sentence for each that could not be described."""
    matches = match(_shown(a), _shown(b), name=lambda one: one.name, content=lambda one: one.digest)
    return tuple(_row(one, a, b) for one in matches), (*_unreadable(a), *_unreadable(b))


def _shown(dossier: Dossier) -> list[Artifact]:
    return [one for one in dossier.version.artifacts if one.role is Role.DISPLAY]


def _row(one: Match[Artifact], a: Dossier, b: Dossier) -> DisplayDiff:
    before, after = a.displays.get(one.a.name) if one.a else "", b.displays.get(one.b.name) if one.b else ""
    is_same = one.a is not None and one.b is not None and one.a.digest == one.b.digest
    return DisplayDiff(
        name=one.either.name,
        change=change_of(one.a, one.b, is_same=is_same),
        media_type=_media_type(one.b, b) or _media_type(one.a, a),
        a_digest=one.a.digest if one.a else None,
        b_digest=one.b.digest if one.b else None,
        lines=diff_lines(before, after) if before is not None and after is not None else (),
    )


def _media_type(artifact: Artifact | None, dossier: Dossier) -> str:
    summary = dossier.summaries.get(artifact.summary) if artifact else None
    return summary.media_type if isinstance(summary, MediaSummary) else ""


def _unreadable(dossier: Dossier) -> list[str]:
    return [f"{one.name} of {dossier.ref} could not be read" for one in _shown(dossier) if one.summary not in dossier.summaries]
