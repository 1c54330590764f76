"""Not run: a version that cannot be rebuilt has a verdict too, which says what is missing; nothing of it was executed."""

from collections.abc import Mapping

from mvlake.compare.advice import AS_IT_WAS
from mvlake.errors import CannotReplay
from mvlake.lake.dossier import read_dossier
from mvlake.lake.foresee import lacking_code
from mvlake.lake.history import find
from mvlake.lake.parts import Parts
from mvlake.lake.prepared import Prepared
from mvlake.lake.replayed import record_verdict
from mvlake.records.answers import Verdicts
from mvlake.records.departure import Basis, Cause, CauseKind, Departure
from mvlake.records.dossier import Dossier
from mvlake.records.events import DifferenceKind, Verdict, VerdictItem
from mvlake.records.foreseen import Planned

_CAUSES: Mapping[str, CauseKind] = {
    "file": CauseKind.MISSING_INPUT,
    "version": CauseKind.MISSING_INPUT,
    "module": CauseKind.PACKAGE,
    "python": CauseKind.PACKAGE,
    "variable": CauseKind.HIDDEN_STATE,
}
_ADVICE: Mapping[CauseKind, str] = {
    CauseKind.MISSING_INPUT: "bring it back as it was",
    CauseKind.DATA: AS_IT_WAS,
    CauseKind.PACKAGE: "install it, or replay with --env exact",
    CauseKind.HIDDEN_STATE: "assign it in a cell",
}


def without_running(parts: Parts, prepared: Prepared, foreseen: Planned) -> Verdicts:
    """Record that a version was not run, and return why: what it lacks was known before."""
    entry, dossier = prepared.entry, prepared.dossier
    told = foreseen.doubts, _departure(dossier, foreseen), foreseen.asked
    return Verdicts(entry.ref, record_verdict(parts, entry, Verdict.NOT_RUN, foreseen.lacking, dossier.environment, 0.0, *told))


def without_code(parts: Parts, ref: str, error: CannotReplay) -> Verdicts:
    """Record the same where its cells cannot be had; the error itself is raised where not even its environment can be read."""
    entry = find(parts, ref)
    environment = read_dossier(parts, entry).environment
    if environment is None:
        raise error
    return Verdicts(entry.ref, record_verdict(parts, entry, Verdict.NOT_RUN, (lacking_code(error),), environment, 0.0))


def _departure(dossier: Dossier, foreseen: Planned) -> Departure | None:
    """Return the first cell that would have failed, and why, as far as its text tells."""
    changed = {one.name for one in foreseen.doubts if one.kind is DifferenceKind.FILE and not one.is_missing}
    causes = tuple(_cause(one, is_changed=one.name in changed) for one in foreseen.lacking if one.kind in _CAUSES)
    if not causes or not dossier.sources:
        return None
    named = [one.name.rpartition("/")[2] for one in foreseen.lacking]
    places = (
        place for place, source in enumerate(dossier.sources, 1) if source is not None and any(one in source for one in named)
    )
    place = next(places, 0)
    return Departure(place or len(dossier.sources), is_exact=bool(place), causes=causes)


def _cause(item: VerdictItem, *, is_changed: bool) -> Cause:
    kind = CauseKind.DATA if is_changed else _CAUSES[item.kind]
    return Cause(kind, Basis.EVIDENCE, item.reason, item.name, _ADVICE[kind])
