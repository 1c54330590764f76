"""Preserve: a live object becomes an artifact of a draft, or what is said of it instead: a description, or why there is nothing."""

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from mvlake.errors import CannotFingerprint, Unsupported
from mvlake.handlers.contract import Handler
from mvlake.handlers.examined import ChangedMeanwhile, Examined
from mvlake.handlers.lazy import lazy_of
from mvlake.handlers.lazy_traits import traits_of
from mvlake.handlers.lookup import handler_for, handler_named
from mvlake.handlers.profile import profile_bytes
from mvlake.handlers.profiling.profiles import profile_of as profiled_as
from mvlake.handlers.screen import Screen
from mvlake.lake.backlog import Job
from mvlake.lake.manner import AT_ONCE, Manner
from mvlake.lake.parts import Encoded, Parts
from mvlake.lake.screening import is_hiding, screened
from mvlake.lake.secret_objects import refused, refused_pickle
from mvlake.lake.series import series_summary
from mvlake.lake.shelf import LakeShelf
from mvlake.records.artifact import DraftArtifact, Omission, Role
from mvlake.records.canonical import canonical
from mvlake.records.column_rule import HIDDEN
from mvlake.records.described import Described
from mvlake.records.digest import Digest
from mvlake.records.fields import to_fields
from mvlake.records.node import Node
from mvlake.records.summary import (
    CodeSummary,
    FigureSummary,
    FrameSummary,
    MediaSummary,
    ModelSummary,
    OpaqueSummary,
    Summary,
    ValueSummary,
)
from mvlake.redaction.objects import pickle_refusal
from mvlake.store.hashing import digest_of

LAST_RESORT = "opaque"
PROFILE = "profile"
UNSTABLE = "unstable: it was changed while it was being captured"
Preserved: TypeAlias = DraftArtifact | Described | Omission
# Past what a metaclass may say.
_members = type.__dict__["__dict__"].__get__
_qualified_name = type.__dict__["__qualname__"].__get__


def preserve(parts: Parts, role: Role, name: str, obj: Any, manner: Manner = AT_ONCE) -> Preserved:
    """Return the artifact that this object makes in this role; an omission when no handler can take it.

    What is no data but a way to it is described, and left as it is.

    Content that the lake holds already is not encoded again. An object that no library's handler takes is pickled, and marked so.
    """
    why_not = refused(name, obj, os.environ)
    if why_not:
        return Omission(name=name, type=type_name(obj), reason=why_not)
    obj, redacted = parts.guard.live(f"{role} {name}", obj)
    screen = parts.guard.screen(manner.version, manner.columns)
    if screen is not None:
        plain = obj
        try:
            obj = screened(plain, screen)
        except Unsupported as refusal:
            return Omission(name=name, type=type_name(plain), reason=f"{HIDDEN}{refusal.message}")
        redacted = (*redacted, *screen.redactions(f"{role} {name}"))
    profile = _without(parts, role, name, obj, manner) if manner.without else None
    made = profile or _made(parts, role, name, obj, manner.job, may_change=manner.may_change)
    if screen is not None and isinstance(made, DraftArtifact):
        if is_hiding(made):
            return Omission(name=name, type=type_name(obj), reason=f"{HIDDEN}it may hold a frame, and would be pickled whole")
        if obj is not plain and (manner.job is not None or manner.may_change) and not _is_still(plain, screen, made):
            abandon(parts)
            return Omission(name=name, type=type_name(obj), reason=UNSTABLE)
        made = replace(made, screened=frozenset(screen.rules))
    return replace(made, redacted=redacted) if redacted and isinstance(made, DraftArtifact) else made


def _is_still(plain: Any, screen: Screen, made: DraftArtifact) -> bool:
    """True when what is hidden of an object now leaves what was kept: the copy of a frame does not show what happened to it."""
    again = screened(plain, screen.anew())
    return handler_for(again).fingerprint(again) == made.digest


