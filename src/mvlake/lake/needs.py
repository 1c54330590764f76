"""Needs: whether what a version's imports need is here as it was then: Python, the packages, and what these require in turn."""

import json
import platform
import re
from collections.abc import Iterable, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from mvlake.compare.environment import normalised, packages_of
from mvlake.errors import Damaged
from mvlake.lake.parts import Parts
from mvlake.records.canonical import parse
from mvlake.records.environment import Environment
from mvlake.records.fields import from_fields
from mvlake.records.version import Version

_REQUIRED = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
_PYTHON = "python"


def changed_need(parts: Parts, version: Version) -> str:
    """Return the first thing that differs here from what the version ran with, a sentence; empty when all is as it was.

    What cannot be known has changed: a replay too many does no harm.
    """
    try:
        then = from_fields(Environment, parse(parts.objects.read(version.environment)))
    except (Damaged, ValueError, TypeError):
        return "its environment cannot be read"
    here = {"python": platform.python_version(), "implementation": platform.python_implementation(), "machine": platform.machine()}
    for fact, now in here.items():
        if getattr(then, fact) != now:
            return f"{fact} {getattr(then, fact)} then, {now} now"
    recorded, commits = packages_of(then), {normalised(one.name): one.commit for one in then.sources}
    imported = [normalised(one.package) for one in version.imports if one.package != _PYTHON]
    return next(filter(None, (_changed(name, found, recorded, commits) for name, found in _needed(imported).items())), "")


def needed_by(imported: Iterable[str]) -> frozenset[str]:
    """Return the normalised names of what these packages require, and so on, as far as they are installed here."""
    return frozenset(_needed(imported))


def _needed(imported: Iterable[str]) -> dict[str, Distribution | None]:
    """Return what is installed of these packages, of those that they require, and so on; None for what is not."""
    found: dict[str, Distribution | None] = {}
    waiting = list(imported)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = _installed(name)
            waiting += _required(found[name])
    return found


def _installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except (PackageNotFoundError, ValueError):
        return None


def _required(package: Distribution | None) -> list[str]:
    """Return the names that a package requires, extras left out. What another system alone needs is not here, and was not then."""
    said = (package.requires if package is not None else None) or []
    found = (_REQUIRED.match(one) for one in said if "extra" not in one.partition(";")[2])
    return [normalised(one[1]) for one in found if one]


def _changed(name: str, package: Distribution | None, recorded: Mapping[str, str], commits: Mapping[str, str]) -> str:
    then, now = recorded.get(name, "not installed"), package.version if package is not None else "not installed"
    if then != now:
        return f"{name} {then} then, {now} now"
    commit, at = commits.get(name, ""), _commit(package)
    return f"{name} at {commit[:12] or 'no commit'} then, {at[:12] or 'no commit'} now" if commit != at else ""


def _commit(package: Distribution | None) -> str:
    """Return the commit of a package that came from a repository (PEP 610), empty for any other."""
    try:
        said = json.loads((package.read_text("direct_url.json") if package is not None else None) or "{}")
        found = said.get("vcs_info", {}).get("commit_id", "")
    except (OSError, ValueError, AttributeError):
        return ""
    return found if isinstance(found, str) else ""
