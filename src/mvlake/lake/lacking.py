"""Lacking: why running a version again is pointless, known before anything runs. Only what is certain counts, no doubt."""

import builtins
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib.machinery import PathFinder
from importlib.util import find_spec
from pathlib import Path

from mvlake.errors import MvlakeError
from mvlake.lake.cell_makes import cell_makes
from mvlake.lake.cells_to_run import MAY_RAISE
from mvlake.lake.grammar import parse_line
from mvlake.lake.history import find
from mvlake.lake.parts import Parts
from mvlake.lake.prepared import Prepared
from mvlake.lake.verbs import BY_NAME, KERNEL_VERBS
from mvlake.lake.world_files import Source, SourceKind
from mvlake.records.artifact import Role
from mvlake.records.events import Verdict, VerdictItem
from mvlake.records.files import FileUse, FoundBy
from mvlake.records.version import Origin

_SHELL_NAMES = frozenset(
    ("get_ipython", "display", "In", "Out", "exit", "quit", "_", "__", "___", "_i", "_ii", "_iii", "_dh", "_oh", "_ih", "open")
)
_READING = ("checkout", "load", "export")


def lacking_items(
    parts: Parts, prepared: Prepared, files: Iterable[tuple[FileUse, Source]], *, is_here: bool
) -> tuple[VerdictItem, ...]:
    """Return what is missing without which the cells cannot make the version; `is_here`: they run with this Python."""
    names = cell_makes([cell.source for cell in prepared.cells])
    surely = cell_makes([cell.source for cell in prepared.cells if MAY_RAISE not in cell.tags])
    found = [*_python(prepared), *(() if names.is_open else _modules(prepared, surely.imported))] if is_here else []
    if prepared.asked is None or prepared.asked.speaks_of_version:
        found += [*(() if names.is_open or _has_startup(os.environ) else _names(prepared, names.made)), *_files(files)]
    found += _checkouts(parts, prepared)
    return tuple(VerdictItem(kind, name, Verdict.NOT_RUN, reason) for kind, name, reason in found)


def _python(prepared: Prepared) -> Iterator[tuple[str, str, str]]:
    environment = prepared.dossier.environment
    then = environment.python.partition(".")[0] if environment is not None else ""
    if then.isdigit() and int(then) != sys.version_info.major:
        yield "python", then, f"it ran with Python {then}, and this is Python {sys.version_info.major}"


def _modules(prepared: Prepared, imported: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield what the cells import and nobody here has."""
    version = prepared.dossier.version
    own = {one.name.partition(".")[0] for one in version.artifacts if one.role is Role.CODE}
    omitted = {one.name.partition(".")[0]: one.reason for one in version.omitted if one.type == "module"}
    for name in imported:
        if name not in own and not _is_importable(name):
            yield (
                "module",
                name,
                f"it was not kept: {omitted[name]}" if name in omitted else "its cells import it, and it is not installed here",
            )


def _is_importable(name: str) -> bool:
    """True where Python would find a module of this name. Nothing is imported; what cannot be told is taken to be there."""
    if name in sys.builtin_module_names or name in sys.stdlib_module_names or name in sys.modules:
        return True
    try:
        further = [place for place in os.environ.get("PYTHONPATH", "").split(os.pathsep) if place]  # the kernel's, set since
        return find_spec(name) is not None or PathFinder.find_spec(name, further) is not None
    except (ImportError, ValueError, AttributeError):
        return True


def _names(prepared: Prepared, made: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the variables that the tracked cell read and that none of the cells makes."""
    version = prepared.dossier.version
    if version.origin not in (Origin.CELL, Origin.AUTO):
        return
    omitted = {one.name: one.reason for one in version.omitted}
    for name in version.names.read:
        if name not in made and name not in _SHELL_NAMES and not hasattr(builtins, name):
            because = f"; nor was it kept: {omitted[name]}" if name in omitted else ""
            yield "variable", name, f"the tracked cell reads it, and none of the cells that it rests on makes it{because}"


def _has_startup(environ: Mapping[str, str]) -> bool:
    """True where IPython runs files of the user's before the first cell, which may make anything."""
    folder = Path(environ.get("IPYTHONDIR") or Path(environ.get("HOME", "/")) / ".ipython") / "profile_default"
    try:
        return (
            any(one.suffix in (".py", ".ipy") for one in (folder / "startup").iterdir()) or (folder / "ipython_config.py").exists()
        )
    except OSError:
        return False


def _files(files: Iterable[tuple[FileUse, Source]]) -> Iterator[tuple[str, str, str]]:
    """Yield the files that Python opened for certain, whose content is neither in the lake nor anywhere here."""
    for use, source in files:
        if source.kind is SourceKind.NOWHERE and use.digest is not None and FoundBy.OPENED in use.found_by:
            yield "file", use.name, f"{source.problem}, and its content was not kept"


def _checkouts(parts: Parts, prepared: Prepared) -> Iterator[tuple[str, str, str]]:
    """Yield the versions that the cells take something from with `%mv`, and that are gone."""
    for cell in prepared.cells:
        for line in cell.source.splitlines():
            words = line.strip()
            if not words.startswith("%mv "):
                continue
            try:
                call = parse_line(words.removeprefix("%mv "), "", verbs={**BY_NAME, **KERNEL_VERBS})
            except MvlakeError:
                continue  # no verb of ours, or one that raises as it did
            if call.verb.name in _READING and call.lake is None:
                problem = _gone(parts, str(call.arguments["ref"]))
                if problem:
                    yield "version", str(call.arguments["ref"]), problem


def _gone(parts: Parts, ref: str) -> str:
    try:
        entry = find(parts, ref)
    except MvlakeError as error:
        return f"a cell takes something from it, and there is {error.message}"
    missing = [one.name for one in entry.version.artifacts if not parts.objects.has(one.object)]
    if entry.forgotten is not None and missing:
        return f"a cell takes something from it; it was forgotten, and its content collected ({', '.join(missing[:4])})"
    return ""
