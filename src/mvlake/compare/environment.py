"""Environment: the machine, the repository and the packages of two versions."""

import dataclasses
import re
from collections.abc import Iterable

from mvlake.compare.diff import EnvironmentDiff, PackageDiff
from mvlake.compare.matching import change_of
from mvlake.compare.values import compare_values
from mvlake.records.canonical import Json
from mvlake.records.dossier import Dossier
from mvlake.records.environment import Environment, Git

_SEPARATORS = re.compile(r"[-_.]+")


def compare_environment(a: Dossier, b: Dossier) -> tuple[EnvironmentDiff, tuple[str, ...]]:
    """Return facts, repository and packages side by side, packages by normalised name (PEP 503).

    Where an environment cannot be read, the one fact is its digest: equal digests are equal environments.
    """
    if a.environment is None or b.environment is None:
        facts = compare_values([("environment", a.version.environment)], [("environment", b.version.environment)])
        packages: tuple[PackageDiff, ...] = ()
    else:
        facts = compare_values(_facts(a.environment), _facts(b.environment))
        packages = _packages(a.environment, b.environment)
    git = compare_values(_git(a.version.git), _git(b.version.git))
    unreadable = tuple(f"the environment of {one.ref} could not be read" for one in (a, b) if one.environment is None)
    return EnvironmentDiff(facts, git, packages), unreadable


def normalised(name: str) -> str:
    """Return a distribution's name as package indexes compare it.

    >>> normalised("Scikit_Learn")
    'scikit-learn'
    """
    return _SEPARATORS.sub("-", name).lower()


def _facts(environment: Environment) -> list[tuple[str, Json]]:
    names = (field.name for field in dataclasses.fields(environment))
    return [(name, getattr(environment, name)) for name in names if name != "packages"]


def _git(git: Git | None) -> list[tuple[str, Json]]:
    if git is None:
        return []
    return [
        ("commit", git.commit),
        ("branch", git.branch),
        ("is_dirty", git.is_dirty),
        ("changed", list(git.changed)),
        ("problem", git.problem),
        ("remote", git.remote),
    ]


def _packages(a: Environment, b: Environment) -> tuple[PackageDiff, ...]:
    ours, theirs = _versions(a.packages.items()), _versions(b.packages.items())
    return tuple(_package(name, ours.get(name), theirs.get(name)) for name in sorted({*ours, *theirs}))


def _package(name: str, a: str | None, b: str | None) -> PackageDiff:
    return PackageDiff(name, change_of(a, b, is_same=a == b), a or "", b or "")


def _versions(packages: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for name, version in packages:
        found.setdefault(normalised(name), set()).add(version)
    return {name: ", ".join(sorted(versions)) for name, versions in found.items()}
