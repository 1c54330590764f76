"""Packages: every installed distribution, its version and where it came from, read once and again when something is installed."""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import Distribution, DistributionFinder
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from mvlake.capture.randomness.loaded import loaded
from mvlake.records.environment import PackageSource, SourceKind
from mvlake.records.standard_json import loads

_MOST_HEADERS = 400
_MAX_URL = 500
_COMMIT = re.compile(r"[0-9a-fA-F]{7,64}")


@dataclass(frozen=True, slots=True)
class Installed:
    """What is installed: versions by normalised name, sorted; the sources of what no index gave; who provides which module."""

    versions: Mapping[str, str]
    sources: tuple[PackageSource, ...] = ()
    modules: dict[str, str] = field(default_factory=dict)
    unnamed: tuple[tuple[str, Distribution], ...] = ()  # those that do not list their modules in a file of their own

    def provider_of(self, module: str) -> str | None:
        """Return the distribution that a top-level module comes from, None for one of Python's or of the user's own."""
        if module in sys.stdlib_module_names:
            return None
        found = self.modules.get(module)
        if found is None:
            found = self.modules[module] = self._found(module)
        return found or None

    def _found(self, module: str) -> str:
        if normalised(module) in self.versions:
            return normalised(module)
        file = loaded(module).get("__file__")
        if type(file) is not str or not {"site-packages", "dist-packages"}.intersection(file.replace("\\", "/").split("/")):
            return ""  # the user's own
        wanted = (f"\n{module}/", f"\n{module}.py,", f"\n{module}.cpython-")
        # Most names hold the letters of the module in their order: `scikit-learn` those of `sklearn`.
        for name, distribution in sorted(self.unnamed, key=lambda one: not _holds(one[0], module.lower())):
            try:
                files = "\n" + (distribution.read_text("RECORD") or "")
            except Exception:  # noqa: BLE001, S112 - it has been removed meanwhile, or is no text
                continue
            if any(one in files for one in wanted):
                return name
        return ""


_cache: tuple[tuple[tuple[str, int], ...], Installed] | None = None


def packages() -> dict[str, str]:
    """Return normalised names (PEP 503) and versions, sorted; what has broken metadata is left out."""
    return dict(installed().versions)


def installed() -> Installed:
    """Return what is installed now; read again when a folder of the import path has gained or lost an entry."""
    global _cache  # a cache of what the disk says, keyed by the disk's own change times
    stamps = _stamps()
    if _cache is None or _cache[0] != stamps:
        _cache = (stamps, _read())
    return _cache[1]


def _holds(name: str, letters: str) -> bool:
    rest = iter(name)
    return all(letter in rest for letter in letters)


def normalised(name: str) -> str:
    """Return a distribution's name in the one form that compares.

    >>> normalised("Scikit_Learn")
    'scikit-learn'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def without_credentials(url: str) -> str:
    """Return a URL without user, password, query and fragment.

    >>> without_credentials("https://ana:secret@example.org/a/b.git?token=1#x")
    'https://example.org/a/b.git'
    """
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _read() -> Installed:
    versions: dict[str, str] = {}
    sources: list[PackageSource] = []
    modules: dict[str, str] = {}
    unnamed: list[tuple[str, Distribution]] = []
    for distribution in _distributions():
        try:
            named = _name_and_version(distribution)
            if named is None or named[0] in versions:
                continue  # the first on the path is the one that is imported
            versions[named[0]] = named[1]
            sources += _source(named[0], distribution)
            listed = (distribution.read_text("top_level.txt") or "").split()
            modules.update((module, named[0]) for module in listed if module not in modules)
            unnamed += [] if listed else [(named[0], distribution)]
        except Exception:  # noqa: BLE001, S112 - half-removed packages break in many ways, and say nothing
            continue
    return Installed(dict(sorted(versions.items())), tuple(sorted(sources, key=lambda one: one.name)), modules, tuple(unnamed))


def _distributions() -> Iterator[Distribution]:
    for finder in list(sys.meta_path):
        find = getattr(finder, "find_distributions", _nothing)
        # Folder by folder: importlib trips over a path entry that cannot be one, and would say nothing of the others.
        for folder in list(sys.path):
            try:
                yield from find(DistributionFinder.Context(path=[folder]))
            except Exception:  # noqa: BLE001, S112 - a stranger's finder, or no folder
                continue


def _nothing(_: DistributionFinder.Context) -> tuple[Distribution, ...]:
    return ()


def _name_and_version(distribution: Distribution) -> tuple[str, str] | None:
    """Return them from the first lines of the metadata: parsing it all as a mail message takes twenty times as long."""
    found: dict[str, str] = {}
    for line in (distribution.read_text("METADATA") or distribution.read_text("PKG-INFO") or "").split("\n", _MOST_HEADERS):
        key, colon, value = line.partition(":")
        word = key.lower()
        if not colon and not line.strip():
            break  # the headers end here
        if word in ("name", "version") and value.strip():
            found.setdefault(word, value.strip())
            if len(found) == 2:
                return normalised(found["name"]), found["version"]
    return None


def _source(name: str, distribution: Distribution) -> list[PackageSource]:
    """Return where a distribution came from when no index gave it: what its installer noted (PEP 610)."""
    text = distribution.read_text("direct_url.json")
    noted: Any = loads(text) if text else None
    if type(noted) is not dict:
        return []
    url = noted.get("url")
    if type(url) is not str or len(url) > _MAX_URL or not url.isprintable():
        return []
    place = unquote(urlsplit(url).path) if url.startswith("file:") else without_credentials(url)
    repository = noted.get("vcs_info")
    if type(repository) is dict:
        commit = repository.get("commit_id")
        said = commit if type(commit) is str and _COMMIT.fullmatch(commit) else ""
        return [PackageSource(name, SourceKind.GIT, place, said)] if repository.get("vcs") == "git" else []
    folder = noted.get("dir_info")
    if type(folder) is dict:
        return [PackageSource(name, SourceKind.EDITABLE if folder.get("editable") is True else SourceKind.FOLDER, place)]
    return [PackageSource(name, SourceKind.ARCHIVE, place)]


def _stamps() -> tuple[tuple[str, int], ...]:
    """Return when each folder of the import path last gained or lost an entry."""
    stamps = []
    for folder in sys.path:
        try:
            stamps.append((folder, os.stat(folder or ".").st_mtime_ns))  # noqa: PTH116 - a Path for each would cost more
        except (OSError, TypeError, ValueError):
            continue
    return tuple(stamps)
