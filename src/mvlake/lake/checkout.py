"""Checkout: a version's variables come back into a namespace, or its files into a folder."""

import json
from collections.abc import Collection, Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Any

from mvlake.errors import ArtifactNotFound, Invalid, MvlakeError, Unsupported
from mvlake.handlers.lookup import handler_named
from mvlake.lake.dossier import read_dossier, read_summary_of
from mvlake.lake.history import find
from mvlake.lake.load import choose, restore
from mvlake.lake.notebook import notebook_of
from mvlake.lake.parts import Parts
from mvlake.lake.said import is_variable, said
from mvlake.records.answers import Restored, RestoredName
from mvlake.records.artifact import Artifact, Role
from mvlake.records.names import name_from
from mvlake.records.summary import FigureSummary, ModelSummary
from mvlake.records.version import Version

_VARIABLES = (Role.INPUT, Role.OUTPUT, Role.MODEL, Role.FIGURE)


def checkout(parts: Parts, ref: str, names: Sequence[str], *, into: MutableMapping[str, Any], trust: bool) -> Restored:
    """Put a version's variables, or those named, into a namespace: all that were asked for by name, or none.

    Without names, what cannot be restored is said and the rest comes back; nothing is put before all of it has been read.
    """
    version = find(parts, ref).version
    told = said(version)
    _check_names(version, names, told)
    ready: dict[str, Any] = {}
    rows = []
    for name in dict.fromkeys(names) or sorted(told.keys() | _variables(version)):
        artifact = choose(version, name) if version.artifact(name) else None
        kept_by = told[name][0] if artifact is None else artifact.handler
        try:
            ready[name] = told[name][1] if artifact is None else _variable(parts, version, artifact, trust=trust)
        except MvlakeError as error:
            if names:
                raise
            rows.append(RestoredName(name, kept_by, problem=error.message))
        else:
            rows.append(RestoredName(name, kept_by, replaced=name in into))
    into.update(ready)
    return Restored(version.ref, tuple(rows))


def _variable(parts: Parts, version: Version, artifact: Artifact, *, trust: bool) -> Any:
    """Return the object of an artifact; Unsupported when what comes back is another kind of object than what went in.

    A variable that silently changed its class would break the cells that use it; `load` gives the stand-in to who asks for it.
    """
    obj = restore(parts, version, artifact, trust=trust)
    summary = read_summary_of(parts, artifact)
    parts_only = isinstance(summary, ModelSummary) and any(
        one.name == "restores_as" and one.value == "state_dict" for one in summary.learned
    )
    if parts_only or isinstance(summary, FigureSummary):
        comes_as = "its state_dict" if parts_only else "a picture of it"
        raise Unsupported(
            f"only {comes_as} is kept: load it under another name", hint=f'lake.load("{version.ref}", "{artifact.name}")'
        )
    return obj


def checkout_to(parts: Parts, ref: str, names: Sequence[str], folder: Path) -> Restored:
    """Write a version's notebook and the bytes of its artifacts, or of those named, as files into a folder. Nothing is replaced.

    Everything is read before anything is written: damage leaves no half of a folder.
    """
    entry = find(parts, ref)
    files: dict[str, bytes] = {}
    rows = []
    for artifact in _files(entry.version, names):
        file = _free_name(artifact, files)
        files[file] = parts.objects.read(artifact.object)
        rows.append(RestoredName(file, artifact.handler))
    if not names:
        notebook = json.dumps(notebook_of(read_dossier(parts, entry)), indent=1)
        files["notebook.ipynb"] = f"{notebook}\n".encode()
        rows.append(RestoredName("notebook.ipynb", "code"))
    _write(folder, files)
    return Restored(entry.ref, tuple(rows), folder=str(folder))


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise Invalid(f"{folder} is not empty", hint="name a new folder: nothing of yours is ever replaced")
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            with (folder / name).open("xb") as file:  # never over what somebody put there meanwhile
                file.write(data)
    except OSError as error:
        raise Invalid(f"{folder} cannot be written: {error.strerror}", hint="name a new folder where you may write") from error


def _free_name(artifact: Artifact, taken: Collection[str]) -> str:
    """Return a file name. Names come from the lake, which may be anybody's: only a plain file name may come of them."""
    try:
        suffix = handler_named(artifact.handler).suffix
    except Unsupported:
        suffix = ".bin"
    stem, known = f"{name_from(artifact.name) or 'artifact'}-{artifact.role}", {name.lower() for name in taken}
    name, count = f"{stem}{suffix}", 1
    while name.lower() in known:  # macOS and Windows take A and a for one name
        count += 1
        name = f"{stem}-{count}{suffix}"
    return name


def folder_for(ref: str) -> Path:
    """Return the folder that files go to when none is named: one in the working directory, named for the ref."""
    return Path.cwd() / name_from(ref)


def _variables(version: Version) -> set[str]:
    return {one.name for one in version.artifacts if one.role in _VARIABLES and is_variable(one.name)}


def _check_names(version: Version, names: Sequence[str], told: Collection[str] = ()) -> None:
    for name in names:
        if name not in told and not version.artifact(name):
            raise ArtifactNotFound(version.ref, name, existing=sorted({*told, *_variables(version)}))


def _files(version: Version, names: Sequence[str]) -> list[Artifact]:
    _check_names(version, names)
    if names:
        return [choose(version, name) for name in dict.fromkeys(names)]
    return [one for one in version.artifacts if one.role is not Role.STREAM]
