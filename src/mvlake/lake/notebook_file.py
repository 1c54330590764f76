"""Notebook file: the code of a notebook as somebody saved it. It is read, and nothing of it is run or believed."""

import json
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mvlake.errors import Invalid
from mvlake.records.digest import Digest
from mvlake.store.hashing import digest_of

_LARGEST = 64 << 20  # bytes; of more, most is outputs
_FORMAT = 4


@dataclass(frozen=True, slots=True)
class FileCell:
    """One cell with code: its place in the file, from 1, text and tags."""

    place: int
    source: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotebookFile:
    """The cells with code of a notebook, from top to bottom. `name` is that of the file, `digest` that of its bytes."""

    name: str
    digest: Digest
    cells: tuple[FileCell, ...]


def read_notebook(path: Path) -> NotebookFile:
    """Return what a file says; Invalid when it is no notebook of Python that can be read."""
    data = _bytes(path)
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or type(document.get("nbformat")) is not int:
        raise Invalid(f"{path} is no notebook", hint="name a file with the ending .ipynb")
    format_ = document["nbformat"]
    if format_ < _FORMAT:
        reason = f"{path} is of nbformat {format_}, and 4 is wanted"
        raise Invalid(reason, hint=f"`jupyter nbconvert --to notebook --inplace {path}` writes it anew")
    cells = document.get("cells")
    if format_ > _FORMAT or not isinstance(cells, list):
        raise Invalid(f"{path} is a notebook of nbformat {format_}, which this mvlake cannot read", hint="save it as nbformat 4")
    language = _language(document.get("metadata"))
    if language not in ("", "python"):
        raise Invalid(
            f"{path} is a notebook of {language[:40]}, and versions are of Python", hint="name the notebook of the version"
        )
    read = (_cell(path, place, cell) for place, cell in enumerate(cells, 1))
    return NotebookFile(path.name, digest_of(data), tuple(cell for cell in read if cell is not None))


def _bytes(path: Path) -> bytes:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise Invalid(f"{path} is no file", hint="name a notebook: train.ipynb")
        if found.st_size > _LARGEST:
            reason = f"{path} has {found.st_size >> 20} MB, and {_LARGEST >> 20} are read at most"
            raise Invalid(reason, hint=f"`jupyter nbconvert --clear-output --inplace {path}` leaves the code")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, Invalid):
            raise
        said = error.strerror if isinstance(error, OSError) else error
        raise Invalid(f"{path} cannot be read: {said}", hint="name a notebook: train.ipynb") from error


def _language(metadata: Any) -> str:
    """Return the language that a notebook says, in small letters; "" where it says none."""
    told = metadata if isinstance(metadata, dict) else {}
    for place, word in (("kernelspec", "language"), ("language_info", "name")):
        found = told.get(place)
        if isinstance(found, dict) and isinstance(found.get(word), str):
            return str(found[word]).lower()
    return ""


def _cell(path: Path, place: int, cell: Any) -> FileCell | None:
    """Return a cell with code, None for another one."""
    if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str):
        raise Invalid(f"cell {place} of {path} is none", hint="open the notebook in Jupyter, and save it")
    if cell["cell_type"] != "code":
        return None
    source = cell.get("source")
    lines: list[Any] = source if isinstance(source, list) else [source]
    if not all(isinstance(line, str) for line in lines):
        raise Invalid(f"cell {place} of {path} has no text", hint="open the notebook in Jupyter, and save it")
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return FileCell(place, "".join(lines), tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ())
