"""Policy: how much of what versions are made of a lake keeps, as its `policy.toml` says."""

from dataclasses import dataclass, field
from enum import StrEnum

from mvlake.records.column_rule import ColumnRule


class Keep(StrEnum):
    """How much of data is kept, the least first to the most last: `<` is by that order."""

    NONE = "none"  # names, types and digests
    PROFILE = "profile"  # and what a summary says: form, counts, distributions
    FULL = "full"  # and the content

    @property
    def rank(self) -> int:
        """Where it stands between least and most."""
        return tuple(Keep).index(self)


@dataclass(frozen=True, slots=True)
class DataPolicy:
    """The most that is kept of data, whatever a cell asks for.

    Of an object above `ceiling` (bytes of memory), and of an input file above `file_ceiling` (bytes), only the profile is kept
    unless a cell asks for all of it.
    """

    keep: Keep = Keep.FULL
    ceiling: int = 16 * 10**9
    file_ceiling: int = 256 * 10**6


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule of a lake's own, by which secrets are found: what they start with, and the pattern of all of one."""

    id: str
    starts: tuple[str, ...]
    pattern: str


@dataclass(frozen=True, slots=True)
class RedactionPolicy:
    """What else is taken for a secret, and hashes (as marks show them) of what was taken for one and is none."""

    rules: tuple[RuleText, ...] = ()
    allow: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything that a lake's `policy.toml` settles, table by table."""

    data: DataPolicy = field(default_factory=DataPolicy)
    redaction: RedactionPolicy = field(default_factory=RedactionPolicy)
    columns: tuple[ColumnRule, ...] = ()