def _without(parts: Parts, role: Role, name: str, obj: Any, manner: Manner) -> DraftArtifact | Omission | None:
    """Return the artifact that stands for data: its digest and its summary; None for what is no data, or cannot be told so."""
    try:
        handler = handler_for(obj)
        examined = handler.examined(obj)
    except Unsupported:
        return None
    digest, summary = examined.digest, examined.summary
    if isinstance(summary, ModelSummary | FigureSummary):
        return None
    known = parts.encoded.get((PROFILE, handler.protocol, digest))
    if known is None:
        known = Encoded(digest, 0, profile=_profile(parts, examined, manner.job))
        if (manner.job is not None or manner.may_change) and handler.fingerprint(obj) != digest:
            return Omission(name=name, type=type_name(obj), reason=UNSTABLE)
        parts.encoded[PROFILE, handler.protocol, digest] = known
    made = DraftArtifact(role, name, handler.name, handler.protocol, digest, digest, 0, summary, None, profile=known.profile)
    return profile_of(made, manner.without)


def profile_of(artifact: DraftArtifact, without: str) -> DraftArtifact:
    """Return what stands for an artifact without its content."""
    data = profile_bytes(artifact.handler, without)
    told = replace(artifact, handler=PROFILE, protocol=1, object=digest_of(data), size=len(data), content=data)
    return replace(told, is_node=False, packs=())


def described(role: Role, name: str, obj: Any) -> Described | None:
    """Return what is to be said of a lazy object, without asking it anything; None for any other."""
    lazy = lazy_of(obj)
    return None if lazy is None else Described(role, name, type_name(obj), lazy.kind, traits=traits_of(obj))


def _made(parts: Parts, role: Role, name: str, obj: Any, job: Job | None, *, may_change: bool) -> Preserved:
    try:
        return _keep(parts, role, name, obj, handler_for(obj), job=job, may_change=may_change)
    except ChangedMeanwhile:
        return Omission(name=name, type=type_name(obj), reason=UNSTABLE)
    except Unsupported as refusal:
        reason = refusal.message
    told = described(role, name, obj)
    if told is not None:
        return told
    why_not = refused_pickle(obj)
    if why_not:
        return Omission(name=name, type=type_name(obj), reason=why_not)
    try:
        made = _keep(parts, role, name, obj, handler_named(LAST_RESORT), reason=reason)
    except Unsupported as refusal:
        return Omission(name=name, type=type_name(obj), reason=refusal.message)
    why_not = pickle_refusal(made.content or b"")
    return Omission(name=name, type=type_name(obj), reason=why_not) if why_not else made


def abandon(parts: Parts) -> None:
    """Forget what was preserved for a draft that is not committed: nothing may be said in words that no record brings."""
    parts.relatives.clear()


def preserve_text(role: Role, name: str, text: str) -> DraftArtifact:
    """Return the artifact of a text: a stream, a file."""
    return _as_is(role, name, text.encode("utf-8", "surrogatepass"), handler_named("text"))


def preserve_picture(name: str, data: bytes, position: int) -> DraftArtifact:
    """Return the artifact of a PNG that the display at this position showed; NoHandler when the bytes are none."""
    made = _as_is(Role.FIGURE, name, data, handler_named("picture"))
    assert isinstance(made.summary, FigureSummary)
    return replace(made, summary=replace(made.summary, position=position))


def preserve_medium(name: str, content: str | bytes, said: MediaSummary) -> DraftArtifact:
    """Return the artifact of one media type of a display."""
    if isinstance(content, str):
        made = preserve_text(Role.DISPLAY, name, content)
        return replace(made, summary=replace(said, text=made.summary.text if isinstance(made.summary, ValueSummary) else ""))
    return replace(_as_is(Role.DISPLAY, name, content, handler_named("media")), summary=said)


def preserve_series(name: str, values: Sequence[float], at: Sequence[float] | None = None) -> DraftArtifact:
    """Return the artifact of a series: its values with their steps, which are counted from 0 where none are given."""
    steps = list(range(len(values)) if at is None else at)
    plain = handler_named("plain")
    data = plain.encode({"step": steps, "value": list(values)})
    digest = digest_of(data)  # which is what the handler would say, and needs no second look at each value
    summary = series_summary(steps, values)
    return DraftArtifact(Role.SERIES, name, plain.name, plain.protocol, digest, digest, len(data), summary, data)


def preserve_code(name: str, data: bytes, summary: CodeSummary) -> DraftArtifact:
    """Return the artifact of a module's source, in UTF-8."""
    return replace(_as_is(Role.CODE, name, data, handler_named("text")), summary=summary)


def preserve_patch(name: str, data: bytes) -> DraftArtifact:
    """Return the artifact of a patch."""
    return _as_is(Role.PATCH, name, data, handler_named("text"))


