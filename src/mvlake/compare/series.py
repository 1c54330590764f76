"""Series: the values of metrics step by step, by name."""

from mvlake.compare.diff import SeriesDiff
from mvlake.compare.matching import Match, change_of, match
from mvlake.records.artifact import Artifact, Role
from mvlake.records.dossier import Dossier


def compare_series(a: Dossier, b: Dossier) -> tuple[SeriesDiff, ...]:
    """Return which series differ, by digest; their courses are content, which is not read here."""
    return tuple(
        SeriesDiff(one.either.name, change_of(one.a, one.b, is_same=bool(one.a and one.b and one.a.digest == one.b.digest)))
        for one in matched_series(a, b)
    )


def matched_series(a: Dossier, b: Dossier) -> list[Match[Artifact]]:
    """Return the series of both versions, in the order in which they are told."""
    return match(_series(a), _series(b), name=lambda one: one.name, content=lambda one: one.digest)


def _series(dossier: Dossier) -> list[Artifact]:
    return [one for one in dossier.version.artifacts if one.role is Role.SERIES]
