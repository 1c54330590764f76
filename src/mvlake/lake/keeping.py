"""Keeping: how much of its data one execution keeps: what the policy allows, and what the cell and the environment ask for."""

from collections.abc import Mapping
from dataclasses import dataclass

from mvlake.lake.policy import wanted_ceiling, wanted_keep
from mvlake.lake.variables import CEILING, DATA
from mvlake.records.policy import DataPolicy, Keep

_UNITS = (("GB", 10**9), ("MB", 10**6), ("KB", 10**3))
_ALL = "`%%track --data full` keeps all of it"


@dataclass(frozen=True, slots=True)
class Keeping:
    """What is kept of data, and in words `because` of what it is not everything. A ceiling of None lets any size through."""

    keep: Keep = Keep.FULL
    because: str = ""
    ceiling: int | None = None
    file_ceiling: int | None = None
    ceiling_of: str = "the policy"

    def of(self, weight: int) -> tuple[Keep, str]:
        """Return how much is kept of an object of so many bytes of memory, and why it is not all."""
        if self.keep is Keep.FULL and self.ceiling is not None and weight > self.ceiling:
            told = f"{size_text(weight)} are above the ceiling of {size_text(self.ceiling)} that {self.ceiling_of} sets; {_ALL}"
            return Keep.PROFILE, told
        return self.keep, self.because

    def of_file(self, size: int) -> tuple[Keep, str]:
        """Return how much is kept of an input file of so many bytes, and why it is not all."""
        if self.keep is Keep.FULL and self.file_ceiling is not None and size > self.file_ceiling:
            told = f"{size_text(size)} are above the ceiling of {size_text(self.file_ceiling)} for files; {_ALL}"
            return Keep.PROFILE, told
        return self.keep, self.because


def keeping(policy: DataPolicy, *, asked: Keep | None, environ: Mapping[str, str]) -> Keeping:
    """Return what is kept. The policy says the most; a cell that asks for all of it is not held to the ceilings.

    What the cell says goes before what the environment says. Raises Invalid for an environment that nobody can mean.
    """
    outside = wanted_keep(environ)
    wanted = asked or outside or Keep.FULL
    if policy.keep.rank < wanted.rank:
        keep, because = policy.keep, f'the lake\'s policy.toml says keep = "{policy.keep.value}" under [data]'
    else:
        keep = wanted
        because = "" if keep is Keep.FULL else f"%%track --data {keep.value} asked for that" if asked else f"{DATA}={keep.value}"
    if asked is Keep.FULL:
        return Keeping(keep, because)
    ceiling = wanted_ceiling(environ)
    of = "the policy" if ceiling is None else CEILING
    return Keeping(keep, because, policy.ceiling if ceiling is None else ceiling, policy.file_ceiling, of)


def size_text(count: int) -> str:
    """Return a number of bytes as people read it.

    >>> size_text(12), size_text(256_000_000)
    ('12 bytes', '256 MB')
    """
    for unit, factor in _UNITS:
        if count >= factor:
            return f"{count / factor:.3g} {unit}"
    return f"{count} bytes"
