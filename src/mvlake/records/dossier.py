"""Dossier: a version with everything that a person or a comparison reads, resolved from the store."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mvlake.records.asked import Repeated
from mvlake.records.digest import Digest
from mvlake.records.environment import Environment
from mvlake.records.events import Better
from mvlake.records.past import PastCell
from mvlake.records.profile import Profile
from mvlake.records.summary import Summary
from mvlake.records.version import Version


@dataclass(frozen=True, slots=True)
class Dossier:
    """`sources` are the texts of `version.cells`, in the same order; `summaries` and `profiles` go by the digest in the artifact.

    `streams` and `modules` are texts by name; `displays` are texts that it showed, by the name of their artifact, those short
    enough to be shown again. A part that could not be read is absent (a source is then None), and `problems` says why.
    `standing` tells of data, by digest, which earlier version has it: `fraud:v1/df`. `past` is every cell that ran before, None
    where nobody asked for it, or it could not be read. `repeats` are what its metrics came out as whenever
    it was repeated, oldest first. `directions` say of metrics of its name which values people call the better ones. What is no
    version is `called` something else.
    """

    version: Version
    created_at: str
    author: str
    sources: tuple[str | None, ...]
    summaries: Mapping[Digest, Summary]
    environment: Environment | None
    streams: Mapping[str, str]
    problems: tuple[str, ...] = ()
    displays: Mapping[str, str] = field(default_factory=dict)
    modules: Mapping[str, str] = field(default_factory=dict)
    standing: Mapping[Digest, str] = field(default_factory=dict)
    profiles: Mapping[Digest, Profile] = field(default_factory=dict)
    directions: Mapping[str, Better] = field(default_factory=dict)
    past: tuple[PastCell, ...] | None = None
    repeats: tuple[Repeated, ...] = ()
    called: str = ""

    @property
    def ref(self) -> str:
        """The version's ref, or what else it is `called`."""
        return self.called or self.version.ref
