"""Parts: what a use case works with. Each use case is a function that takes these, never the `Lake` itself."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from mvlake.handlers.profiling.profiles import Known
from mvlake.handlers.relatives import Relatives
from mvlake.index.index import Index
from mvlake.lake.guard import Guard
from mvlake.lake.held_memory import ceiling
from mvlake.lake.stamp import Stamp
from mvlake.records.digest import Digest
from mvlake.records.environment import Author
from mvlake.records.lineage import Portion
from mvlake.records.moment import to_text
from mvlake.records.record import Body, Record
from mvlake.registry.ledger import Ledger
from mvlake.store.contract import Store
from mvlake.store.log import Log
from mvlake.store.objects import Objects


@dataclass(frozen=True, slots=True)
class Encoded:
    """What some content was made into: the object that an artifact names, the size of it all, and the node's bytes where it is one.

    `packs` are those that came with it; `profile` is the JSON of the profile of data.
    """

    object: Digest
    size: int
    node: bytes | None = None
    packs: tuple[Digest, ...] = ()
    profile: bytes | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """The store and what has been read from it, the clock, and who is writing.

    `encoded` tells what this process itself made of some content, by handler, protocol and fingerprint; `nodes` which node it made
    of a part of some content, such as a column, and how large that is, by the fingerprint of the part; `files` what files
    contain that it has read, by their stamps; `portions` how much of one content it found in another; `relatives` are the frames
    of its last versions, `profiles` what columns are like. `guard` keeps secrets out of all that is written.
    """

    lake_id: str
    store: Store
    objects: Objects
    log: Log
    ledger: Ledger
    index: Index
    clock: Callable[[], datetime]
    author: Author
    guard: Guard
    profiles: Known = field(default_factory=dict)
    encoded: dict[tuple[str, int, Digest], Encoded] = field(default_factory=dict)
    nodes: dict[Digest, tuple[Digest, int]] = field(default_factory=dict)
    files: dict[Stamp, Digest] = field(default_factory=dict)
    portions: dict[tuple[Digest, Digest], Portion] = field(default_factory=dict)
    relatives: Relatives = field(default_factory=lambda: Relatives(limit=ceiling() // 2))

    def record(self, seq: int, prev: Digest, body: Body, *, packs: tuple[Digest, ...] = ()) -> Record:
        """Return a record of now; what it says has passed the guard."""
        return Record(seq=seq, prev=prev, at=to_text(self.clock()), by=self.author, body=self.guard.body(body), packs=packs)

    def append(self, body: Body) -> Record:
        """Commit a record that brings no objects, and return it."""
        return self.log.append(lambda seq, prev: self.record(seq, prev, body))[0]
