"""Account: what the kernel of a replay tells of one of its cells. It lies beside the scratch lake, and in no lake."""

from dataclasses import dataclass

from mvlake.records.digest import Digest


@dataclass(frozen=True, slots=True)
class Content:
    """What a name holds: its digest, None where the content has none that could be told without running its code."""

    name: str
    digest: Digest | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """One cell that ran. `source` is its text; `reads` are variables, `made` those that it bound, or that it may have changed.

    `files` are the files, URLs and hosts that it read, `modules` and `packages` what it used, by the names of versions' records.
    """

    source: str
    reads: tuple[str, ...] = ()
    made: tuple[Content, ...] = ()
    files: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    failed: bool = False
