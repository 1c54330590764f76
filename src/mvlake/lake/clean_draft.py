"""Clean draft: the parts of a draft without secrets. What holds one in bytes that cannot be written anew becomes an omission."""

import dataclasses
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

from mvlake.handlers.lookup import handler_named
from mvlake.records.artifact import DraftArtifact, Omission, Role
from mvlake.records.canonical import canonical, parse
from mvlake.records.digest import Digest
from mvlake.records.draft import Draft, DraftCell, FailedDraft
from mvlake.records.fields import from_fields, to_fields
from mvlake.records.profile import Profile
from mvlake.records.summary import FigureSummary, FileSummary, ModelSummary, OpaqueSummary, ValueSummary
from mvlake.redaction.blobs import texts_of
from mvlake.redaction.redactor import Redactor, Tally
from mvlake.redaction.walk import Walk, texts_in
from mvlake.store.hashing import digest_of

D = TypeVar("D", Draft, FailedDraft)
WORDS = ("name", "label", "tag")
"""Fields of records in which only a word may stand."""

_TEXT = "text"
_BYTES = ("opaque", "media")  # handlers whose bytes may hold text, and cannot be written anew
_ELSEWHERE = ("cells", "artifacts", "environment", "past", "redacted", "parent", "origin", "started_at", "duration", *WORDS)


def clean_cells(redactor: Redactor, tally: Tally, cells: tuple[DraftCell, ...]) -> tuple[DraftCell, ...]:
    """Return the cells without secrets."""
    return tuple(Walk(redactor, tally, f"cell {place}").record(cell) for place, cell in enumerate(cells, 1))


def clean_rest(redactor: Redactor, tally: Tally, draft: D) -> D:
    """Return a draft whose other fields hold no secrets, whatever fields there are."""
    fields = [one.name for one in dataclasses.fields(draft) if one.name not in _ELSEWHERE]
    if redactor.is_clean(text for name in fields for text in texts_in(getattr(draft, name))):
        return draft
    return replace(draft, **{name: Walk(redactor, tally, name).record(getattr(draft, name)) for name in fields})


def clean_artifacts(
    redactor: Redactor, tally: Tally, artifacts: Iterable[DraftArtifact], clean: set[Digest]
) -> tuple[tuple[DraftArtifact, ...], tuple[Omission, ...]]:
    """Return the artifacts without secrets, and what became of those that cannot be without.

    `clean` are objects that were looked through before: the sources of modules come again with each cell.
    """
    found = [_artifact(redactor, tally, f"{one.role} {one.name}", one, clean) for one in artifacts]
    return (
        tuple(one for one in found if isinstance(one, DraftArtifact)),
        tuple(one for one in found if isinstance(one, Omission)),
    )


def _artifact(redactor: Redactor, tally: Tally, place: str, one: DraftArtifact, clean: set[Digest]) -> DraftArtifact | Omission:
    if one.object in clean:
        pass
    elif one.content is not None and one.handler == _TEXT:
        one = _text_artifact(redactor, tally, place, one.content, one)
    elif one.content is not None and one.handler in _BYTES and not redactor.is_clean([one.content.decode("latin-1")]):
        return _omission(redactor, one, "it holds a secret")
    elif rule := _known_inside(redactor, one):
        return _omission(redactor, one, f"it holds a secret: {rule}")
    clean.add(one.object)
    if one.profile is not None:
        one = replace(one, profile=_profile(redactor, tally, place, one.profile, clean))
    if redactor.is_clean([one.name, *texts_in(one.summary)]):
        return one
    walk = Walk(redactor, tally, place)
    summary, name = walk.record(one.summary), walk.record(one.name)
    if summary is not one.summary and isinstance(summary, ModelSummary | OpaqueSummary | FigureSummary):
        return _omission(redactor, one, "it holds a secret among what it was told")
    return replace(one, name=name, summary=summary)


def _known_inside(redactor: Redactor, one: DraftArtifact) -> str:
    """Return the rule of a known secret in the bytes of a model or an input file; of a file, which is data, only of a sure one."""
    if one.content is None or not isinstance(one.summary, ModelSummary | FileSummary):
        return ""
    return redactor.known_in(texts_of(one.content), only_sure=isinstance(one.summary, FileSummary))


def _profile(redactor: Redactor, tally: Tally, place: str, data: bytes, clean: set[Digest]) -> bytes:
    digest = digest_of(data)
    if digest in clean:
        return data
    found = from_fields(Profile, parse(data))
    changed = found if redactor.is_clean(texts_in(found)) else Walk(redactor, tally, f"profile of {place}").record(found)
    clean.add(digest)
    return data if changed is found else canonical(to_fields(changed))


def _text_artifact(redactor: Redactor, tally: Tally, place: str, content: bytes, one: DraftArtifact) -> DraftArtifact:
    before = content.decode("utf-8", "surrogatepass")
    after = redactor.text(before, place, tally, is_code=one.role in (Role.CODE, Role.PATCH))
    if after is before:
        return one
    return with_text(one, after)


def with_text(one: DraftArtifact, text: str) -> DraftArtifact:
    """Return the artifact of a text with another one in its place."""
    data = text.encode("utf-8", "surrogatepass")
    digest, summary = digest_of(data), handler_named(_TEXT).summarize(text)
    if not isinstance(one.summary, ValueSummary):
        # What is said of it in its own way begins as the text does: a beginning may end in the middle of a secret.
        said: Any = one.summary
        summary = replace(said, text=getattr(summary, "text", "")) if hasattr(said, "text") else said
    return replace(one, digest=digest, object=digest, size=len(data), summary=summary, content=data)


def _omission(redactor: Redactor, one: DraftArtifact, reason: str) -> Omission:
    kind = getattr(one.summary, "type", one.handler)
    return Omission(redactor.text(one.name, "", Tally()), redactor.text(kind, "", Tally()), reason)
