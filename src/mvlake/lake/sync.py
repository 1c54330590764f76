"""Sync: two copies of one lake, of which one is brought up to the other. `push` sends, `pull` fetches, `sync` does what is due."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from mvlake.errors import Conflict, LakeNotFound, Refused
from mvlake.lake.derived import bring_index
from mvlake.lake.open import open_parts, parts_of
from mvlake.lake.parts import Parts
from mvlake.lake.progress import Tell
from mvlake.lake.transfer import Brought, Transfer, ahead
from mvlake.records.answers import Synced, Way
from mvlake.store.keys import SETTINGS
from mvlake.store.memory import MemoryStore


def push(parts: Parts, to: str, *, dry_run: bool, tell: Tell) -> Synced:
    """Bring a copy up to this lake; one that is not there is made. Conflict when it has records that this lake has not."""
    there = _other(parts, to, may_make=True, dry_run=dry_run)
    if ahead(parts, there) == 0 and there.log.head > parts.log.head:
        extra = there.log.head - parts.log.head
        raise Conflict(f"{there.store.location} has {extra} records more than this lake; nothing was sent", hint=f"`pull {to}`")
    return _sent(parts, there, to, dry_run=dry_run, tell=tell)


def pull(parts: Parts, source: str, *, dry_run: bool, tell: Tell) -> Synced:
    """Bring this lake up to a copy of it. Conflict when this lake has records that the copy has not."""
    there = _other(parts, source, may_make=False, dry_run=dry_run)
    if ahead(there, parts) == 0 and parts.log.head > there.log.head:
        extra = parts.log.head - there.log.head
        raise Conflict(
            f"this lake has {extra} records more than {there.store.location}; nothing was fetched", hint=f"`push {source}`"
        )
    return _fetched(parts, there, dry_run=dry_run, tell=tell)


def sync(parts: Parts, other: str, *, dry_run: bool, tell: Tell) -> Synced:
    """Bring the copy that is behind up to the other. Conflict when each has records that the other has not."""
    there = _other(parts, other, may_make=True, dry_run=dry_run)
    if ahead(there, parts) > 0:
        return _fetched(parts, there, dry_run=dry_run, tell=tell)
    return _sent(parts, there, other, dry_run=dry_run, tell=tell)


def copy(source: str, path: str | Path | None, *, clock: Callable[[], datetime], tell: Tell) -> Parts:
    """Return the copy, in a folder or a bucket, of a lake that lies elsewhere; make it, with the same id, where there is none."""
    there = open_parts(source, create=False, clock=clock)
    there.log.refresh()
    here = open_parts(path, create=True, clock=clock, settings=there.store.get(SETTINGS) or b"")
    _check_same(here, there)
    here.log.refresh()
    if ahead(there, here):
        _fetched(here, there, dry_run=False, tell=tell)
    return here


def _sent(parts: Parts, there: Parts, to: str, *, dry_run: bool, tell: Tell) -> Synced:
    before = there.log.head
    brought = Transfer(parts, there, near=parts, is_dry=dry_run, tell=tell).run()
    if brought.records and not dry_run:
        bring_index(parts.store, there.store, last=parts.log.head)
    location = to if isinstance(there.store, MemoryStore) else there.store.location
    return _answer(Way.PUSHED, location, before, brought, is_applied=not dry_run)


def _fetched(parts: Parts, there: Parts, *, dry_run: bool, tell: Tell) -> Synced:
    before = parts.log.head
    near = there if dry_run else parts
    brought = Transfer(there, parts, near=near, is_dry=dry_run, tell=tell).run()
    parts.log.refresh()
    return _answer(Way.PULLED, there.store.location, before, brought, is_applied=not dry_run)


def _answer(way: Way, place: str, before: int, brought: Brought, *, is_applied: bool) -> Synced:
    head = before + brought.records
    return Synced(way, place, is_applied, head, brought.records, brought.files, brought.size, tuple(brought.gone))


def _other(parts: Parts, place: str, *, may_make: bool, dry_run: bool) -> Parts:
    """Return the other copy, read to its end; Refused when another lake lies there, or this very one."""
    parts.log.refresh()
    settings = parts.store.get(SETTINGS) or b""
    there = None
    with suppress(LakeNotFound):
        there = open_parts(place, create=False, clock=parts.clock)
    if there is None:
        if not may_make:
            raise LakeNotFound(place)
        there = _nothing(parts, settings) if dry_run else open_parts(place, create=True, clock=parts.clock, settings=settings)
    _check_same(parts, there)
    there.log.refresh()
    return there


def _nothing(parts: Parts, settings: bytes) -> Parts:
    """Return a lake with nothing in it, to count against."""
    store = MemoryStore()
    store.put_new(SETTINGS, settings)
    return parts_of(store, clock=parts.clock)


def _check_same(parts: Parts, there: Parts) -> None:
    """Raise Refused unless these are two copies of one lake."""
    if there.lake_id != parts.lake_id:
        raise Refused(
            f"another lake lies at {there.store.location}: its id is {there.lake_id[:8]}…, this one's is {parts.lake_id[:8]}…",
            hint=f"an empty place takes a copy of this lake; `init PATH --source {there.store.location}` makes a copy of that one",
        )
    if there.store.location == parts.store.location:
        raise Refused(f"{there.store.location} is this lake itself", hint="name another folder, or s3://bucket/folder")
