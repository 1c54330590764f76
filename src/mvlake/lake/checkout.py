"""Checkout: a version's variables come back into a namespace, or its files into a folder."""

import json
import shutil
from collections.abc import Collection, Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any

from mvlake.errors import ArtifactNotFound, Invalid, MvlakeError, Unsupported
from mvlake.lake.dossier import read_dossier, read_summary_of
from mvlake.lake.export import give_name, suffix_of, write
from mvlake.lake.history import find
from mvlake.lake.inputs_kept import input_artifacts, inputs_told
from mvlake.lake.load import choose, restore
from mvlake.lake.notebook import notebook_of
from mvlake.lake.parts import Parts
from mvlake.lake.requirements import FILE_NAME
from mvlake.lake.said import is_variable, said
from mvlake.lake.stand_in import stand_in
from mvlake.records.answers import Restored, RestoredName
from mvlake.records.artifact import Artifact, Role
from mvlake.records.names import name_from
from mvlake.records.version import Version

_NOTEBOOK = "notebook.ipynb"
_VARIABLES = (Role.INPUT, Role.OUTPUT, Role.MODEL, Role.FIGURE)


def checkout(
    parts: Parts, ref: str, names: Sequence[str], *, into: MutableMapping[str, Any], trust: bool, inputs: bool = False
) -> Restored:
    """Put a version's variables, or those named, into a namespace: all that were asked for by name, or none.

    Without names, what cannot be restored is said and the rest comes back; nothing is put before all of it has been read. With
    `inputs`, what the tracked cell read, as it was before that cell ran.
    """
    version = find(parts, ref).version
    told = inputs_told(version) if inputs else said(version)
    kept = input_artifacts(version) if inputs else {}
    _check_names(version, names, {*told, *kept}, only=inputs)
    ready: dict[str, Any] = {}
    rows = []
    for name in dict.fromkeys(names) or sorted(told.keys() | (kept.keys() if inputs else _variables(version))):
        artifact = kept.get(name) if inputs else choose(version, name) if version.artifact(name) else None
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
    return Restored(version.ref, tuple(rows), redacted=version.redacted)


def _variable(parts: Parts, version: Version, artifact: Artifact, *, trust: bool) -> Any:
    """Return the object of an artifact; Unsupported when what comes back is another kind of object than what went in.

    A variable that silently changed its class would break the cells that use it; `load` gives the stand-in to who asks for it.
    """
    obj = restore(parts, version, artifact, trust=trust)
    comes_as = stand_in(read_summary_of(parts, artifact))
    if comes_as:
        raise Unsupported(
            f"only {comes_as} is kept: load it under another name", hint=f'lake.load("{version.ref}", "{artifact.name}")'
        )
    return obj


def checkout_to(parts: Parts, ref: str, names: Sequence[str], folder: Path, *, inputs: bool = False) -> Restored:
    """Write a version's notebook, its requirements and its artifacts, or those named, as files into a folder: frames as Parquet.

    Nothing is replaced. Everything is written beside the folder before anything is in it: damage leaves no half of one. Without
    names, a frame that Parquet cannot hold is said, and the rest is written.
    """
    if inputs:
        raise Invalid("--inputs is for a kernel, and --to writes files", hint=f"`checkout {ref[:60]} NAME --to FOLDER`")
    entry = find(parts, ref)
    version, artifacts = entry.version, _files(entry.version, names)
    rows: list[RestoredName] = []
    with _staged(folder) as staged:
        for artifact in artifacts:
            file = _free_name(artifact, [row.name for row in rows])
            try:
                with (staged / file).open("xb") as opened:
                    write(parts, version, artifact, opened)
                rows.append(RestoredName(file, artifact.handler))
            except Invalid as error:
                if names:
                    raise
                (staged / file).unlink()
                rows.append(RestoredName(file, artifact.handler, problem=error.message))
        if not names:
            notebook = json.dumps(notebook_of(read_dossier(parts, entry)), indent=1)
            (staged / _NOTEBOOK).write_text(f"{notebook}\n", encoding="utf-8")
            rows.append(RestoredName(_NOTEBOOK, "code"))
            if version.lock is not None:
                (staged / FILE_NAME).write_bytes(parts.objects.read(version.lock))
                rows.append(RestoredName(FILE_NAME, "environment"))
    return Restored(entry.ref, tuple(rows), folder=str(folder), redacted=version.redacted)


@contextmanager
def _staged(folder: Path) -> Iterator[Path]:
    """Give a folder beside the one that is meant; what is in it in the end is put into that one, each file under a free name."""
    staged = folder.with_name(f".{folder.name[:100]}.{token_hex(6)}.part")
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            found = "not empty" if folder.is_dir() else "no folder"
            raise Invalid(f"{folder} is {found}", hint="name a new folder: nothing of yours is ever replaced")
        folder.parent.mkdir(parents=True, exist_ok=True)
        staged.mkdir()
        try:
            yield staged
            folder.mkdir(exist_ok=True)
            for file in sorted(staged.iterdir()):
                give_name(file, folder / file.name)  # never over what somebody put there meanwhile
        finally:
            shutil.rmtree(staged, ignore_errors=True)
    except OSError as error:
        raise Invalid(f"{folder} cannot be written: {error.strerror}", hint="name a new folder where you may write") from error


def _free_name(artifact: Artifact, taken: Collection[str]) -> str:
    """Return a file name. Names come from the lake, which may be anybody's: only a plain file name may come of them."""
    suffix = suffix_of(artifact)
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


def _check_names(version: Version, names: Sequence[str], told: Collection[str] = (), *, only: bool = False) -> None:
    for name in names:
        if name not in told and (only or not version.artifact(name)):
            raise ArtifactNotFound(version.ref, name, existing=sorted({*told} if only else {*told, *_variables(version)}))


def _files(version: Version, names: Sequence[str]) -> list[Artifact]:
    _check_names(version, names)
    if names:
        return [choose(version, name) for name in dict.fromkeys(names)]
    # What was shown may be a page with scripts in it: who wants that as a file names it.
    return [one for one in version.artifacts if one.role not in (Role.STREAM, Role.DISPLAY)]
