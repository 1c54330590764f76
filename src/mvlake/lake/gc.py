"""Collecting: files that nothing reaches are marked, then moved to the trash, then removed, with a grace before each.

Nothing happens unless it is said, and all of it is shown first. A pack stays while anything in it is reached; with `repack` what is
reached goes into a new one, and nothing reaches the old one from then on. Right before a file is touched the log is read to its
end, and once more after it was moved: whoever commits meanwhile looks after its record, and one of the two sees the other
(docs/design/0017).
"""

from datetime import datetime, timedelta

from mvlake.errors import Refused
from mvlake.lake.inventory import Inventory
from mvlake.lake.marks import Marks, moment_in
from mvlake.lake.parts import Parts
from mvlake.lake.progress import Tell, tell_nobody
from mvlake.lake.repack import repack as rewrite
from mvlake.lake.scratch import sweep_scratch
from mvlake.lake.span import parse_span
from mvlake.lake.verify import verify_parts
from mvlake.records.answers import Collectable, Collection, Step
from mvlake.records.digest import Digest
from mvlake.records.moment import to_text
from mvlake.store.keys import STAGING, TRASH, pack_key

_SHORTEST = timedelta(days=1)
_STALE = timedelta(days=1)  # a file in tmp/ that is older is rubbish


def collect(parts: Parts, *, apply: bool, grace: str, hasty: bool, repack: bool = False, tell: Tell = tell_nobody) -> Collection:
    """Return what is collected with `apply`, or else would be; `repack` also writes packs anew that hold what nothing reaches.

    Refused for a grace under a day unless `hasty` is said, on a lake that is not whole, when the log has records that this mvlake
    does not understand, and when the clock is behind the log's.
    """
    sweep_scratch()  # of no lake, and nobody's any more
    span = parse_span(grace)
    if span < _SHORTEST and not hasty:
        raise Refused(f"a grace of {grace}", hint="at least 24h; `gc --hasty` allows less, when nobody else writes to this lake")
    findings = verify_parts(parts, tell=tell)
    if not findings.is_clean:
        raise Refused(
            f"nothing is collected of a lake with {len(findings.problems)} problems", hint="`verify` names them, `repair` helps"
        )
    inventory = Inventory(parts.store, parts.lake_id)
    now = parts.clock()  # after the log was read: what others write meanwhile is not from the future
    _check_fit(inventory, now)
    return _Collector(parts, inventory, now, span, is_applied=apply, repacks=repack).collect(grace, tell)


def _check_fit(inventory: Inventory, now: datetime) -> None:
    survey = inventory.survey
    if survey.unknown_kinds:
        kinds = ", ".join(sorted(survey.unknown_kinds))
        raise Refused(
            f"this lake has records of kinds that this mvlake does not know: {kinds}", hint="pip install --upgrade mvlake"
        )
    if to_text(now) < survey.newest_at:
        raise Refused(
            f"the clock says {to_text(now)}, but a record was written at {survey.newest_at}", hint="set the clock: `doctor`"
        )


