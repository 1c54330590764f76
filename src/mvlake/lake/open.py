"""Open: finding a lake, or making one: at the path or URL given, at MVLAKE_LAKE, above the working directory, or at git's root."""

import contextlib
import os
import tomllib
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from shlex import quote

from mvlake.errors import Damaged, DamagedLake, FormatTooNew, LakeNotFound, TooNew
from mvlake.index.index import Index
from mvlake.lake import variables
from mvlake.lake.author import author
from mvlake.lake.guard import Guard
from mvlake.lake.parts import Parts
from mvlake.lake.progress import Tell, tell_nobody
from mvlake.lake.remote import bucket_at, keep_near
from mvlake.lake.spectator import SpectatorStore, is_spectated
from mvlake.records.digest import Digest
from mvlake.records.moment import to_text
from mvlake.records.record import FORMAT, Record
from mvlake.registry.ledger import Ledger
from mvlake.store.address import Address, address_of
from mvlake.store.contract import Store
from mvlake.store.hashing import genesis
from mvlake.store.keys import SETTINGS, record_key
from mvlake.store.local import LocalStore, make_folders
from mvlake.store.log import Log
from mvlake.store.objects import Objects

FOLDER = ".mvlake"
# A lake is for a disk or a bucket, not for git; its settings may be.
_GITIGNORE = b"/log/\n/objects/\n/index/\n/tmp/\n/trash/\n/quarantine/\n"


def find_folder(path: str | Path | None, *, environ: Mapping[str, str], cwd: Path) -> tuple[Path, bool]:
    """Return the folder of the lake that is meant, and whether it exists; DamagedLake where a disk does not let one look."""
    try:
        return _found(path, environ, cwd)
    except OSError as error:
        raise DamagedLake(error.filename or str(path), reason=error.strerror or type(error).__name__) from error


def _found(path: str | Path | None, environ: Mapping[str, str], cwd: Path) -> tuple[Path, bool]:
    named = path if path is not None else environ.get(variables.LAKE) or None
    if named is not None:
        given = _absolute(named, cwd)
        folder = given if given.name == FOLDER or (given / SETTINGS).is_file() else given / FOLDER
        return folder, (folder / SETTINGS).exists()
    for parent in (cwd, *cwd.parents):
        if (parent / FOLDER / SETTINGS).is_file():
            return parent / FOLDER, True
    for parent in (cwd, *cwd.parents):
        if (parent / ".git").exists():
            return parent / FOLDER, False
    return cwd / FOLDER, False


def open_parts(
    path: str | Path | None,
    *,
    create: bool,
    clock: Callable[[], datetime],
    settings: bytes = b"",
    makes_folders: bool = True,
    tell: Tell = tell_nobody,
) -> Parts:
    """Return the parts of the lake that is meant; LakeNotFound when there is none and none is to be made.

    `settings` are those of the lake that a new one is to be a copy of. Unless it `makes_folders`, a new lake makes no more
    than its own: a path that is mistyped further up makes none. `tell` hears how far a long log has been read.
    """
    address = address_of(path if path is not None else os.environ.get(variables.LAKE, ""))
    if address is not None:
        return parts_of(_opened_bucket(address, create=create, now=clock(), settings=settings), clock=clock, tell=tell)
    folder, exists = find_folder(path, environ=os.environ, cwd=Path.cwd())
    if not exists and not create:
        raise LakeNotFound(str(folder.parent))
    if not exists and not makes_folders and not folder.parent.is_dir() and not folder.parent.parent.is_dir():
        hint = f'`mvlake init {quote(str(folder.parent))}`, or Lake.init("…"), makes the folders and a lake in them'
        raise LakeNotFound(f"{folder.parent}, and there is no folder {folder.parent.parent}", hint=hint)
    store = SpectatorStore(folder) if exists and is_spectated(folder, os.environ) else LocalStore(folder)
    # The records first: another process may be making the lake at this moment, and settings come before records.
    if not exists and store.get(record_key(1)) is not None and store.get(SETTINGS) is None:
        raise DamagedLake(str(folder), reason="it holds records, but lake.toml is missing")
    if not exists:
        _create_folder(folder)
        create_lake(store, clock(), settings=settings)
        store.put_hint(".gitignore", _GITIGNORE)
    if is_shared(store):
        store.share()
    return parts_of(store, clock=clock, tell=tell)


