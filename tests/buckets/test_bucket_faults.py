import os
import pickle
import threading
import time

import pytest

from mvlake.errors import MvlakeError, ReadOnlyLake, Refused, Unreachable
from mvlake.store.address import address_of
from mvlake.store.bucket import Bucket, Patience
from mvlake.testing.stores import OBJECT, RECORD

PASSING = ["503", "500", "slow down", "deaf", "lost", "late 503"]


@pytest.fixture
def store(proxy):
    opened = proxy.behind().store()
    opened.probe()
    return opened


def on(method, ending, *faults):
    """Return a fault: what goes wrong with the first, second, … request of this kind."""
    seen = []

    def fault(request):
        if request.method != method or not request.path.partition("?")[0].endswith(ending):
            return ""
        seen.append(request)
        return faults[len(seen) - 1] if len(seen) <= len(faults) else ""

    return fault


@pytest.mark.parametrize("fault", PASSING)
@pytest.mark.parametrize("count", [1, 3])
def test_a_put_that_is_answered_badly_is_made_once(proxy, store, fault, count):
    proxy.fault = on("PUT", RECORD, *[fault] * count)
    assert store.put_new(RECORD, b"mine") is True
    assert store.put_new(RECORD, b"theirs") is False
    proxy.fault = lambda request: ""
    assert store.get(RECORD) == b"mine"


@pytest.mark.parametrize("fault", ["412", "409"])
def test_a_server_that_says_taken_of_a_free_key_is_asked_again(proxy, store, fault):
    proxy.fault = on("PUT", RECORD, fault)
    assert store.put_new(RECORD, b"mine") is True


def test_a_lost_reply_to_a_put_that_lost_is_a_loss(proxy, store):
    proxy.server.store().put_new(RECORD, b"theirs")
    proxy.fault = on("PUT", RECORD, "lost")
    assert store.put_new(RECORD, b"mine") is False
    assert store.get(RECORD) == b"theirs"


def test_of_two_writers_of_the_same_bytes_one_wins_even_when_the_reply_is_lost(proxy, store):
    proxy.server.store().put_new(RECORD, b"same")
    proxy.fault = on("PUT", RECORD, "lost")
    assert store.put_new(RECORD, b"same") is False


