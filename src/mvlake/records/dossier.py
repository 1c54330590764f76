"""Dossier: a version with everything that a person or a comparison reads, resolved from the store."""

from collections.abc import Mapping
from dataclasses import dataclass

from mvlake.records.digest import Digest
from mvlake.records.environment import Environment
from mvlake.records.summary import Summary
from mvlake.records.version import Version


@dataclass(frozen=True, slots=True)
class Dossier:
    """`sources` are the texts of `version.cells`, in the same order; `summaries` go by the digest in the artifact.

    A part that could not be read is absent (a source is then None), and `problems` says why.
    """

    version: Version
    created_at: str
    author: str
    sources: tuple[str | None, ...]
    summaries: Mapping[Digest, Summary]
    environment: Environment | None
    streams: Mapping[str, str]
    problems: tuple[str, ...] = ()

    @property
    def ref(self) -> str:
        """The version's ref."""
        return self.version.ref
