"""Warnings of ours stay unseen; the user's are shown as ever, and nothing that the user could replace is touched."""

import itertools
import os
import signal
import threading
import warnings

import pytest

from mvlake.capture import hush
from mvlake.capture.boundary import Boundary
from mvlake.capture.warned import WarningCopy

SHOW = warnings._showwarnmsg


@pytest.fixture
def shown(monkeypatch):
    said = []
    monkeypatch.setattr(warnings, "showwarning", lambda message, *_, **__: said.append(str(message)))
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        yield said
    assert warnings._showwarnmsg is SHOW


def warn_in(name, text):
    thread = threading.Thread(target=lambda: warnings.warn(text, UserWarning, stacklevel=1), name=name)
    thread.start()
    thread.join()


def test_only_our_own_threads_are_hushed(shown):
    with hush.here():
        warn_in("mvlake-writer", "ours")
        warn_in("mvlake-frame_0", "ours too")
        warn_in("Thread-1", "theirs")
        warnings.warn("mine", UserWarning, stacklevel=1)
    warn_in("mvlake-writer", "late")
    assert shown == ["theirs", "mine", "late"]


def test_what_a_hook_warns_of_is_unseen_and_what_other_threads_warn_of_meanwhile_is_not(tmp_path, shown):
    def hook():
        warnings.warn("ours", UserWarning, stacklevel=1)
        warn_in("Thread-1", "theirs")
        guard(lambda: warnings.warn("deeper", UserWarning, stacklevel=1))()
        warnings.warn("ours still", UserWarning, stacklevel=1)
        raise ValueError

    guard = Boundary(tmp_path / "log").guard
    guard(hook)()
    warnings.warn("mine", UserWarning, stacklevel=1)
    assert shown == ["theirs", "mine"]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_writings_hooks_and_listeners_that_end_in_any_order_leave_nothing_behind(shown, order):
    class Shell:
        compile = None

    copy = WarningCopy(Shell())

    def written():
        with hush.here():
            yield

    def hooked():
        with hush.aside():
            yield

    def listened():
        copy.start()
        yield
        copy.stop()

    running = [written(), hooked(), listened()]
    for one in running:
        next(one)
    for place in order:
        next(running[place], None)
    warnings.warn("mine", UserWarning, stacklevel=1)
    assert shown == ["mine"]


def test_what_shows_warnings_is_the_users_alone(shown):
    before = warnings.showwarning
    with hush.here(), hush.aside():
        assert warnings.showwarning is before
        assert (warnings._showwarnmsg.__module__, warnings._showwarnmsg.__name__) == ("warnings", "_showwarnmsg")
        with warnings.catch_warnings(record=True):
            pass
        kept, warnings.showwarning = warnings.showwarning, lambda message, *_, **__: shown.append(f"own {message}")
    warnings.warn("one", UserWarning, stacklevel=1)
    with hush.here():
        warnings.warn("two", UserWarning, stacklevel=1)
        warnings.showwarning = kept
        warnings.warn("three", UserWarning, stacklevel=1)
    assert shown == ["own one", "own two", "three"]


def test_looking_who_warns_makes_no_thread_for_a_strangers(shown):
    import _thread

    done, found = threading.Event(), []

    def stranger():
        warnings.warn("theirs", UserWarning, stacklevel=1)
        found.extend(threading._active)
        done.set()

    with hush.here():
        before = set(threading._active)
        _thread.start_new_thread(stranger, ())
        assert done.wait(20)
    assert shown == ["theirs"]
    assert set(found) <= before


@pytest.mark.forks
def test_a_child_that_is_forked_while_something_is_written_warns_as_ever(tmp_path, shown):
    guard = Boundary(tmp_path / "log").guard
    with hush.here(), hush._HUSH._lock:  # whoever holds it does not exist in the child
        child = os.fork()
        if child == 0:
            signal.alarm(20)
            warnings.warn("mine", UserWarning, stacklevel=1)
            guard(lambda: os._exit(1))()  # a hook of the parent's
            os._exit(7 if shown == ["mine"] else 2)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
