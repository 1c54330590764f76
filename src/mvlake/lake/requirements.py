"""Requirements: the packages of an environment as a file from which `uv pip sync` or `pip install -r` makes it anew."""

import re

from mvlake.records.environment import Environment, PackageSource, SourceKind

FILE_NAME = "requirements.txt"
_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.!+_-]*")
_COMMIT = re.compile(r"[0-9a-fA-F]{7,64}")
_PLACE = re.compile(r"[^\s#;]+")


def requirements(environment: Environment) -> str:
    """Return one line a package: exact versions, editable folders by their path, repositories by their commit.

    No index is named: which one to ask is whoever installs' choice. What cannot be said in one word, a name with a line feed, say,
    becomes a comment, and can so be no option.
    """
    sources = {one.name: one for one in environment.sources}
    system = (f"{environment.implementation} {environment.python}", environment.platform, environment.machine)
    lines = [f"# {_word(', '.join(system))}"]
    lines += [_line(name, version, sources.get(name)) for name, version in sorted(environment.packages.items())]
    return "\n".join(lines) + "\n"


def _line(name: str, version: str, source: PackageSource | None) -> str:
    if not _NAME.fullmatch(name) or not _VERSION.fullmatch(version):
        return f"# cannot be installed by its name: {_word(name)} {_word(version)}"
    if source is None or not source.url:
        return f"{name}=={version}"
    if not _PLACE.fullmatch(source.url) or source.url.startswith("-"):
        return f"# {name} {version} came from {source.kind.value} {_word(source.url)}"
    match source.kind:
        case SourceKind.EDITABLE:
            return f"-e {source.url}"
        case SourceKind.GIT:
            at = f"@{source.commit}" if _COMMIT.fullmatch(source.commit) else ""
            return f"{name} @ git+{_as_url(source.url)}{at}"
        case _:
            return f"{name} @ {_as_url(source.url)}"


def _as_url(place: str) -> str:
    return place if "://" in place else f"file://{place}"


def _word(text: str) -> str:
    """Return a text such that it stays in its line."""
    return "".join(one if one.isprintable() else "?" for one in text[:200])
