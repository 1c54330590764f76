"""Environment: the world in which a version was made."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Environment:
    """Python, operating system, processor, and every installed distribution by its normalised name."""

    python: str
    implementation: str
    platform: str
    machine: str
    processor: str
    cpus: int
    packages: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Git:
    """The repository around the notebook. `problem` says why the rest is empty (git missing, or git refused).

    `remote` is where it was cloned from, without anybody's credentials.
    """

    commit: str = ""
    branch: str = ""
    is_dirty: bool = False
    changed: tuple[str, ...] = ()
    problem: str = ""
    remote: str = ""


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a record, as the machine says; nobody has verified it."""

    user: str
    host: str
