"""Recipe: what of a captured environment the cells of a version need, each package at the version that it had."""

import ast
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import packages_distributions

from mvlake.compare.environment import normalised
from mvlake.records.dossier import Dossier
from mvlake.records.environment import PackageSource, SourceKind

OWN = "mvlake"
_COMPANIONS = {"scikit-learn": ("skops",), "torch": ("safetensors",)}  # with which the handlers keep what these make
_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.!+_-]*")
_PYTHON = re.compile(r"([0-9]+\.[0-9]+)\.[0-9]")
_LOCAL = (SourceKind.EDITABLE, SourceKind.FOLDER)


@dataclass(frozen=True, slots=True)
class Recipe:
    """The Python, the packages that cells import (`wanted`), and every package that an index may have (`recorded`), by name.

    What they need themselves is found when they are installed, and held to `recorded`. `lacking` says what no index can have,
    and why; `elsewhere` where packages came from that no index gave.
    """

    python: str
    wanted: Mapping[str, str]
    recorded: Mapping[str, str]
    lacking: tuple[str, ...] = ()
    elsewhere: Mapping[str, str] = field(default_factory=dict)

    @property
    def minor(self) -> str:
        """The version of Python without its last part, "" where what was recorded is no version."""
        match = _PYTHON.match(self.python)
        return match[1] if match else ""


def recipe_of(dossier: Dossier) -> Recipe:
    """Return the recipe of a version."""
    environment = dossier.environment
    if environment is None:
        return Recipe("", {}, {}, ("the environment: it cannot be read from the lake",))
    sources = {normalised(one.name): one for one in environment.sources}
    installed = {normalised(name): version for name, version in environment.packages.items()}
    recorded = {name: version for name, version in installed.items() if name not in sources and name != OWN}
    names = {normalised(one.package) for one in dossier.version.imports[1:]}
    names |= _distributions(_imported(dossier.modules.values()), installed)
    names |= {one for name in names for one in _COMPANIONS.get(name, ()) if one in installed}
    laid_out = {normalised(name.partition(".")[0]) for name in dossier.modules}
    names -= {OWN} | {name for name in laid_out if name in sources and sources[name].kind in _LOCAL}
    lacking = [] if environment.implementation == "CPython" else [f"Python: it was {environment.implementation}"]
    lacking += [problem for name in sorted(names) if (problem := _problem(name, installed.get(name), sources.get(name)))]
    elsewhere = {name: _ORIGINS[one.kind] for name, one in sources.items() if name != OWN}
    sound = {name: version for name, version in recorded.items() if _is_sound(name, version)}
    wanted = {name: installed[name] for name in sorted(names) if name in sound}
    return Recipe(environment.python, wanted, dict(sorted(sound.items())), tuple(lacking), elsewhere)


def _problem(name: str, version: str | None, source: PackageSource | None) -> str:
    """Return why no index can have a package, "" where one may."""
    if version is None:
        return f"{name[:80]}: its version was not recorded"
    if source is not None:
        return f"{name} {version[:40]}: it came from {_ORIGINS[source.kind]}, and no index need have the same"
    return "" if _is_sound(name, version) else f"{name[:80]!a} {version[:40]!a}: this is no name and version of a package"


_ORIGINS = {
    SourceKind.EDITABLE: "an editable folder",
    SourceKind.FOLDER: "a folder",
    SourceKind.GIT: "a repository",
    SourceKind.ARCHIVE: "a file",
}


def _is_sound(name: str, version: str) -> bool:
    return bool(_NAME.fullmatch(name) and _VERSION.fullmatch(version))


def _imported(modules: Iterable[str]) -> set[str]:
    """Return the first names of what the version's own modules import."""
    found = set[str]()
    for text in modules:
        try:
            nodes = list(ast.walk(ast.parse(text)))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        found |= {one.name.partition(".")[0] for node in nodes if isinstance(node, ast.Import) for one in node.names}
        found |= {
            node.module.partition(".")[0] for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level
        }
    return found - sys.stdlib_module_names


def _distributions(modules: set[str], installed: Mapping[str, str]) -> set[str]:
    """Return the recorded packages that these modules are of: by their name, or as it is here."""
    if not modules:
        return set()
    here = packages_distributions()
    told = {normalised(name) for module in modules for name in (module, *here.get(module, ()))}
    return told & installed.keys()
