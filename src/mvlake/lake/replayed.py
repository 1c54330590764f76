"""Replayed: what became of a replay is judged against the version, and recorded."""

import json
from dataclasses import replace
from pathlib import Path

from mvlake._version import __version__
from mvlake.compare.judge import Measure, judge
from mvlake.compare.pickles import CEILING, are_alike
from mvlake.compare.places import SAME_PLACE, is_same_place
from mvlake.compare.run_to_run import finite_metrics, within_bands
from mvlake.compare.world import environment_differences
from mvlake.errors import MissingObject, MvlakeError, ReadOnlyLake
from mvlake.handlers.lookup import handler_named
from mvlake.lake.commit import put_environment
from mvlake.lake.diagnosis import Drift, known, tried
from mvlake.lake.dossier import read_dossier
from mvlake.lake.evaluation import evaluation_data
from mvlake.lake.files_judged import judge_files
from mvlake.lake.hidden import hashed_in
from mvlake.lake.hidden_alike import HiddenAlike
from mvlake.lake.load import revive
from mvlake.lake.model_judged import judge_model
from mvlake.lake.open import open_parts
from mvlake.lake.parts import Parts
from mvlake.lake.prepared import Prepared
from mvlake.lake.progress import Tell, tell_nobody
from mvlake.lake.rerun import Rerun
from mvlake.lake.whole import append_whole
from mvlake.lake.world import World
from mvlake.records.answers import Entry
from mvlake.records.artifact import Artifact, Role
from mvlake.records.asked import Asked, Repeated
from mvlake.records.canonical import parse
from mvlake.records.closeness import Closeness
from mvlake.records.departure import Departure
from mvlake.records.dossier import Dossier
from mvlake.records.environment import Environment
from mvlake.records.events import Difference, DifferenceKind, Replayed, Verdict, VerdictItem, worst
from mvlake.records.fields import from_fields
from mvlake.records.plan import Plan
from mvlake.store.hashing import source_digest
from mvlake.store.keys import REDACTION_KEY

_PICKLES = "opaque"


def conclude(parts: Parts, prepared: Prepared, again: Rerun, plan: Plan, tell: Tell = tell_nobody) -> Replayed:
    """Judge what a kernel made of a version's cells, and record the verdict; on a read-only lake it is only told."""
    verdict, items, seen = _verdict(parts, prepared, again)
    environment, differences = surroundings_of(prepared, again, seen)

    def recorded(left: Departure | None) -> Replayed:
        told = again.execution.duration, differences, left, prepared.asked
        return record_verdict(parts, prepared.entry, verdict, items, environment, *told)

    if verdict.is_reproduced or prepared.asked is not None:
        return recorded(None)
    drift = Drift(prepared, again, verdict, items, seen, differences)
    left = known(parts, drift)
    try:
        left = tried(parts, drift, left, plan, tell)
    except KeyboardInterrupt:
        recorded(replace(left, untested="they were interrupted"))
        raise
    return recorded(left)


def surroundings_of(prepared: Prepared, again: Rerun, seen: Dossier | None) -> tuple[Environment | None, tuple[Difference, ...]]:
    """Return the environment in which the cells ran, else that of the version, and all that was not as it was then."""
    dossier, world, scratch = prepared.dossier, again.world, again.scratch
    environment = seen.environment if seen is not None else _told_environment(scratch.environment)
    differences = (
        *prepared.differences,
        *world.differences,
        *_unread(world, scratch.used),
        *environment_differences(dossier.environment, environment, dossier.version.imports, is_sparse=again.interpreter.is_exact),
    )
    return environment or dossier.environment, differences


def _verdict(parts: Parts, prepared: Prepared, again: Rerun) -> tuple[Verdict, tuple[VerdictItem, ...], Dossier | None]:
    execution = again.execution
    if execution.failed_cell:
        why = f"it was ended: {execution.error}" if execution.is_cut_short else f"it raised {execution.error}"
        item = VerdictItem("cell", f"cell {execution.failed_cell}", Verdict.FAILED, why)
        return Verdict.FAILED, (item,), None
    try:
        scratch = open_parts(again.scratch.lake, create=False, clock=parts.clock)
        made = made_by(scratch, prepared)
    except MvlakeError as error:
        return Verdict.FAILED, (VerdictItem("capture", "version", Verdict.FAILED, error.message),), None
    if made is None:
        item = VerdictItem("capture", "version", Verdict.FAILED, "the cells ran, but made no version to compare")
        return Verdict.FAILED, (item,), None
    dossier, seen = prepared.dossier, read_dossier(scratch, made)
    screen = scratch.guard.screen(dossier.version.name, again.columns)
    alike = HiddenAlike(dossier.version, seen.version, screen, lambda artifact: revive(parts, artifact))
    measure = _closeness(parts, scratch, dossier, alike)
    files = judge_files(dossier.version, seen.version, again.world.site, Path.cwd(), prepared.tolerances)
    verdict, items = judge(alike.dossier(dossier), seen, measure, prepared.tolerances, files)
    repeats = [one for told in prepared.entry.replays for one in told.replayed.repeats]
    if not verdict.is_reproduced and repeats:
        items = within_bands(items, finite_metrics(seen.version), repeats)
        verdict = worst(items)
    return verdict, items, seen


