"""World, modules: the user's own modules as they were imported, in the folders that Python looks into for them."""

import keyword
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from mvlake.lake.site import Site
from mvlake.records.artifact import Role
from mvlake.records.dossier import Dossier
from mvlake.records.events import Difference, DifferenceKind
from mvlake.records.summary import CodeSummary
from mvlake.redaction.marker import BEGINS

_ELSEWHERE = "…"  # of a module from outside of the project, as much of its path as its name says


@dataclass(frozen=True, slots=True)
class LaidOut:
    """The folders that belong on Python's path, and the modules that are not as they were."""

    places: tuple[Path, ...]
    differences: tuple[Difference, ...]


def lay_out_modules(dossier: Dossier, site: Site, elsewhere: Path) -> LaidOut:
    """Write the modules of a version, those of the project to their places in it, the others below `elsewhere`."""
    places: dict[Path, None] = {}
    problems: list[tuple[str, str]] = []
    for name, path, text in _modules(dossier):
        base, file = _file(name.split("."), path, site, elsewhere)
        problem = _written(text, file)
        if problem:
            problems.append((name, problem))
        elif base is not None:
            places[base] = None
    problems += [(one.name, f"it was not kept: {one.reason}") for one in dossier.version.omitted if one.type == "module"]
    return LaidOut(tuple(places), tuple(Difference(DifferenceKind.MODULE, *one) for one in problems))


def _written(text: str | None, file: Path | None) -> str:
    """Write one module; return why it is not as it was, "" when it is."""
    if text is None:
        return "its source cannot be read from the lake"
    if file is None:
        return "it cannot be laid out: its path is none"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
    except OSError as error:
        return f"it cannot be laid out: {error.strerror}"
    return "its source held a secret, in whose place a mark stands" if BEGINS in text else ""


def _modules(dossier: Dossier) -> Iterator[tuple[str, str, str | None]]:
    for one in dossier.version.artifacts:
        if one.role is Role.CODE:
            summary = dossier.summaries.get(one.summary)
            path = summary.path if isinstance(summary, CodeSummary) else ""
            yield one.name, path, dossier.modules.get(one.name)


def _file(parts: list[str], path: str, site: Site, elsewhere: Path) -> tuple[Path | None, Path | None]:
    """Return the folder from which a module of this name is imported, if there is one, and the file that it is.

    The last parts of the path are those of the name: `src/pkg/model.py` is `pkg.model` from `src`.
    """
    steps = PurePosixPath(path).parts
    if not steps or not steps[-1].endswith(".py"):
        return None, None
    own = [*steps[:-1], *([] if steps[-1] == "__init__.py" else [steps[-1].removesuffix(".py")])]
    is_named = own[-len(parts) :] == parts and all(map(_is_name, parts))
    if steps[0] == _ELSEWHERE:
        tail = steps[len(own) - len(parts) :] if is_named else ()
        return (elsewhere, elsewhere.joinpath(*tail)) if tail else (None, None)
    file = site.inside(site.project, path)
    base = site.inside(site.project, "/".join(own[: -len(parts)])) or site.project if is_named else None
    return base, file


def _is_name(part: str) -> bool:
    return part.isidentifier() and not keyword.iskeyword(part)
