"""Report: a page or an XML file that a door writes where it was told to, whole, and over nothing but an older one of its kind.

A build server writes the same file each time, so a report takes the place of the one before. Whoever mistypes a name does not lose
a notebook for it.
"""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from mvlake.errors import Invalid
from mvlake.records.canonical import Json

_STEP_SUMMARY = "GITHUB_STEP_SUMMARY"
_LARGEST = 1 << 28  # bytes of a report that is looked at
_KIND = 80  # characters at the beginning, the same in all that mvlake writes of a kind


def add_report(file: Path, text: str) -> None:
    """Write the file as a report; what GitHub Actions shows of a step is added to instead, for other commands write there too."""
    shown = os.environ.get(_STEP_SUMMARY)
    if not shown or file.absolute() != Path(shown).absolute():
        write_report(file, text)
        return
    try:
        with file.open("a", encoding="utf-8") as opened:
            opened.write(text)
    except OSError as error:
        raise Invalid(f"{file} cannot be written: {error.strerror}", hint=f"{_STEP_SUMMARY} names it: look at the job") from error


def write_report(file: Path, text: str) -> None:
    """Write the file, or replace one that begins as this one does; Invalid for any other that is there."""
    beginning = text[:_KIND].encode()
    _write(file.absolute(), text, is_older=lambda data: data[: len(beginning)] == beginning)


def write_document(file: Path, document: Json) -> None:
    """Write the file as JSON, or replace what is JSON with the same keys; Invalid for any other that is there."""
    _write(
        file.absolute(),
        json.dumps(document, indent=2, allow_nan=False) + "\n",
        is_older=lambda data: _keys(data) == _keys_of(document),
    )


def _write(file: Path, text: str, *, is_older: Callable[[bytes], bool]) -> None:
    if os.path.lexists(file) and not _may_go(file, is_older):
        raise Invalid(f"{file} is there already, and is no such report", hint="name another file; only an older report is replaced")
    staged = file.with_name(f".{file.name[:100]}.{token_hex(6)}.part")
    try:
        staged.write_text(text, encoding="utf-8")
        staged.replace(file)
    except OSError as error:
        raise Invalid(f"{file} cannot be written: {error.strerror}", hint="name a file in a folder where you may write") from error
    finally:
        with suppress(OSError):
            staged.unlink(missing_ok=True)


def _may_go(file: Path, is_older: Callable[[bytes], bool]) -> bool:
    """True for a report of ours, and for an empty file: `mktemp` makes one."""
    try:
        data = file.read_bytes() if file.is_file() and file.stat().st_size <= _LARGEST else None
    except OSError:
        return False
    return data is not None and (not data or is_older(data))


def _keys(data: bytes) -> frozenset[str] | None:
    try:
        return _keys_of(json.loads(data))
    except (ValueError, RecursionError):
        return frozenset(("no JSON",))


def _keys_of(document: Json) -> frozenset[str] | None:
    """Return the keys of an object, or of the first one in a list; None for what has none."""
    found = document[0] if isinstance(document, list) and document else document
    return frozenset(found) if isinstance(found, dict) else None
