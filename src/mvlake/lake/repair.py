"""Repair: what is damaged is set aside, and whole copies are put in its place. Nothing is deleted, and no record is written again.

A whole copy is looked for in the trash, in other packs of the lake, in what is still readable of a damaged pack, and in a copy of
the lake that the user names. What nobody has is said.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from mvlake.errors import Damaged, MissingObject, Refused, TooNew
from mvlake.lake.check import Check, Depth
from mvlake.lake.open import open_parts
from mvlake.lake.parts import Parts
from mvlake.lake.progress import Tell, tell_nobody
from mvlake.lake.repair_log import mend_log
from mvlake.lake.repair_objects import Mender
from mvlake.lake.verify import check_lake
from mvlake.records.answers import Finding, Mended, Mending
from mvlake.store.contract import Store
from mvlake.store.keys import STAGING

_STALE = timedelta(days=1)
_WHOLE = Depth(1.0)


def repair(parts: Parts, *, apply: bool, source: str | Path | None, accept: bool, tell: Tell = tell_nobody) -> Mended:
    """Return what is mended with `apply`, or else would be, and what nothing here can; Refused for a source that is no copy."""
    return mend(parts, None if source is None else _copy_at(parts, source), apply=apply, accept=accept, tell=tell)


def mend(parts: Parts, copy: Store | None, *, apply: bool, accept: bool = False, tell: Tell = tell_nobody) -> Mended:
    """Mend a lake with what it has itself, and with what a copy of it has."""
    done: list[Mending] = []

    def act(subject: str, what: str, do: Callable[[], object]) -> None:
        done.append(Mending(subject, what))
        if apply:
            do()

    check = _checked(parts, tell)
    if (copy is not None or not check.log_is_whole) and mend_log(parts, copy, act, accept=accept) and apply:
        check = _checked(parts, tell)
    mender = Mender(check, copy, act)
    mender.mend()
    _sweep(parts, act)
    if apply and done:
        left = tuple(_checked(parts, tell).problems)
    else:
        lost = (Finding(MissingObject.code, f"{one} ({check.wanted[one]})", "nobody has a whole copy") for one in mender.lost)
        mended = {one.subject for one in done}
        damaged = (one for one in check.problems if one.subject.startswith("record"))
        records = (one for one in damaged if f"record {one.subject.split()[1]}" not in mended)
        left = (*records, *lost)
    return Mended(apply, tuple(done), left)


def _copy_at(parts: Parts, source: str | Path) -> Store:
    copy = open_parts(source, create=False, clock=parts.clock)
    if copy.lake_id != parts.lake_id:
        raise Refused(
            f"the lake at {copy.store.location} is another lake, and no copy of {parts.store.location}",
            hint="name a backup, or what `push` or `init --source` made of this lake",
        )
    return copy.store


def _checked(parts: Parts, tell: Tell) -> Check:
    check = Check(parts.store, _WHOLE, tell)
    check_lake(check, parts.lake_id)
    return check


def _sweep(parts: Parts, act: Callable[[str, str, Callable[[], object]], None]) -> None:
    """Remove what writers that died left in tmp/ a day ago and more."""
    now = parts.clock()
    for key in list(parts.store.keys(STAGING)):
        try:
            modified = parts.store.modified(key)
        except (Damaged, TooNew):
            continue
        if modified is not None and now - modified >= _STALE:
            act(key, "a leftover of a writer that died: removed", lambda key=key: parts.store.remove(key))  # type: ignore[misc]
