"""Dossier: reading everything that a version names but its content. What cannot be read is said, and the rest is still there."""

from collections.abc import Callable
from typing import Any, TypeVar

from mvlake.errors import Damaged
from mvlake.handlers.text import text_of
from mvlake.lake.parts import Parts
from mvlake.records.answers import Entry
from mvlake.records.artifact import Artifact, Role
from mvlake.records.canonical import parse
from mvlake.records.digest import Digest
from mvlake.records.dossier import Dossier
from mvlake.records.environment import Environment
from mvlake.records.fields import from_fields, read_summary
from mvlake.records.profile import Profile, check_profile
from mvlake.records.summary import Summary
from mvlake.records.version import Version

T = TypeVar("T")
_LONGEST, _MOST = 256 << 10, 40  # bytes of a display's text that is shown again, and how many of them


def read_dossier(parts: Parts, entry: Entry, *, is_profiled: Callable[[Artifact], bool] = lambda _: False) -> Dossier:
    """Return the dossier of a version, with the profiles of some artifacts; its `problems` say what is missing or damaged."""
    version, problems = entry.version, list[str]()

    def read(digest: Digest, what: str) -> bytes | None:
        try:
            return parts.objects.read(digest)
        except Damaged as error:
            problems.append(f"{what}: {error.message}")
            return None

    def read_text(digest: Digest, what: str) -> str | None:
        data = read(digest, what)
        return None if data is None else text_of(data)

    def read_document(digest: Digest, what: str, understand: Callable[[Any], T]) -> T | None:
        data = read(digest, what)
        try:
            return None if data is None else understand(parse(data))
        except (ValueError, TypeError) as error:  # whole, but not written by us, or by a later mvlake
            problems.append(f"{what}: it cannot be understood ({error})")
            return None

    told = {one.summary: read_document(one.summary, f"summary of {one.name}", read_summary) for one in version.artifacts}

    wanted = {one.profile: one.name for one in version.artifacts if one.profile is not None and is_profiled(one)}
    profiles = {digest: read_document(digest, f"profile of {name}", read_profile) for digest, name in wanted.items()}

    def texts(role: Role) -> dict[str, str]:
        found = {one.name: read_text(one.object, one.name) for one in version.artifacts if one.role is role}
        return {name: text for name, text in found.items() if text is not None}

    displays = {one.name: read_text(one.object, one.name) for one in _readable_displays(version)}
    return Dossier(
        version=version,
        created_at=entry.created_at,
        author=entry.author,
        sources=tuple(read_text(cell.source, f"cell {position}") for position, cell in enumerate(version.cells, 1)),
        summaries={digest: summary for digest, summary in told.items() if summary is not None},
        environment=read_document(version.environment, "environment", lambda document: from_fields(Environment, document)),
        streams=texts(Role.STREAM),
        modules=texts(Role.CODE),
        profiles={digest: profile for digest, profile in profiles.items() if profile is not None},
        problems=tuple(problems),
        displays={name: text for name, text in displays.items() if text is not None},
        repeats=entry.repeats,
        directions=parts.ledger.directions(version.name),
    )


def _readable_displays(version: Version) -> list[Artifact]:
    """Return the texts among what was shown, as many as a reader can take."""
    texts = [one for one in version.artifacts if one.role is Role.DISPLAY and one.handler == "text" and one.size <= _LONGEST]
    return texts[:_MOST]


def read_summary_of(parts: Parts, artifact: Artifact) -> Summary | None:
    """Return an artifact's summary, None when it cannot be read."""
    try:
        return read_summary(parse(parts.objects.read(artifact.summary)))
    except (Damaged, ValueError, TypeError):
        return None


def read_profile(document: Any) -> Profile:
    """Return the profile that a JSON object says; ValueError or TypeError when it says none."""
    return check_profile(from_fields(Profile, document))
