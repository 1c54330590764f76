"""What tests fill lakes with: drafts as capture makes them, and records as a stranger might write them by hand."""

import gc
import json
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from mvlake.lake.lake import Lake
from mvlake.lake.open import create_lake, read_id
from mvlake.records.artifact import DraftArtifact, Omission, Role
from mvlake.records.canonical import canonical
from mvlake.records.described import Described
from mvlake.records.draft import Draft, DraftCell, FailedDraft
from mvlake.records.environment import Environment, Git
from mvlake.records.facts import Metric, MetricSource, Param, ParamSource
from mvlake.records.moment import to_text
from mvlake.records.plain import to_plain
from mvlake.records.version import Names, Origin, Version
from mvlake.store.contract import Store
from mvlake.store.hashing import digest_of, genesis
from mvlake.store.keys import record_key
from mvlake.store.objects import Objects
from mvlake.store.seal import seal

# Where no small build of torch exists for this Python (see pyproject.toml) it is not installed, and its handler cannot be tried.
collect_ignore = [] if find_spec("torch") else ["contract/test_torch_handler.py", "unit/handlers_models/test_sklearn_walk.py"]

# How long an example takes is the machine's affair, and says nothing of the code.
settings.register_profile("mvlake", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("mvlake")

# Tests fork writers off this process, whose native libraries (DuckDB, Arrow, torch) have threads that a child does not inherit: were
# their objects collected there, they would wait for, or trip over, what is gone.
os.register_at_fork(after_in_child=gc.disable)

# A shell tells what it starts in the background to ignore interrupts, and nohup to stay when it hangs up: the processes to which tests send
# these signals would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what forks first, while this process has as few threads as it ever will."""
    items.sort(key=lambda item: item.get_closest_marker("forks") is None)


@pytest.fixture(scope="session", autouse=True)
def user_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What a user has made is remembered in their home; that of the tests is a folder of theirs, also for every process they start."""
    folder = tmp_path_factory.mktemp("state")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder))
        yield folder


AT = "2026-03-03T14:00:00.000000Z"


def make_draft(
    lake: Lake,
    name: str = "fraud",
    *,
    source: str = "model = fit(df)",
    params: Mapping[str, Any] | None = None,
    metrics: Mapping[str, Any] | None = None,
    parent: int | None = None,
    message: str = "",
    **artifacts: Mapping[str, Any],
) -> Draft:
    """Return a draft. `artifacts` are objects by name, by role: `outputs={"x": 1}`, `inputs=`, `models=`, `figures=`."""
    kept = [
        lake.preserve(Role(role.removesuffix("s")), one, obj) for role, objects in artifacts.items() for one, obj in objects.items()
    ]
    return Draft(
        name=name,
        parent=lake.latest(name) if parent is None else parent,
        origin=Origin.CELL,
        cells=(DraftCell("df = read()", 1), DraftCell(f"%%track {name}\n{source}", 2, is_tracked=True)),
        names=Names(read=("df",), bound=("model",)),
        params=tuple(Param(one, to_plain(value), ParamSource.LITERAL) for one, value in (params or {}).items()),
        metrics=tuple(Metric(one, to_plain(value), MetricSource.COMPUTED) for one, value in (metrics or {}).items()),
        artifacts=tuple(one for one in kept if isinstance(one, DraftArtifact)),
        omitted=tuple(one for one in kept if isinstance(one, Omission)),
        described=tuple(one for one in kept if isinstance(one, Described)),
        environment=Environment("3.11.9", "CPython", "Linux", "x86_64", "cpu", 2, {"numpy": "2.4.0"}),
        git=Git(commit="c0ffee", branch="main"),
        notebook="fraud.ipynb",
        started_at=AT,
        duration=0.25,
        message=message,
    )


def commit_version(lake: Lake, name: str = "fraud", *, depth: int = 1, **parts: Any) -> Version:
    """Return the version that a draft with these parts becomes; another depth makes another version."""
    parts.setdefault("params", {"depth": depth})
    return lake.commit(make_draft(lake, name, **parts)).version


class Forger:
    """Writes records by hand, sealed and chained as they must be, whatever they say."""

    def __init__(self, store: Store) -> None:
        self.store = store
        if store.get("lake.toml") is None:
            from datetime import UTC, datetime

            create_lake(store, datetime.now(UTC))
        self.seq, self.prev = 0, genesis(read_id(store))
        while (data := store.get(record_key(self.seq + 1))) is not None:
            self.seq, self.prev = self.seq + 1, digest_of(data)

    def write(self, kind: str, body: Any, **more: Any) -> int:
        """Write a record with any body, and return its number."""
        document = {
            "format": 1, "seq": self.seq + 1, "prev": str(self.prev), "at": AT, "by": {"user": "mallory", "host": "lab"},
            "kind": kind, "body": body, **more,
        }  # fmt: skip
        return self.write_bytes(seal(canonical(document)))

    def write_bytes(self, data: bytes) -> int:
        """Write any bytes as the next record."""
        assert self.store.put_new(record_key(self.seq + 1), data)
        self.seq, self.prev = self.seq + 1, digest_of(data)
        return self.seq

    def version(self, *artifacts: Mapping[str, Any], objects: Mapping[str, bytes] | None = None, **changes: Any) -> int:
        """Write a version with these artifacts; `objects` are written besides what it names anyhow."""
        environment = canonical({
            "python": "3.11", "implementation": "CPython", "platform": "Linux", "machine": "x", "processor": "x", "cpus": 1,
            "packages": {},
        })  # fmt: skip
        held = {digest_of(data): data for data in (environment, b"x = 1", *(objects or {}).values())}
        packs = [str(pack) for pack in Objects(self.store).write(held)]
        body = {
            "name": "fraud", "number": 1, "parent": None, "identity": str(digest_of(b"identity %d" % self.seq)), "origin": "cell",
            "cells": [{"source": str(digest_of(b"x = 1")), "is_tracked": True}], "names": {}, "params": [], "metrics": [],
            "artifacts": list(artifacts), "omitted": [], "environment": str(digest_of(environment)), "git": None,
            "notebook": "", "started_at": AT, "duration": 1,
        } | changes  # fmt: skip
        return self.write("version", body, **({"packs": packs} if packs else {}))

    def artifact(self, data: bytes, *, summary: bytes | None = None, **changes: Any) -> tuple[dict[str, Any], dict[str, bytes]]:
        """Return an artifact of these bytes, and the objects that it needs."""
        told = summary if summary is not None else canonical({"kind": "value", "type": "dict", "text": "{}"})
        body = {
            "role": "output", "name": "x", "handler": "plain", "protocol": 1, "digest": str(digest_of(data)),
            "object": str(digest_of(data)), "size": len(data), "summary": str(digest_of(told)),
        } | changes  # fmt: skip
        return body, {"content": data, "summary": told}


@pytest.fixture
def lake() -> Lake:
    return Lake.in_memory()


@pytest.fixture
def disk(tmp_path: Path) -> Lake:
    """A lake in a folder."""
    return Lake.open(tmp_path / "project")


@pytest.fixture(scope="session")
def new_draft() -> Callable[..., Draft]:
    return make_draft


@pytest.fixture(scope="session")
def commit() -> Callable[..., Version]:
    return commit_version


@pytest.fixture(scope="session")
def new_attempt() -> Callable[..., FailedDraft]:
    def make(name: str = "fraud", error: str = "ValueError") -> FailedDraft:
        return FailedDraft(name, (DraftCell("1 / 0", 3, is_tracked=True, failed=True),), error, "no", AT, 0.1)

    return make


@pytest.fixture(scope="session")
def forger() -> type[Forger]:
    return Forger


@pytest.fixture(scope="session")
def now_text() -> Callable[[], str]:
    from datetime import UTC, datetime

    return lambda: to_text(datetime.now(UTC))


@pytest.fixture(scope="session")
def as_json() -> Callable[[Any], Any]:
    """Through JSON and back, as a program reads it."""
    from mvlake.view.document import as_document

    return lambda answer: json.loads(json.dumps(as_document(answer), allow_nan=False))
