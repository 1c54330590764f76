"""A log of real records and a shelf for derived files, both in memory."""

from collections.abc import Callable, Iterator

import pytest
from blake3 import blake3

from mvlake.records.artifact import Artifact, Role
from mvlake.records.digest import Digest
from mvlake.records.environment import Author, Git
from mvlake.records.facts import Metric, MetricSource, Param, ParamSource
from mvlake.records.record import Body, Record, read_record, record_bytes
from mvlake.records.version import Cell, Names, Origin, Version


def digest_of(text: object) -> Digest:
    return Digest.of_hash(blake3(str(text).encode()).digest())


class Log:
    """Records as the bytes that would lie on disk; `reads` counts."""

    def __init__(self, salt: str = "") -> None:
        self.lines: list[bytes] = []
        self.salt = salt
        self.reads = 0

    def append(self, body: Body, *, at: str = "") -> int:
        seq = len(self.lines) + 1
        prev = digest_of(self.salt) if seq == 1 else Digest.of_hash(blake3(self.lines[-1]).digest())
        at = at or f"2026-03-03T14:{seq // 60 % 60:02d}:{seq % 60:02d}.000000Z"
        self.lines.append(record_bytes(Record(seq=seq, prev=prev, at=at, by=Author("ana", "lab"), body=body)))
        return seq

    @property
    def head(self) -> int:
        return len(self.lines)

    def read(self, seq: int) -> tuple[Record, Digest]:
        self.reads += 1
        data = self.lines[seq - 1]
        return read_record(data, seq), Digest.of_hash(blake3(data).digest())


class Shelf(dict[str, bytes]):
    """Derived files by key."""

    def put_hint(self, key: str, data: bytes) -> None:
        self[key] = data

    def remove_hint(self, key: str) -> None:
        self.pop(key, None)

    def keys(self, prefix: str = "") -> Iterator[str]:
        return iter([key for key in dict.keys(self) if key.startswith(prefix)])


def make_version(number: int = 1, name: str = "fraud", **changes: object) -> Version:
    fields: dict[str, object] = {
        "name": name,
        "number": number,
        "parent": number - 1 or None,
        "identity": digest_of(f"identity {name} {number}"),
        "origin": Origin.CELL,
        "cells": (Cell(source=digest_of("code"), is_tracked=True),),
        "names": Names(),
        "params": (Param("depth", number % 7, ParamSource.LITERAL),),
        "metrics": (Metric("auc", 0.5 + number % 10 / 20 + 0.001, MetricSource.FUNCTION, "roc_auc_score"),),
        "artifacts": (
            Artifact(Role.INPUT, "df", "pandas", 1, digest_of(number % 3), digest_of(("bytes", number % 3)), 100, digest_of("s")),
        ),
        "omitted": (),
        "environment": digest_of("environment"),
        "git": Git(commit="c0ffee", branch="main", is_dirty=True),
        "notebook": "fraud.ipynb",
        "started_at": "2026-03-03T13:59:59.000000Z",
        "duration": 1.5,
    }
    return Version(**(fields | changes))


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture(scope="session")
def new_log() -> Callable[[str], Log]:
    return Log


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture(scope="session")
def new_version() -> Callable[..., Version]:
    return make_version