def test_of_many_writers_whose_replies_are_lost_one_wins(proxy, store):
    keys = [f"log/000000/{number:06d}.json" for number in range(1, 9)]
    proxy.fault = lambda request: "lost" if request.method == "PUT" and request.number % 2 else ""
    won = {}
    gate = threading.Barrier(4)

    def write(name):
        mine = proxy.behind().store()
        mine.probe()
        gate.wait(30)
        won[name] = {key for key in keys if mine.put_new(key, name.encode())}

    threads = [threading.Thread(target=write, args=(f"w{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(key for mine in won.values() for key in mine) == keys
    for name, mine in won.items():
        assert all(store.get(key) == name.encode() for key in mine)


@pytest.mark.parametrize("fault", ["503", "500", "slow down", "lost", "deaf", "cut"])
def test_a_read_is_asked_again_until_it_is_whole(proxy, store, fault):
    data = bytes(range(256)) * 40
    store.put_new(OBJECT, data)
    proxy.fault = on("GET", OBJECT, fault, fault)
    assert store.get(OBJECT) == data
    proxy.fault = on("GET", OBJECT, fault, fault)
    assert store.get_range(OBJECT, 100, 5000) == data[100:5100]
    proxy.fault = on("GET", OBJECT, fault, fault)
    assert store.get_range(OBJECT, -5000, 5000) == data[-5000:]


@pytest.mark.parametrize("fault", ["503", "deaf", "cut"])
def test_a_read_that_never_comes_whole_is_an_error_and_no_absence(proxy, store, fault):
    store.put_new(OBJECT, b"x" * 1000)
    proxy.fault = lambda request: fault if request.method == "GET" else ""
    with pytest.raises(Unreachable, match="cannot be reached"):
        store.get(OBJECT)
    with pytest.raises(Unreachable, match="cannot be reached"):
        store.get_range(OBJECT, 0, 900)


def test_an_absence_is_believed_at_once(proxy, store):
    assert store.get(RECORD) is None
    assert proxy.asked("GET", RECORD) == 1


def test_a_server_that_stays_away_is_given_up_and_it_is_said_that_nobody_knows(proxy, store):
    proxy.fault = lambda request: "deaf"
    with pytest.raises(ReadOnlyLake, match="may or may not have been written"):
        store.put_new(RECORD, b"x")
    assert len([one for one in proxy.seen if one.method == "PUT" and one.path.endswith(RECORD)]) <= 5
    proxy.fault = lambda request: ""
    assert store.put_new(RECORD, b"x") is True


def test_a_server_that_ignores_conditions_is_read_and_never_written(proxy):
    proxy.server.store().put_new(RECORD, b"kept")
    proxy.ignores_conditions = True
    store = proxy.behind().store()
    store.probe()
    assert not store.is_writable
    before = len(proxy.seen)
    for write in (lambda: store.put_new(RECORD, b"x"), lambda: store.remove(RECORD), lambda: store.move(RECORD, OBJECT)):
        with pytest.raises(ReadOnlyLake, match="If-None-Match"):
            write()
    store.put_hint("index/head.json", b"{}")
    store.remove_hint("index/head.json")
    assert len(proxy.seen) == before
    assert store.get(RECORD) == b"kept"


def test_it_is_found_before_the_first_write_too(proxy):
    proxy.ignores_conditions = True
    with pytest.raises(ReadOnlyLake, match="If-None-Match"):
        proxy.behind().store().put_new(RECORD, b"x")
    assert proxy.asked("PUT", RECORD) == 0


def test_a_server_that_keeps_no_metadata_is_never_written(proxy):
    proxy.drops_metadata = True
    with pytest.raises(ReadOnlyLake, match="metadata"):
        proxy.behind().store().put_new(RECORD, b"x")


def test_credentials_that_may_only_read_read(proxy):
    proxy.server.store().put_new(RECORD, b"kept")
    proxy.fault = lambda request: "deny" if request.method in ("PUT", "POST", "DELETE") else ""
    store = proxy.behind().store()
    store.probe()
    assert not store.is_writable
    assert store.get(RECORD) == b"kept"
    with pytest.raises(ReadOnlyLake, match="credentials may only read"):
        store.put_new(OBJECT, b"x")
    assert proxy.asked("PUT", OBJECT) == 0


def test_credentials_that_may_do_nothing_are_told_where_credentials_come_from(proxy):
    proxy.fault = lambda request: "deny"
    with pytest.raises(Refused, match="403 AccessDenied") as caught:
        proxy.behind().store().get(RECORD)
    assert "AWS_ACCESS_KEY_ID" in caught.value.hint


def test_a_probe_that_is_not_answered_is_made_again_before_the_first_write(proxy):
    store = proxy.behind().store()
    proxy.fault = lambda request: "503"
    store.probe()
    assert store.is_writable
    proxy.fault = lambda request: ""
    proxy.ignores_conditions = True
    with pytest.raises(ReadOnlyLake, match="If-None-Match"):
        store.put_new(RECORD, b"x")


def test_no_secret_is_in_an_error_or_in_what_is_kept(proxy, store):
    said = []
    for fault in ("deny", "503", "deaf"):
        proxy.fault = lambda request, fault=fault: fault
        for ask in (lambda: store.get(RECORD), lambda: store.put_new(RECORD, b"x"), lambda: list(store.keys(""))):
            with pytest.raises(MvlakeError) as caught:
                ask()
            said.append(f"{caught.getrepr(chain=True)} {caught.value!r} {caught.value.hint}")
    said.append(store.location)
    assert "top-secret" not in "".join(said)
    sent = b"".join(one.body + repr(one.headers).encode() + one.path.encode() for one in proxy.seen)
    assert b"top-secret" not in sent
    with pytest.raises(TypeError):
        pickle.dumps(store)


def test_an_interrupt_ends_the_wait_for_an_answer(proxy, in_child):
    code = """
import sys, threading, _thread
from mvlake.store.address import address_of
from mvlake.store.bucket import Bucket
store = Bucket(address_of(sys.argv[1]))
def interrupt():
    sys.stdin.readline()
    _thread.interrupt_main()
threading.Thread(target=interrupt, daemon=True).start()
print("asks", flush=True)
try:
    store.get("log/000000/000001.json")
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""
    asked = threading.Event()
    released = threading.Event()

    def fault(request):
        asked.set()
        released.wait(60)
        return "deaf"

    proxy.fault = fault
    with in_child(code, proxy.behind().url(), of=proxy.behind()) as child:
        try:
            assert child.stdout.readline() == "asks\n"
            assert asked.wait(30)
            child.stdin.write("now\n")
            child.stdin.flush()
            assert child.stdout.readline() == "interrupted\n"
            assert child.wait(30) == 0
        finally:
            released.set()
            child.kill()


def test_many_kernels_do_not_come_back_in_the_same_moment():
    store = Bucket(address_of("s3://team"), patience=Patience(tries=2, pause=1, longest=8))
    paused = []
    original, time.sleep = time.sleep, paused.append
    try:
        for tried in (1, 2, 3, 4, 9):
            store._pause(tried)
    finally:
        time.sleep = original
    for found, longest in zip(paused, (1, 2, 4, 8, 8), strict=True):
        assert longest / 2 <= found <= longest


@pytest.mark.forks
def test_a_forked_process_is_told_to_be_spawned(server):
    store = server.store()
    store.put_new(OBJECT, b"x")
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            store.get(OBJECT)
        except MvlakeError as error:
            os.write(theirs, str(error).encode())
        finally:
            os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as file:
        assert b"spawn" in file.read()
    os.waitpid(pid, 0)