def is_shared(store: Store) -> bool:
    """True when lake.toml says so: the folder's whole group is then to read and write what anybody of it has written."""
    try:
        return tomllib.loads((store.get(SETTINGS) or b"").decode("utf-8")).get("shared") is True
    except (Damaged, ValueError, RecursionError):
        return False


def _opened_bucket(address: Address, *, create: bool, now: datetime, settings: bytes) -> Store:
    """Return a bucket's store with a lake in it, of which it is known whether it can be written."""
    store = bucket_at(address, os.environ)
    if store.get(SETTINGS) is not None:
        store.probe()
        keep_near(store, read_id(store), os.environ)
        return store
    if not create:
        raise LakeNotFound(store.location)
    if store.get(record_key(1)) is not None and store.get(SETTINGS) is None:
        raise DamagedLake(store.location, reason="it holds records, but lake.toml is missing")
    create_lake(store, now, settings=settings)
    keep_near(store, read_id(store), os.environ)
    return store


def create_lake(store: Store, now: datetime, *, settings: bytes = b"") -> None:
    """Make a store a lake; when two do so at once, one of them does."""
    if settings:
        store.put_new(SETTINGS, settings)
        return
    written = f'# A lake of mvlake: docs/spec/format-v1.md says what is here.\nformat = {FORMAT}\nid = "{uuid.uuid4().hex}"\n'
    store.put_new(SETTINGS, f'{written}created_at = "{to_text(now)}"\n'.encode())


def parts_of(store: Store, *, clock: Callable[[], datetime], tell: Tell = tell_nobody) -> Parts:
    """Return the parts of the lake in a store, with its log read as far as it can be."""
    lake_id = read_id(store)

    def follow(record: Record, digest: Digest) -> None:
        ledger.follow(record, digest)
        if record.seq == log.parts()[-1].first:  # all before it lies in chapters
            objects.forget()
        for pack in record.packs:
            objects.learn(pack)

    log = Log(store, genesis=genesis(lake_id), follow=follow, tell=lambda done, size: tell("records read", done, size))
    ledger, objects = Ledger(log), Objects(store, parts=log.parts)
    # `verify` needs a damaged lake open. Every other verb reads on, meets the damage again, and says it.
    with contextlib.suppress(Damaged, TooNew):
        log.refresh()
    return Parts(lake_id, store, objects, log, ledger, Index(store, log), clock, author(), Guard(store))


def _absolute(named: str | Path, cwd: Path) -> Path:
    try:
        given = cwd / Path(named).expanduser()
    except RuntimeError as error:  # ~name of a user who is none
        raise LakeNotFound(f"{named}: {error}") from error
    if "\0" in str(given):
        raise LakeNotFound(f"{str(named)!a}, which no path can be")
    return given


def _create_folder(folder: Path) -> None:
    try:
        make_folders(folder)
    except OSError as error:
        raise LakeNotFound(f"{folder.parent}, and none can be made there: {error.strerror}") from error


def read_id(store: Store) -> str:
    """Return the id of the lake in a store; LakeNotFound, DamagedLake or FormatTooNew when there is none that can be read."""
    data = store.get(SETTINGS)
    if data is None:
        raise LakeNotFound(store.location)
    try:
        settings = tomllib.loads(data.decode("utf-8"))
        found, lake_id = settings["format"], settings["id"]
    except (ValueError, KeyError, RecursionError) as error:
        raise DamagedLake(store.location, reason=f"lake.toml: {error}") from error
    if type(found) is not int or type(lake_id) is not str:
        raise DamagedLake(store.location, reason="lake.toml: format or id is of the wrong type")
    if found < 1:
        raise DamagedLake(store.location, reason=f"lake.toml: there is no format {found}")
    if found > FORMAT:
        raise FormatTooNew(f"the lake at {store.location}", found=found, known=FORMAT)
    return lake_id
