"""Compare live: how a frame that lives in a kernel or a file differs from the one that a version keeps. Nothing is written."""

from dataclasses import replace
from typing import Any

from mvlake.compare.diff import Diff, EnvironmentDiff
from mvlake.compare.versions import compare as compare_dossiers
from mvlake.errors import ArtifactNotFound, Invalid, Unsupported
from mvlake.handlers.lookup import handler_for
from mvlake.lake.beside import parts_beside
from mvlake.lake.chosen_frame import Live, check_common, chosen_frame, frames_of
from mvlake.lake.deepened import deepened
from mvlake.lake.dossier import read_dossier, read_profile
from mvlake.lake.frame_file import read_frame
from mvlake.lake.hidden import hidden_in
from mvlake.lake.history import find
from mvlake.lake.load import LIBRARIES
from mvlake.lake.look import Look
from mvlake.lake.manner import Manner
from mvlake.lake.parts import Parts
from mvlake.lake.preserve import preserve, type_name
from mvlake.lake.progress import Tell, tell_nobody
from mvlake.lake.screening import columns_again
from mvlake.lake.variables import COLUMNS
from mvlake.records.answers import Entry
from mvlake.records.artifact import Artifact, DraftArtifact, Role
from mvlake.records.canonical import canonical, parse
from mvlake.records.column_rule import read_column_rules
from mvlake.records.digest import Digest
from mvlake.records.dossier import Dossier
from mvlake.records.draft import Draft
from mvlake.records.environment import Environment
from mvlake.records.fields import to_fields
from mvlake.records.moment import to_text
from mvlake.records.summary import ArraySummary, FrameSummary
from mvlake.records.version import Names, Origin, Version
from mvlake.store.hashing import digest_of

_LIVE = "a live frame"


def compare_live(
    parts: Parts,
    ref: str,
    given: Any,
    frame: str | None,
    *,
    key: tuple[str, ...] = (),
    exact: bool = False,
    quick: bool = False,
    tell: Tell = tell_nobody,
) -> Diff:
    """Return how a live frame differs from the frame of a version that it is compared with.

    That is the one called `frame`, or as the live one is; else the only one with the same columns. Raises Invalid for what is no
    frame, or has no column in common; ArtifactNotFound and AmbiguousArtifact with the frames there are.
    """
    live, entry = Live.of(given), find(parts, ref)
    known = frames_of(parts, entry.version)
    note = ""
    if live.path is not None:
        like = known.get(frame or live.name) or next(iter(known.values()), None)
        if like is None:
            raise ArtifactNotFound(entry.ref, "a frame")
        obj, note = read_frame(live.path, parts, like[0])
        live = Live(live.name, obj)
    beside = parts_beside(parts)
    made, draft = _preserved(beside, entry.version, live)
    kept, summary = chosen_frame(entry.version, known, frame, live.name, made.summary)
    check_common(summary, made.summary, f"{live.name or _LIVE} and {kept.name} of {entry.ref}")
    a = _alone(beside, entry, kept)
    b = _live_side(beside, a, replace(made, role=kept.role, name=kept.name), draft)
    diff = compare_dossiers(a, b)
    if not quick:
        diff = deepened(Look(beside, a, b, key, tell, exact), diff)
    said = replace(diff.b, ref=live.name or _LIVE, is_live=True)
    return replace(diff, b=said, environment=EnvironmentDiff((), (), ()), problems=(*diff.problems, *([note] if note else [])))


def _preserved(beside: Parts, version: Version, live: Live) -> tuple[DraftArtifact, Draft]:
    """Return the artifact that the live frame makes in memory, without secrets and without what is hidden in the version."""
    rules = read_column_rules(columns_again(version, {}).get(COLUMNS, ""), said_by=version.ref)
    name = live.name or "frame"
    if not _is_data(live.obj):
        raise Invalid(
            f"{live.name or 'what is given'} is no frame and no array, but {type_name(live.obj)}",
            hint="a frame of pandas, polars or pyarrow, or a numpy array",
        )
    made = preserve(beside, Role.OUTPUT, name, live.obj, Manner(version=version.name, columns=rules))
    if not isinstance(made, DraftArtifact) or not isinstance(made.summary, FrameSummary | ArraySummary):
        raise Invalid(f"{name} cannot be kept, and so not be compared: {getattr(made, 'reason', '')}", hint="compare a part of it")
    draft = Draft(
        name=version.name,
        parent=None,
        origin=Origin.SCRIPT,
        cells=(),
        names=Names(),
        params=(),
        metrics=(),
        artifacts=(made,),
        omitted=(),
        environment=Environment("", "", "", "", "", 0, {}),
        git=None,
        notebook="",
        started_at=to_text(beside.clock()),
        duration=0.0,
        columns=rules,
    )
    clean = beside.guard.draft(draft)
    if not clean.artifacts:
        raise Invalid(f"{name} cannot be shown: {clean.omitted[0].reason}", hint="compare without it")
    for pack in clean.artifacts[0].packs:
        beside.objects.learn(pack)
    return clean.artifacts[0], clean


def _is_data(obj: Any) -> bool:
    """True for frames and arrays: anything else might be pickled, which runs its code."""
    try:
        return handler_for(obj).name in (*LIBRARIES.values(), "numpy")
    except Unsupported:
        return False


def _alone(parts: Parts, entry: Entry, artifact: Artifact) -> Dossier:
    """Return the dossier of a version as if it held this artifact and nothing else."""
    version = replace(
        entry.version,
        cells=(),
        params=(),
        metrics=(),
        artifacts=(artifact,),
        omitted=(),
        hints=(),
        past=None,
        draws=(),
        seeds=(),
        warnings=(),
        redacted=hidden_in(entry.version, artifact),
        files=(),
        imports=(),
        described=(),
        lineage=(),
    )
    return read_dossier(parts, replace(entry, version=version), is_profiled=lambda _: True)


def _live_side(parts: Parts, a: Dossier, made: DraftArtifact, draft: Draft) -> Dossier:
    """Return the live frame as a dossier that is else the same as a version's."""
    summary, profile = canonical(to_fields(made.summary)), made.profile
    written = {made.object: made.content} if made.content is not None else {}
    for pack in parts.objects.write(written):
        parts.objects.learn(pack)
    artifact = Artifact(
        role=made.role,
        name=made.name,
        handler=made.handler,
        protocol=made.protocol,
        digest=made.digest,
        object=made.object,
        size=made.size,
        summary=digest_of(summary),
        is_node=made.is_node,
        profile=None if profile is None else digest_of(profile),
    )
    place = f"{made.role} {made.name}"
    version = replace(
        a.version,
        artifacts=(artifact,),
        redacted=tuple(replace(one, place=place) for one in draft.redacted),
        message="",
        duration=0.0,
        peak_memory=None,
        usage=None,
    )
    profiles: dict[Digest, Any] = {} if profile is None else {digest_of(profile): read_profile(parse(profile))}
    return replace(
        a,
        version=version,
        created_at=draft.started_at,
        author=parts.author.user,
        summaries={artifact.summary: made.summary},
        profiles=profiles,
        problems=(),
    )