def made_by(scratch: Parts, prepared: Prepared) -> Entry | None:
    """Return the version that the judged cell made, or else the newest of the name: other cells may have made some, too."""
    entries = scratch.ledger.entries(prepared.entry.version.name)
    judged = source_digest(prepared.judged)
    same = (entry for entry in entries if entry.version.cells and entry.version.cells[-1].source == judged)
    return next(same, entries[0] if entries else None)


def _closeness(parts: Parts, scratch: Parts, dossier: Dossier, alike: HiddenAlike) -> Measure:
    has_key = parts.store.get(REDACTION_KEY) is not None

    def measure(recorded: Artifact, replayed: Artifact, negligible: float) -> Closeness:
        """Return how far apart two artifacts are. What could run code is not loaded to find out; errors go to the judge."""
        handler = handler_named(recorded.handler)
        if recorded.handler != replayed.handler:
            return Closeness(reason=f"kept by {recorded.handler} then, by {replayed.handler} now")
        if recorded.handler == _PICKLES and _say_the_same(parts, recorded, scratch, replayed):
            return Closeness(note="the pickles say the same")
        if not handler.is_inert:
            return Closeness(reason=f"loading what the {handler.name} handler keeps could run code", is_closed=True)
        if not has_key and hashed_in(dossier.version, recorded):
            return Closeness(reason="the key of its hashed columns is not in this copy of the lake", is_closed=True)
        a = alike.object(recorded)
        b = revive(scratch, replayed)
        found = handler.closeness(a, b, negligible)
        if recorded.role is Role.MODEL:
            data = evaluation_data(dossier, recorded.name)
            return judge_model(handler, (a, b), found, data, alike.object, negligible)
        return Closeness(note=SAME_PLACE) if not found.is_comparable and is_same_place(a, b) else found

    return measure


def _say_the_same(parts: Parts, recorded: Artifact, scratch: Parts, replayed: Artifact) -> bool:
    return max(recorded.size, replayed.size) <= CEILING and are_alike(
        parts.objects.read(recorded.object), scratch.objects.read(replayed.object)
    )


def _told_environment(path: Path) -> Environment | None:
    """Return what the kernel said of its environment, None where it did not come to that."""
    try:
        return from_fields(Environment, parse(path.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def _unread(world: World, used: Path) -> tuple[Difference, ...]:
    """Return the files in whose place nothing was read: whatever read them did not ask Python, and found what is there now."""
    try:
        read = {json.loads(line) for line in used.read_text(encoding="utf-8").splitlines()}
    except (OSError, ValueError):
        read = set()
    reason = "it is not there as it was, and what reads it could not be given the copy"
    return tuple(Difference(DifferenceKind.FILE, path, reason) for path in world.instead if path not in read)


def record_verdict(
    parts: Parts,
    entry: Entry,
    verdict: Verdict,
    items: tuple[VerdictItem, ...],
    environment: Environment | None,
    duration: float,
    differences: tuple[Difference, ...] = (),
    departure: Departure | None = None,
    asked: Asked | None = None,
    repeats: tuple[Repeated, ...] = (),
) -> Replayed:
    """Record the verdict; on a read-only lake it is only told. Raises MissingObject without an environment."""
    version = entry.version
    if environment is None:
        raise MissingObject(version.environment, why="a verdict is to name an environment, and this one cannot be read")
    written, objects = put_environment(environment)
    told = __version__, differences, asked, repeats
    replayed = Replayed(version.name, version.number, verdict, items, written, duration, *told, departure=departure)
    try:
        packs = parts.objects.write(objects)
        append_whole(parts, lambda seq, prev: parts.record(seq, prev, replayed, packs=packs), objects)
    except ReadOnlyLake:
        return replayed
    return replayed
