"""Instructions: what the kernel of a replay is told of the world that it stands for."""

from dataclasses import dataclass

from mvlake.records.sparse import sparse
from mvlake.records.steady import Steady


@dataclass(frozen=True, slots=True)
class Instead:
    """Where the code names `path`, `content` is to be read."""

    path: str
    content: str


@dataclass(frozen=True, slots=True)
class Instructions:
    """What the kernel is to do.

    `environment_to` names the file that takes what its environment is, `used_to` the one that takes the paths that were read
    elsewhere, each in a line of its own as a JSON text, `accounts_to` the one that takes an `Account` of each
    cell, a line each. `steady` is what an experiment holds fixed.
    """

    environment_to: str
    used_to: str
    accounts_to: str
    instead: tuple[Instead, ...] = ()
    steady: Steady | None = sparse(None)
