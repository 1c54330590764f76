"""A log in memory, which a ledger is told of one record after another."""

import pytest

from mvlake.records.environment import Author
from mvlake.records.record import Record
from mvlake.records.version import Names, Origin, Version
from mvlake.registry.ledger import Ledger
from mvlake.registry.tail import Tail
from mvlake.store.hashing import digest_of

AT = "2026-03-03T14:00:00.000000Z"


class Book:
    """Records, kept in parts; `cut` begins a new one."""

    def __init__(self):
        self.records = {}
        self.kept = (Tail(1),)
        self.reads = 0
        self.ledger = Ledger(self)

    @property
    def head(self):
        return self.kept[-1].last

    def parts(self):
        return self.kept

    def read(self, seq):
        self.reads += 1
        return self.records[seq]

    def cut(self):
        self.kept = (*self.kept, Tail(self.head + 1))

    def tell(self, body, *, at=AT, author="ana", cut=False):
        record = Record(self.head + 1, digest_of(b"before"), at, Author(author, "lab"), body)
        digest = digest_of(b"record %d" % record.seq)
        self.ledger.follow(record, digest)
        self.records[record.seq] = (record, digest)
        self.kept[-1].take(record, digest)
        if cut:
            self.cut()

    def version(self, name="fraud", number=1, parent=None, identity=b"", artifacts=()):
        identity = digest_of(identity or f"{name} {number}".encode())
        environment = digest_of(b"environment")
        self.tell(
            Version(name, number, parent, identity, Origin.CELL, (), Names(), (), (), artifacts, (), environment, None, "", AT, 1.0)
        )


@pytest.fixture
def book():
    return Book()
