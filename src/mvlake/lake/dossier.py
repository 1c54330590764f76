"""Dossier: reading everything that a version names but its content. What cannot be read is said, and the rest is still there."""

from mvlake.errors import Damaged
from mvlake.lake.parts import Parts
from mvlake.records.answers import Entry
from mvlake.records.artifact import Role
from mvlake.records.canonical import parse
from mvlake.records.digest import Digest
from mvlake.records.dossier import Dossier
from mvlake.records.environment import Environment
from mvlake.records.fields import from_fields, read_summary
from mvlake.records.summary import Summary


def read_dossier(parts: Parts, entry: Entry) -> Dossier:
    """Return the dossier of a version; its `problems` say what is missing or damaged."""
    version, problems = entry.version, list[str]()

    def read(digest: Digest, what: str) -> bytes | None:
        try:
            return parts.objects.read(digest)
        except Damaged as error:
            problems.append(f"{what}: {error.message}")
            return None

    def read_text(digest: Digest, what: str) -> str | None:
        data = read(digest, what)
        return None if data is None else data.decode("utf-8", "replace")

    summaries: dict[Digest, Summary] = {}
    for artifact in version.artifacts:
        data = read(artifact.summary, f"summary of {artifact.name}")
        if data is not None:
            summaries[artifact.summary] = read_summary(parse(data))
    environment = read(version.environment, "environment")
    streams = {one.name: read_text(one.object, one.name) for one in version.artifacts if one.role is Role.STREAM}
    return Dossier(
        version=version,
        created_at=entry.created_at,
        author=entry.author,
        sources=tuple(read_text(cell.source, f"cell {position}") for position, cell in enumerate(version.cells, 1)),
        summaries=summaries,
        environment=None if environment is None else from_fields(Environment, parse(environment)),
        streams={name: text for name, text in streams.items() if text is not None},
        problems=tuple(problems),
    )
