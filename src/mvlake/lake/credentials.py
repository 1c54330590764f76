"""Credentials: the files of the user's own in which programs keep secrets. They are read to be kept out of a lake."""

from collections.abc import Iterator
from pathlib import Path

from mvlake.redaction.credential_files import FILES, MOST, PROJECT_FILES, secrets_of


def own_secrets(home: Path, project: Path) -> Iterator[tuple[str, str]]:
    """Yield (name, value) of what the files of a home folder, a project's folder and those above it keep secret."""
    for place in FILES:
        yield from _secrets(home / place, place)
    for folder in (project, *project.parents):
        for place in PROJECT_FILES:
            yield from _secrets(folder / place, place)
        if (folder / ".git").exists() or folder == home:
            return


def _secrets(path: Path, place: str) -> Iterator[tuple[str, str]]:
    try:
        if path.is_file() and path.stat().st_size <= MOST:
            yield from secrets_of(place, path.read_text(encoding="utf-8", errors="replace"))
    except OSError:  # not ours to read, or gone
        return
