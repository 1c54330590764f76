"""Warnings of our threads stay unseen; the user's are shown as ever, and nothing is left behind."""

import threading
import warnings

import pytest

from mvlake.capture import hush
from mvlake.capture.boundary import Boundary


@pytest.fixture
def shown(monkeypatch):
    said = []
    monkeypatch.setattr(warnings, "showwarning", lambda message, *_, **__: said.append(str(message)))
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        yield said


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
    assert shown == ["theirs", "mine"]


def test_nothing_is_left_behind(shown):
    before = warnings.showwarning
    with hush.here(), hush.here():
        assert warnings.showwarning is not before
    assert warnings.showwarning is before


def test_a_hook_that_outlives_the_writing_leaves_nothing_behind(tmp_path, shown):
    before = warnings.showwarning
    block = hush.here()
    block.__enter__()
    Boundary(tmp_path / "log").guard(lambda: block.__exit__(None, None, None))()
    assert warnings.showwarning is before


def test_what_the_user_sets_meanwhile_stays(shown):
    def own(*_, **__):
        pass

    with hush.here():
        warnings.showwarning = own
    assert warnings.showwarning is own


def test_what_the_users_block_brings_back_is_gone_after_the_next_writing(shown):
    before = warnings.showwarning
    block = hush.here()
    block.__enter__()
    with warnings.catch_warnings():
        block.__exit__(None, None, None)
    warnings.warn("still shown", UserWarning, stacklevel=1)
    assert shown == ["still shown"]
    with hush.here():
        pass
    assert warnings.showwarning is before


def test_a_writing_that_follows_another_within_a_hook_hides_nothing_of_the_user(tmp_path, shown):
    before = warnings.showwarning
    first, second = hush.here(), hush.here()

    def end_and_begin():
        first.__exit__(None, None, None)
        second.__enter__()

    first.__enter__()
    Boundary(tmp_path / "log").guard(end_and_begin)()
    warnings.warn("mine", UserWarning, stacklevel=1)
    second.__exit__(None, None, None)
    assert shown == ["mine"]
    assert warnings.showwarning is before
