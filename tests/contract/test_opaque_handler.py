import itertools
import os
import pickle
import socket
import sqlite3
import subprocess
import sys
import threading
import weakref
from concurrent.futures import Future

import duckdb
import polars as pl
import pytest

from mvlake.errors import CannotFingerprint, NoHandler, ProtocolTooNew
from mvlake.handlers.opaque import OpaqueHandler, handler
from mvlake.records.fields import from_fields, to_fields
from mvlake.records.summary import OpaqueSummary
from mvlake.testing.traps import Trap


class Thing:
    def __init__(self, value):
        self.value = value

    def __eq__(self, other):
        return self.value == other.value


async def coroutine():
    pass


def generator():
    yield 1


def live():
    waiting = coroutine()
    waiting.close()
    return [
        generator(), iter([1]), map(str, [1]), zip([1], [2], strict=True), itertools.count(), enumerate([1]), reversed([1]),
        waiting, threading.Lock(), threading.RLock(), threading.Event(), threading.Thread(), threading, os.environ, sys._getframe(),
        weakref.ref(handler), memoryview(b"x"), Future(), sqlite3.connect(":memory:"), duckdb.connect(), duckdb.sql("select 1"),
        pl.LazyFrame({"a": [1]}), socket.socket(),
    ]  # fmt: skip


def test_what_no_handler_knows_comes_back_from_a_pickle():
    for thing in (Thing(3), lambda: 4, Thing):
        assert handler.matches(thing)
        assert handler.decode(handler.encode(thing), protocol=1) is not None
    assert handler.decode(handler.encode(Thing(3)), protocol=1) == Thing(3)
    assert handler.decode(handler.encode(lambda: 4), protocol=1)() == 4
    assert not handler.is_inert


def test_a_pickle_has_no_fingerprint():
    with pytest.raises(CannotFingerprint, match="equal objects pickle differently"):
        handler.fingerprint(Thing(3))


def test_what_lives_in_this_process_is_refused_by_type_with_a_reason():
    for thing in live():
        assert not handler.matches(thing), thing
        assert len(handler.refusal(thing)) > 10
        with pytest.raises(NoHandler):
            handler.encode(thing)


def test_a_generator_is_told_apart_and_not_consumed():
    one = generator()
    assert handler.refusal(one) == "a generator: reading it would consume it"
    assert next(one) == 1


def test_an_open_file_is_called_one(tmp_path):
    with (tmp_path / "x").open("w") as text, (tmp_path / "x").open("rb") as data:
        assert handler.refusal(text).startswith("an open file")
        assert handler.refusal(data).startswith("an open file")


def test_looking_at_a_stranger_runs_none_of_its_code():
    trap = Trap()
    Trap.sprung(trap)
    said = handler.matches(trap), handler.refusal(trap), handler.summarize(trap).type
    sprung = Trap.sprung(trap)
    assert sprung == []
    assert said == (False, "an iterator: reading it would consume it", "mvlake.testing.traps.Trap")


def test_the_environment_is_found_however_deep_it_lies():
    with pytest.raises(NoHandler, match="environment"):
        handler.encode(Thing([{"deep": os.environ}]))


class Raises:
    def __init__(self, error):
        self.error = error

    def __reduce__(self):
        raise self.error


class Rude(BaseException):
    pass


@pytest.mark.parametrize("error", [ValueError("no"), MemoryError(), Rude(), GeneratorExit()])
def test_whatever_pickling_raises_is_a_reason(error):
    with pytest.raises(NoHandler, match=type(error).__name__):
        handler.encode(Raises(error))


def test_an_interrupt_while_pickling_is_honoured():
    with pytest.raises(KeyboardInterrupt):
        handler.encode(Raises(KeyboardInterrupt()))


def test_a_very_deep_object_is_refused_and_not_a_crash():
    deep = Thing(None)
    for _ in range(100_000):
        deep = Thing(deep)
    with pytest.raises(NoHandler, match="recursion"):
        handler.encode(deep)
    while deep is not None:  # or its own destruction would be as deep
        deep.value, deep = None, deep.value


def test_a_pickle_stops_at_the_ceiling():
    small = OpaqueHandler(ceiling=10_000)
    assert small.encode(Thing(b"x" * 9_000))
    for large in (Thing(b"x" * 10_000), Thing([str(number) for number in range(10_000)])):
        with pytest.raises(NoHandler, match="larger than 10000 bytes"):
            small.encode(large)


def test_a_summary_says_the_type_and_why_it_is_a_pickle():
    summary = handler.summarize(Thing(1))
    assert type(summary) is OpaqueSummary
    assert summary.type.endswith("Thing")
    assert from_fields(OpaqueSummary, to_fields(summary)) == summary


def test_a_later_protocol_is_refused_before_anything_is_loaded():
    with pytest.raises(ProtocolTooNew):
        handler.decode(pickle.dumps(1), protocol=2)


def test_using_it_imports_no_library_of_the_user():
    program = (
        "import sys; from mvlake.handlers.opaque import handler; handler.encode({1: {2}}); handler.matches(object());"
        "print([name for name in ('numpy', 'pandas', 'sklearn', 'torch', 'polars', 'duckdb') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
