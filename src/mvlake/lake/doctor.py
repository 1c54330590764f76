"""Doctor: what surrounds a lake: rights, file system, space, clock, settings, and libraries with known weaknesses."""

import importlib
import secrets
import shutil
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from mvlake.errors import Damaged, Invalid, MvlakeError
from mvlake.lake.folder_check import examine_folder
from mvlake.lake.marks import moment_in
from mvlake.lake.parts import Parts
from mvlake.lake.policy import read_policy
from mvlake.lake.scratch import scratch_place, sweep_scratch
from mvlake.lake.weaknesses import WEAKNESSES, installed, is_below
from mvlake.records.answers import Checkup, Examined, Health
from mvlake.store.keys import SETTINGS, STAGING
from mvlake.store.local import LocalStore

_NETWORK = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "lustre", "glusterfs", "ceph", "beegfs", "gpfs", "afs")
_LITTLE, _TOO_LITTLE = 2 << 30, 200 << 20
_SKEW = timedelta(minutes=1)
_STALE = timedelta(days=1)
_NEEDED = ("duckdb", "pyarrow")
_SETTINGS = {"format", "id", "created_at", "shared"}


def examine(parts: Parts) -> Checkup:
    """Return what is good, odd or bad about a lake's surroundings."""
    settings = _settings(parts)
    found = [*_examine_settings(settings), *_policy(parts), *_clock(parts), *_trial(parts), *_leftovers(parts)]
    if isinstance(parts.store, LocalStore):
        folder = Path(parts.store.location)
        found += [*examine_folder(folder, is_shared=settings.get("shared") is True), *_disk(folder)]
    return Checkup((*found, *_killed_replays(), *_libraries()))


def _settings(parts: Parts) -> dict[str, object]:
    return tomllib.loads((parts.store.get(SETTINGS) or b"").decode("utf-8"))


def _examine_settings(settings: dict[str, object]) -> Iterator[Examined]:
    shared = settings.get("shared", False)
    if not isinstance(shared, bool):
        do = "write `shared = true`, without quotes, or take the line out"
        yield Examined("settings", Health.BAD, f"lake.toml says shared = {shared!r}", "only true makes a lake shared", do)
    elif unknown := sorted(settings.keys() - _SETTINGS):
        why = "a slip, or of a later mvlake: this one does nothing of it"
        yield Examined("settings", Health.ODD, f"lake.toml says {unknown[0][:40]}", why, f"known: {', '.join(sorted(_SETTINGS))}")
    else:
        yield Examined("settings", Health.GOOD, f"format {settings['format']}{', shared' if shared else ''}")


def _policy(parts: Parts) -> Iterator[Examined]:
    try:
        read_policy(parts.store)
    except Invalid as error:
        yield Examined("policy", Health.BAD, error.message, "no version is made under a policy that cannot be read", error.hint)


def _clock(parts: Parts) -> Iterator[Examined]:
    try:
        parts.log.refresh()
        last = parts.log.read(parts.log.head)[0] if parts.log.head else None
    except MvlakeError as error:
        yield Examined("log", Health.BAD, error.message, "nothing can be committed on top of damage", "mvlake verify")
        return
    now, newest = parts.clock(), None if last is None else moment_in(last.at)
    if newest is not None and newest > now:
        why = "`at` answers wrongly, and nothing is collected, while the clock is behind the log"
        yield Examined(
            "clock", Health.BAD, f"it says {now:%Y-%m-%d %H:%M}, the last record {newest:%Y-%m-%d %H:%M}", why, "timedatectl"
        )
    else:
        yield Examined("clock", Health.GOOD, "not behind the last record")


def _trial(parts: Parts) -> Iterator[Examined]:
    """Write a file as commits do, with a hard link and flushes, and look at it."""
    key = f"{STAGING}doctor-{secrets.token_hex(8)}"
    try:
        parts.store.put_new(key, b"written by `mvlake doctor`")
        modified = parts.store.modified(key)
        parts.store.remove(key)
    except MvlakeError as error:
        yield Examined("writing", Health.ODD, error.message, "reading works; versions are not made", "")
        return
    yield Examined("writing", Health.GOOD, "a file can be written, flushed, linked and removed")
    now = parts.clock()
    if modified is not None and abs(modified - now) > _SKEW:
        why = "ages of files are judged wrongly: collecting waits longer, or finds files too young"
        found = f"the file system's clock differs by {abs(modified - now).total_seconds():,.0f} s"
        yield Examined("clock", Health.ODD, found, why, "set both clocks by NTP")


def _leftovers(parts: Parts) -> Iterator[Examined]:
    now, old = parts.clock(), 0
    for key in parts.store.keys(STAGING):
        try:
            modified = parts.store.modified(key)
        except (Damaged, ValueError):
            continue
        old += modified is not None and now - modified >= _STALE
    if old:
        yield Examined(
            "tmp/",
            Health.ODD,
            f"{old:,} files that are a day old",
            "writers that died left them; they take space",
            "mvlake repair --apply",
        )


def _killed_replays() -> Iterator[Examined]:
    """Remove what replays left behind that were killed, and say so."""
    swept = sweep_scratch()
    if swept:
        yield Examined("replays", Health.GOOD, f"{swept:,} scratch folders of killed replays were removed from {scratch_place()}")


def _disk(folder: Path) -> Iterator[Examined]:
    kind = _file_system(folder)
    if kind in _NETWORK:
        why = "commits are safe there, and slower; a copy that is taken while others write may lag behind"
        yield Examined("file system", Health.ODD, f"{kind}, over the network", why, "")
    elif kind:
        yield Examined("file system", Health.GOOD, kind)
    free = shutil.disk_usage(folder).free
    health = Health.BAD if free < _TOO_LITTLE else Health.ODD if free < _LITTLE else Health.GOOD
    why = "" if health is Health.GOOD else "a commit that does not fit is refused, and loses nothing"
    yield Examined("space", health, f"{free / (1 << 30):,.1f} GiB free", why, "" if health is Health.GOOD else "mvlake gc")


def _file_system(folder: Path) -> str:
    """Return the kind of file system that a folder is on, empty where the system does not tell."""
    try:
        mounts = [line.split() for line in Path("/proc/mounts").read_text("utf-8", "replace").splitlines()]
    except OSError:
        return ""
    here = folder.resolve()
    fitting = [(len(fields[1]), fields[2]) for fields in mounts if len(fields) > 2 and here.is_relative_to(fields[1])]
    return max(fitting, default=(0, ""))[1]


def _libraries() -> Iterator[Examined]:
    for library in _NEEDED:
        try:
            importlib.import_module(library)
        except Exception as error:  # noqa: BLE001 - a broken build raises whatever it likes
            why = f"questions in SQL need it ({type(error).__name__}: {error})"
            yield Examined(library, Health.BAD, "it cannot be imported", why, f"pip install --force-reinstall {library}")
    weak = False
    for one in WEAKNESSES:
        found = installed(one.library)
        if found is not None and is_below(found, one.fixed_in):
            weak = True
            why = f"{', '.join(one.advisories)}: {one.what}"
            yield Examined(
                one.library, Health.BAD, f"version {found}", why, f'pip install --upgrade "{one.library}>={one.fixed_in}"'
            )
    if not weak:
        yield Examined("libraries", Health.GOOD, "none with a known weakness")
