"""Folder check: what a lake's folder looks like to everybody who shares it: owners, rights, links that do not belong there."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from mvlake.records.answers import Examined, Health

_MOST = 200_000  # files looked at: a lake of millions is judged by its first ones


@dataclass(slots=True)
class _Seen:
    """What a walk through the folder has seen; of each oddity the first path."""

    owners: set[int] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    odd_files: list[str] = field(default_factory=list)
    open_to_all: list[str] = field(default_factory=list)
    closed_to_me: list[str] = field(default_factory=list)
    closed_to_group: list[str] = field(default_factory=list)
    several_names: list[str] = field(default_factory=list)


def examine_folder(folder: Path, *, is_shared: bool) -> list[Examined]:
    """Return what is right and wrong with the files of a lake."""
    seen = _Seen()
    for place, (path, status) in enumerate(_walk(folder)):
        if place >= _MOST:
            break
        _look(seen, path, status, is_shared=is_shared)
    found = [*_planted(seen, folder), *_rights(seen, folder), *_sharing(seen, folder, is_shared=is_shared)]
    return found or [Examined("files", Health.GOOD, "owners and rights are as they should be")]


def _walk(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    yield folder, folder.stat()
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(parent) / name
            try:
                yield path, path.lstat()
            except OSError:  # gone meanwhile
                continue


def _look(seen: _Seen, path: Path, status: os.stat_result, *, is_shared: bool) -> None:
    name, mode = str(path), status.st_mode
    seen.owners.add(status.st_uid)
    if stat.S_ISLNK(mode):
        seen.links.append(name)
        return
    is_folder = stat.S_ISDIR(mode)
    if not is_folder and not stat.S_ISREG(mode):
        seen.odd_files.append(name)
        return
    if mode & stat.S_IWOTH:
        seen.open_to_all.append(name)
    if not os.access(path, os.R_OK | (os.X_OK if is_folder else 0)):
        seen.closed_to_me.append(name)
    group = stat.S_IRGRP | ((stat.S_IWGRP | stat.S_IXGRP | stat.S_ISGID) if is_folder else 0)
    if is_shared and mode & group != group:
        seen.closed_to_group.append(name)
    if not is_folder and status.st_nlink > 1 and path.parent.name != "tmp":
        seen.several_names.append(name)


def _planted(seen: _Seen, folder: Path) -> Iterator[Examined]:
    if seen.links:
        why = "mvlake follows no link in a lake, for it could lead out of it: what lies behind it is not read"
        yield Examined("links", Health.BAD, _named(seen.links), why, f"find {folder} -type l")
    if seen.odd_files:
        yield Examined(
            "files",
            Health.BAD,
            f"no regular files: {_named(seen.odd_files)}",
            "mvlake makes none",
            f"find {folder} ! -type f ! -type d",
        )
    if seen.several_names:
        why = "a file with a second name outside of the lake can be changed from there; `verify --data` would tell"
        yield Examined("hard links", Health.ODD, _named(seen.several_names), why, f"find {folder} -type f -links +1")


def _rights(seen: _Seen, folder: Path) -> Iterator[Examined]:
    if seen.open_to_all:
        why = "anybody on this machine can write there"
        yield Examined("rights", Health.BAD, _named(seen.open_to_all), why, f"chmod -R o-w {folder}")
    if seen.closed_to_me:
        why = "what cannot be read is taken for damage"
        yield Examined(
            "rights", Health.BAD, f"you may not read {_named(seen.closed_to_me)}", why, f"ask its owner: chmod -R a+rX {folder}"
        )
    if not os.access(folder, os.W_OK):
        yield Examined("rights", Health.ODD, "you may not write to this lake", "reading works; versions are not made", "")


def _sharing(seen: _Seen, folder: Path, *, is_shared: bool) -> Iterator[Examined]:
    if seen.closed_to_group:
        why = "lake.toml says `shared = true`, but others of the group cannot use what a private umask has written"
        do = f"chmod -R g+rX {folder} && find {folder} -type d -exec chmod 2775 {{}} +"
        yield Examined("sharing", Health.BAD, _named(seen.closed_to_group), why, do)
    if not is_shared and len(seen.owners) > 1:
        why = "with a private umask, what one of them writes the others cannot read"
        yield Examined(
            "sharing", Health.ODD, f"files of {len(seen.owners)} users", why, f"add `shared = true` to {folder / 'lake.toml'}"
        )


def _named(paths: list[str]) -> str:
    more = len(paths) - 1
    return paths[0] + (f" and {more:,} more" if more else "")
