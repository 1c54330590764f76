"""Ledger: the state that follows from the log so far. Names, versions, numbers, labels, remarks are questions to it.

It is a fold: records go in, in order, once each. It never reads the world, and can be thrown away at any time.
A thread may ask while another one follows the log: what is asked is copied at once, and nothing known ever goes away.
"""

from dataclasses import dataclass, field

from mvlake.errors import AmbiguousRef, DamagedRecord, LabelNotFound, VersionNotFound
from mvlake.records.answers import Entry, Remark, Replay
from mvlake.records.digest import Digest
from mvlake.records.events import Attempt, Confirmation, LabelMove, Note, Replayed, Tag
from mvlake.records.record import Record
from mvlake.records.ref import Ref
from mvlake.records.version import Version
from mvlake.registry.labels import LabelHistory


@dataclass(slots=True)
class _Page:
    """What the log says of one version."""

    version: Version
    seq: int
    digest: Digest
    created_at: str
    author: str
    tags: list[str] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)
    replays: list[Replay] = field(default_factory=list)
    confirmations: int = 0


class Ledger:
    """All versions by name and number, and what was said of them since."""

    def __init__(self) -> None:
        self.labels = LabelHistory()
        self._pages: dict[str, list[_Page]] = {}  # by name; version n stands at n - 1
        self._attempts: list[tuple[Attempt, str, int]] = []
        self._identities: dict[tuple[str, Digest], int] = {}

    def take(self, record: Record, digest: Digest) -> None:
        """Follow one more record."""
        body, author = record.body, record.by.user
        if isinstance(body, Version):
            self._take_version(_Page(body, record.seq, digest, record.at, author))
        elif isinstance(body, Attempt):
            self._attempts.append((body, record.at, record.seq))
        elif isinstance(body, LabelMove):
            self.labels.take(body, record.at, author)
        elif isinstance(body, Confirmation | Note | Tag | Replayed):
            page = self._page(body.name, body.number)
            if page is not None:
                _remark(page, body, record.at, author)

    def names(self) -> tuple[str, ...]:
        """Return the names that have versions, the latest used last."""
        return tuple(sorted(self._pages, key=lambda name: self._pages[name][-1].seq))

    def count(self, name: str) -> int:
        """Return how many versions a name has; they are numbered 1 to this."""
        return len(self._pages.get(name, ()))

    def entry(self, name: str, number: int) -> Entry:
        """Return one version; VersionNotFound when there is none."""
        page = self._page(name, number)
        if page is None:
            raise VersionNotFound(f"{name}:v{number}", existing=self._existing(name))
        held = self.labels.current(name)
        return Entry(
            version=page.version,
            seq=page.seq,
            digest=page.digest,
            created_at=page.created_at,
            author=page.author,
            labels=tuple(sorted(label for label, at in held.items() if at == number)),
            tags=tuple(page.tags),
            notes=tuple(page.notes),
            replays=tuple(page.replays),
            confirmations=page.confirmations,
        )

    def entries(self, name: str | None = None) -> tuple[Entry, ...]:
        """Return all versions, or those of one name, newest first."""
        names = list(self._pages) if name is None else [name]
        pages = sorted((page for one in names for page in self._pages.get(one, ())), key=lambda page: -page.seq)
        return tuple(self.entry(page.version.name, page.version.number) for page in pages)

    def attempts(self, name: str | None = None) -> tuple[tuple[Attempt, str, int], ...]:
        """Return executions that raised, newest first, with when and the number of the record."""
        return tuple(one for one in reversed(self._attempts) if name is None or one[0].name == name)

    def find(self, ref: Ref) -> Entry:
        """Return the version that a ref names; NotFound or Ambiguous, with what exists, when it names none or several."""
        entry = self._by_digest(ref.digest) if ref.digest else self._by_name(ref)
        for _ in range(ref.back):
            parent = entry.version.parent
            if parent is None:
                raise VersionNotFound(str(ref), existing=self._existing(entry.version.name), wanted=f"{entry.ref} has no parent")
            entry = self.entry(entry.version.name, parent)
        return entry

    def same_as(self, name: str, identity: Digest) -> Version | None:
        """Return the version of this name with this identity, if there is one."""
        number = self._identities.get((name, identity))
        return None if number is None else self.entry(name, number).version

    def _take_version(self, page: _Page) -> None:
        version = page.version
        if version.number != self.count(version.name) + 1:
            raise DamagedRecord(page.seq, reason=f"it says {version.ref}, which does not follow v{self.count(version.name)}")
        if version.name in self._pages:
            self._pages[version.name].append(page)
        else:
            self._pages[version.name] = [page]
        self._identities.setdefault((version.name, version.identity), version.number)

    def _page(self, name: str, number: int) -> _Page | None:
        pages = self._pages.get(name, [])
        return pages[number - 1] if 1 <= number <= len(pages) else None

    def _by_name(self, ref: Ref) -> Entry:
        if ref.label:
            return self._by_label(ref)
        if not ref.name:
            raise VersionNotFound(str(ref), existing=self.names(), wanted="say of which name")
        count = self.count(ref.name)
        if not count:
            raise VersionNotFound(str(ref), existing=self.names(), wanted=f'nothing is named "{ref.name}"')
        return self.entry(ref.name, count if ref.number is None else ref.number)

    def _by_label(self, ref: Ref) -> Entry:
        if ref.name:
            names = [ref.name]
            if not self.count(ref.name):
                raise VersionNotFound(str(ref), existing=self.names(), wanted=f'nothing is named "{ref.name}"')
        else:
            names = [name for name in self.names() if ref.label in self.labels.current(name)]
        if len(names) > 1:
            raise AmbiguousRef(str(ref), candidates=[f"{name}@{ref.label}" for name in names])
        held = self.labels.current(names[0]) if names else {}
        if ref.label not in held:
            known = held or {label: 0 for name in self.names() for label in self.labels.current(name)}
            raise LabelNotFound(names[0] if names else "this lake", ref.label, existing=sorted(known))
        return self.entry(names[0], held[ref.label])

    def _by_digest(self, prefix: str) -> Entry:
        found = [page for pages in list(self._pages.values()) for page in pages if page.digest.startswith(prefix)]
        if not found:
            raise VersionNotFound(prefix, existing=self.names(), wanted="no version's record has this digest")
        if len(found) > 1:
            raise AmbiguousRef(prefix, candidates=[f"{page.version.ref} {page.digest.short}" for page in found])
        return self.entry(found[0].version.name, found[0].version.number)

    def _existing(self, name: str) -> tuple[str, ...]:
        count = self.count(name)
        return tuple(f"{name}:v{number}" for number in range(count, 0, -1)) if count else self.names()


def _remark(page: _Page, body: Confirmation | Note | Tag | Replayed, at: str, author: str) -> None:
    if isinstance(body, Confirmation):
        page.confirmations += 1
    elif isinstance(body, Note):
        page.notes.append(Remark(body.text, at, author))
    elif isinstance(body, Replayed):
        page.replays.append(Replay(body, at, author))
    elif body.is_removed:
        page.tags = [tag for tag in page.tags if tag != body.tag]
    elif body.tag not in page.tags:
        page.tags.append(body.tag)
