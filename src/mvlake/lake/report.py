"""Report: a page or an XML file that a door writes where it was told to, whole, and over nothing but an older one of its kind.

A build server writes the same file each time, so a report takes the place of the one before. Whoever mistypes a name does not lose
a notebook for it.
"""

import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from mvlake.errors import Invalid

_STEP_SUMMARY = "GITHUB_STEP_SUMMARY"
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
    file = file.absolute()
    if os.path.lexists(file) and not _is_of_kind(file, text[:_KIND].encode()):
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


def _is_of_kind(file: Path, beginning: bytes) -> bool:
    """True for a report of ours, and for an empty file: `mktemp` makes one."""
    try:
        with file.open("rb") as opened:
            found = opened.read(len(beginning)) if file.is_file() else None
    except OSError:
        return False
    return found in (beginning, b"")
