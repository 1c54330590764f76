"""Modules: the user's own imported modules as artifacts of a version."""

import io
import os
import tokenize
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from mvlake.capture.probes.git import GitProbe
from mvlake.capture.probes.git_standing import FileState, Standing
from mvlake.capture.probes.modules import MAX_MODULES, MAX_TOTAL, ModuleSource, ModuleWatch
from mvlake.lake.preserve import preserve_code, preserve_patch
from mvlake.records.artifact import DraftArtifact, Omission
from mvlake.records.summary import CodeSummary

PATCH = "uncommitted.patch"


@dataclass(frozen=True, slots=True)
class LocalModule:
    """An imported module with its place in the project, and what git knows of its file."""

    source: ModuleSource
    path: str
    state: FileState


@dataclass(slots=True)
class ModuleShelf:
    """The artifacts of modules that a kernel has made: the same ones for most of its cells."""

    _made: dict[LocalModule, DraftArtifact] = field(default_factory=dict)

    def kept(self, modules: Iterable[LocalModule]) -> list[DraftArtifact | Omission]:
        """Return an artifact of each module; an omission of one that cannot be kept, and one for all that are too many."""
        found: list[DraftArtifact | Omission] = []
        size = left = 0
        for one in sorted(modules, key=lambda module: (module.path.startswith("…"), module.source.name)):
            text = one.source.text
            if text is None:
                found.append(Omission(one.source.name, "module", one.source.note))
            elif len(found) >= MAX_MODULES or size + len(text) > MAX_TOTAL:
                left += 1
            else:
                size += len(text)
                found.append(self._artifact(one, as_utf8(text)))
        if left:
            limits = f"{MAX_MODULES} modules or {MAX_TOTAL >> 20} MB"
            found.append(Omission(f"{left} more modules", "module", f"no more than {limits} are kept with a version"))
        return found

    def _artifact(self, one: LocalModule, text: bytes) -> DraftArtifact:
        made = self._made.get(one)
        if made is None:
            summary = CodeSummary("module", one.path, text.count(b"\n") + 1, one.state.value, one.source.note)
            made = self._made[one] = preserve_code(one.source.name, text, summary)
        return made


def surroundings(
    watch: ModuleWatch, git: GitProbe, shelf: ModuleShelf
) -> tuple[tuple[LocalModule, ...], list[DraftArtifact | Omission]]:
    """Return the local modules, and what is kept of the code around: the modules' sources, and what git's last commit has not."""
    standing, patch = git.standing(), git.patch()
    modules = local_modules(watch.sources(), standing, git.folder)
    kept = shelf.kept(modules)
    return modules, [*kept, preserve_patch(PATCH, as_utf8(patch))] if patch else kept


def as_utf8(source: bytes) -> bytes:
    """Return a source in UTF-8, whatever encoding it declares: what is kept is text."""
    try:
        source.decode("utf-8")
    except UnicodeDecodeError:
        try:
            encoding = tokenize.detect_encoding(io.BytesIO(source).readline)[0]
            return source.decode(encoding, "replace").encode("utf-8")
        except (SyntaxError, LookupError):
            return source.decode("utf-8", "replace").encode("utf-8")
    return source


def local_modules(sources: Iterable[ModuleSource], standing: Standing | None, folder: str) -> tuple[LocalModule, ...]:
    """Return the modules with their places: below the repository's root, or else the folder of the notebook."""
    root = os.path.realpath(folder if standing is None else standing.root).rstrip(os.sep) + os.sep
    return tuple(
        LocalModule(one, _place(one, root), FileState.UNKNOWN if standing is None else standing.state_of(one.file))
        for one in sources
    )


def _place(one: ModuleSource, root: str) -> str:
    """Return a path from the project's root; of a module from elsewhere only as much as its name says."""
    if one.file.startswith(root):
        return one.file[len(root) :].replace(os.sep, "/")
    parts = Path(one.file).parts
    depth = one.name.count(".") + (2 if parts[-1].startswith("__init__.") else 1)
    return "/".join(["…", *parts[-depth:]])