def _as_is(role: Role, name: str, data: bytes, handler: Handler) -> DraftArtifact:
    """Return the artifact of content that is the handler's encoding already."""
    digest, summary = handler.examine(handler.decode(data, protocol=handler.protocol))
    return DraftArtifact(role, name, handler.name, handler.protocol, digest, digest_of(data), len(data), summary, data)


def type_name(obj: Any) -> str:
    """Return the object's class, `module.Name`, without running anything of the object's."""
    kind = type(obj)
    module, name = _members(kind).get("__module__"), _qualified_name(kind)
    return f"{module}.{name}" if type(module) is str and module not in ("", "builtins") else name


def _keep(
    parts: Parts,
    role: Role,
    name: str,
    obj: Any,
    handler: Handler,
    *,
    reason: str = "",
    job: Job | None = None,
    may_change: bool = False,
) -> DraftArtifact:
    try:
        examined = handler.examined(obj)
    except CannotFingerprint:
        return _unnamed(parts, role, name, obj, handler, reason=reason)
    digest, summary = examined.digest, examined.summary
    key = (handler.name, handler.protocol, digest)
    # What others' records say of this content is not believed: they could name any bytes for it. Encoding it once more in each
    # process gives the same bytes again, which are then stored once.
    known = parts.encoded.get(key)
    # A frame is put on a shelf once more, which costs each column a look: it is a relative again, in the memory of now.
    is_relative = known is not None and known.node is not None and isinstance(summary, FrameSummary)
    if known is not None and not is_relative and not parts.objects.is_hurt and parts.objects.has(known.object):
        return _draft(role, name, handler, digest, known, summary, None)
    # Before it is encoded: what encoding finds changed was not profiled as something else.
    profile = _profile(parts, examined, job) if known is None else known.profile
    shelf = LakeShelf(parts, job)
    try:
        made = examined.encode(shelf)
        # Some writes go round what protects shared memory (`series.array[0] = …`). A mixture of before and after must not be known
        # as either, neither here nor by its parts.
        if job is not None and not examined.is_unchanged(made):
            raise ChangedMeanwhile
        if may_change and handler.fingerprint(obj) != digest:
            raise ChangedMeanwhile
        packs = shelf.finish()
    except BaseException:
        abandon(parts)
        raise
    data = made.to_bytes() if isinstance(made, Node) else made
    node = data if isinstance(made, Node) else None
    encoded = parts.encoded[key] = Encoded(digest_of(data), len(data) + shelf.size, node, packs, profile)
    return _draft(role, name, handler, digest, encoded, summary, data)


def _profile(parts: Parts, examined: Examined, job: Job | None) -> bytes | None:
    """Return the JSON of the profile of data; Cancelled when the job is to end."""
    if examined.profiled is None:
        return None
    found = profiled_as(examined.profiled, parts.profiles, lambda: None if job is None else job.advance(0))
    return canonical(to_fields(found))


def _unnamed(parts: Parts, role: Role, name: str, obj: Any, handler: Handler, *, reason: str) -> DraftArtifact:
    """Return the artifact of an object whose content has no digest of its own: that of its bytes takes its place."""
    data = handler.encode(obj)
    summary = handler.summarize(obj)
    if isinstance(summary, OpaqueSummary) and reason:
        summary = OpaqueSummary(type=summary.type, reason=reason)
    digest = digest_of(data)
    return _draft(role, name, handler, digest, Encoded(digest, len(data)), summary, None if parts.objects.has(digest) else data)


def _draft(
    role: Role,
    name: str,
    handler: Handler,
    digest: Digest,
    encoded: Encoded,
    summary: Summary,
    content: bytes | None,
) -> DraftArtifact:
    return DraftArtifact(
        role=role_of(role, summary),
        name=name,
        handler=handler.name,
        protocol=handler.protocol,
        digest=digest,
        object=encoded.object,
        size=encoded.size,
        summary=summary,
        content=content,
        is_node=encoded.node is not None,
        packs=() if content is None else encoded.packs,
        profile=encoded.profile,
    )


def role_of(role: Role, summary: Summary) -> Role:
    """Return the role that an output has by its nature: a fitted model is a model, a picture a figure."""
    if role is Role.OUTPUT and isinstance(summary, ModelSummary) and summary.is_fitted:
        return Role.MODEL
    if role is Role.OUTPUT and isinstance(summary, FigureSummary):
        return Role.FIGURE
    return role
