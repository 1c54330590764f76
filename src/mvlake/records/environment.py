"""Environment: the world in which a version was made."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class SourceKind(StrEnum):
    """Where a distribution came from that no index gave. Append-only."""

    EDITABLE = "editable"  # a folder of the user's, as it stands
    FOLDER = "folder"  # a folder, as it stood when it was installed
    GIT = "git"  # a commit of a repository
    ARCHIVE = "archive"  # a file, here or at a URL


@dataclass(frozen=True, slots=True)
class PackageSource:
    """Where one distribution came from: a URL without credentials or a path, and of a repository the commit."""

    name: str
    kind: SourceKind
    url: str
    commit: str = ""


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable of those that may be kept with their values."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class ThreadPool:
    """One library that calculates with threads: `kind` is `blas`, `openmp` or `torch`; `threads` 0 where it is not known."""

    kind: str
    name: str
    version: str = ""
    threads: int = 0


@dataclass(frozen=True, slots=True)
class Gpu:
    """One graphics processor. `memory` in bytes, 0 where it is not known."""

    name: str
    memory: int = 0


@dataclass(frozen=True, slots=True)
class CondaPackage:
    """One package of a conda environment that is no Python distribution, or is one besides."""

    name: str
    version: str
    build: str = ""


@dataclass(frozen=True, slots=True)
class Environment:
    """Python, operating system, processor, and every installed distribution by its normalised name.

    `features` are those of the processor that change what libraries calculate with. `memory` is what the process may use, in bytes.
    `sources` tell of the distributions that no index gave. `unknown` says what could not be told, and why.
    """

    python: str
    implementation: str
    platform: str
    machine: str
    processor: str
    cpus: int
    packages: Mapping[str, str]
    distribution: str = ""
    libc: str = ""
    features: tuple[str, ...] = ()
    memory: int = 0
    container: str = ""
    is_hash_random: bool = False
    variables: tuple[Variable, ...] = ()
    pools: tuple[ThreadPool, ...] = ()
    gpus: tuple[Gpu, ...] = ()
    driver: str = ""
    cuda: str = ""
    sources: tuple[PackageSource, ...] = ()
    conda: tuple[CondaPackage, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Import:
    """A distribution that the cells of a version import, and its version; Python itself is the first."""

    package: str
    version: str


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