class _Collector:
    """One collection."""

    def __init__(
        self, parts: Parts, inventory: Inventory, now: datetime, grace: timedelta, *, is_applied: bool, repacks: bool
    ) -> None:
        self._parts, self._store, self._inventory = parts, parts.store, inventory
        self._now, self._grace, self._is_applied, self._repacks = now, grace, is_applied, repacks
        self._marks = Marks(parts.store)
        self._files: list[Collectable] = []

    def collect(self, grace: str, tell: Tell) -> Collection:
        """Do, or plan, every step that is due."""
        trashed = list(self._inventory.files(TRASH))
        for done, (key, digest) in enumerate(trashed):
            tell("trash", done, len(trashed))
            self._look_at_trash(key, digest)
        remarks = self._repack()
        files = [(key, digest) for key, digest in self._inventory.files() if not self._inventory.is_reached(key, digest)]
        for done, (key, digest) in enumerate(files):
            tell("files", done, len(files))
            self._look_at(key, digest)
        if self._is_applied:
            self._marks.keep({key for key, _ in files} | {f"{TRASH}{key}" for key, _ in (*files, *trashed)})
            self._marks.write()
            self._parts.objects.look_anew()
        self._sweep()
        kept = sum(self._inventory.mixed().values())
        remarks += [f"{key} is no object, and left alone" for key in self._inventory.strangers()]
        return Collection(self._is_applied, grace, tuple(self._files), kept, self._inventory.reached, tuple(remarks))

    def _repack(self) -> list[str]:
        """Write packs anew that hold what nothing reaches besides; the old ones are marked with what else nothing reaches."""
        mixed = self._inventory.mixed() if self._repacks else {}
        for pack, size in mixed.items():
            key = pack_key(pack)
            self._files.append(Collectable(key, size, self._inventory.owners(key)[0], Step.REWRITE))
        return rewrite(self._parts, self._inventory, list(mixed)) if mixed and self._is_applied else []

    def _look_at_trash(self, key: str, digest: Digest) -> None:
        """Put back what something reaches, and remove what has been in the trash for the grace."""
        place = f"{TRASH}{key}"
        if self._inventory.is_reached(key, digest):
            self._say(place, key, Step.RESTORE)
            if self._is_applied:
                self._put_back(key)
        elif self._is_due(place, key):
            if self._is_applied:
                self._inventory.follow()
                if self._inventory.is_reached(key, digest):
                    self._put_back(key)
                    return
            self._say(place, key, Step.REMOVE)
            if self._is_applied:
                self._store.remove(place)
                self._marks.drop(place)
        else:
            self._wait(place, key)

    def _look_at(self, key: str, digest: Digest) -> None:
        """Move to the trash what has been marked for the grace, and mark what is not."""
        if not self._is_due(key, key):
            self._wait(key, key)
            return
        if self._is_applied:
            self._inventory.follow()
            if self._inventory.is_reached(key, digest):
                return
        self._say(key, key, Step.MOVE)
        if self._is_applied and self._store.move(key, f"{TRASH}{key}"):
            self._marks.drop(key)
            self._marks.mark(f"{TRASH}{key}", self._now)
            self._inventory.follow()
            if self._inventory.is_reached(key, digest):
                self._put_back(key)

    def _put_back(self, key: str) -> None:
        self._store.move(f"{TRASH}{key}", key)
        self._marks.drop(f"{TRASH}{key}")

    def _wait(self, place: str, key: str) -> None:
        since = self._marks.since(place)
        self._say(place, key, Step.MARK if since is None else Step.WAIT)
        if since is None and self._is_applied:
            self._marks.mark(place, self._now)

    def _is_due(self, place: str, key: str) -> bool:
        due = self._due(place, key)
        return due is not None and due <= self._now

    def _due(self, place: str, key: str) -> datetime | None:
        """Return when the next step with a file may be taken, None while it is not marked.

        The grace begins with whatever came last: the mark, the writing of the file, the forgetting of a version whose it was.
        """
        since = self._marks.since(place)
        if since is None:
            return None
        modified, forgotten = self._store.modified(place), moment_in(self._inventory.owners(key)[1])
        return max(moment for moment in (since, modified, forgotten) if moment is not None) + self._grace

    def _say(self, place: str, key: str, step: Step) -> None:
        due = self._due(place, key) if step is Step.WAIT else self._now + self._grace if step is Step.MARK else None
        size = self._store.size(place) or 0
        self._files.append(Collectable(place, size, self._inventory.owners(key)[0], step, to_text(due) if due else ""))

    def _sweep(self) -> None:
        """Remove what writers that died left in tmp/."""
        for key in list(self._store.keys(STAGING)):
            modified = self._store.modified(key)
            if modified is not None and self._now - modified >= _STALE:
                self._files.append(Collectable(key, self._store.size(key) or 0, (), Step.SWEEP))
                if self._is_applied:
                    self._store.remove(key)
