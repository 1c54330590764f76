"""Environment: the machine, the repository and the packages of two versions."""

import dataclasses
import re
from functools import lru_cache

from mvlake.compare.diff import Change, EnvironmentDiff, PackageDiff, ValueDiff
from mvlake.compare.matching import change_of
from mvlake.compare.values import compare_values
from mvlake.records.canonical import Json
from mvlake.records.dossier import Dossier
from mvlake.records.environment import Environment, Git, ThreadPool

_SCALARS = (str, int, bool)
_OPTIONAL = frozenset(field.name for field in dataclasses.fields(Environment) if field.default is not dataclasses.MISSING)
_SEPARATORS = re.compile(r"[-_.]+")


def compare_environment(a: Dossier, b: Dossier) -> tuple[EnvironmentDiff, tuple[str, ...]]:
    """Return facts, repository and packages side by side, packages by normalised name (PEP 503).

    Libraries bring their thread pools along when they are loaded: one that is on one side only is told apart from the facts.
    Where an environment cannot be read, the one fact is its digest: equal digests are equal environments.
    """
    if a.environment is None or b.environment is None:
        facts = compare_values([("environment", a.version.environment)], [("environment", b.version.environment)])
        packages: tuple[PackageDiff, ...] = ()
        loaded: tuple[ValueDiff, ...] = ()
    else:
        threads = compare_values(threads_of(a.environment), threads_of(b.environment))
        loaded = tuple(one for one in threads if one.change in (Change.ADDED, Change.REMOVED))
        facts = (*compare_values(facts_of(a.environment), facts_of(b.environment)), *(one for one in threads if one not in loaded))
        imported = {normalised(one.package) for side in (a, b) for one in side.version.imports}
        packages = _packages(a.environment, b.environment, imported)
    git = compare_values(_git(a.version.git), _git(b.version.git))
    unreadable = tuple(f"the environment of {one.ref} could not be read" for one in (a, b) if one.environment is None)
    return EnvironmentDiff(facts, git, packages, loaded), unreadable


@lru_cache(maxsize=4096)  # the same few hundred, after each tracked cell
def normalised(name: str) -> str:
    """Return a distribution's name as package indexes compare it.

    >>> normalised("Scikit_Learn")
    'scikit-learn'
    """
    return _SEPARATORS.sub("-", name).lower()


def facts_of(environment: Environment) -> list[tuple[str, Json]]:
    """Return what there is to tell, one fact each; of what is told of many things, each thing is one."""
    facts: list[tuple[str, Json]] = []
    for name in (field.name for field in dataclasses.fields(environment)):
        value = getattr(environment, name)
        if type(value) in _SCALARS and (value or name not in _OPTIONAL):
            facts.append((name, value))
    facts += [("processor features", list(environment.features))] if environment.features else []
    facts += [("gpu", one.name) for one in environment.gpus]
    facts += [(f"variable {one.name}", one.value) for one in environment.variables]
    facts += [(f"source of {one.name}", f"{one.kind.value} {one.url} {one.commit}".strip()) for one in environment.sources]
    facts += [(f"conda {one.name}", f"{one.version} {one.build}".strip()) for one in environment.conda]
    return facts + [("unknown", one) for one in environment.unknown]


def threads_of(environment: Environment) -> list[tuple[str, Json]]:
    """Return the thread pools by the libraries that they are of."""
    return [(f"threads of {one.name.partition(' ')[0]}", _pool(one)) for one in environment.pools]


def _pool(pool: ThreadPool) -> Json:
    rest = [one for one in (pool.version, pool.name.partition(" ")[2]) if one]
    return f"{pool.threads} ({', '.join(rest)})" if rest else pool.threads


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


def _packages(a: Environment, b: Environment, imported: set[str]) -> tuple[PackageDiff, ...]:
    ours, theirs = packages_of(a), packages_of(b)
    names = sorted({*ours, *theirs}, key=lambda name: (name not in imported, name))
    return tuple(_package(name, ours.get(name), theirs.get(name), is_imported=name in imported) for name in names)


def _package(name: str, a: str | None, b: str | None, *, is_imported: bool) -> PackageDiff:
    return PackageDiff(name, change_of(a, b, is_same=a == b), a or "", b or "", is_imported)


def packages_of(environment: Environment) -> dict[str, str]:
    """Return the versions of what is installed, by normalised name (PEP 503)."""
    found: dict[str, set[str]] = {}
    for name, version in environment.packages.items():
        found.setdefault(normalised(name), set()).add(version)
    return {name: ", ".join(sorted(versions)) for name, versions in found.items()}
