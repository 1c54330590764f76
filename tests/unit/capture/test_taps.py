import io
import itertools
import sys

import pytest

from mvlake.capture.displays import Display, DisplayCopy
from mvlake.capture.media import Medium
from mvlake.capture.probes.git import GitProbe
from mvlake.capture.streams import StreamCopy
from mvlake.capture.tap import Tap
from mvlake.capture.warned import WarningCopy
from mvlake.capture.watch import Watch
from mvlake.lake.directive import Directive
from mvlake.records.version import Origin


class Hook:
    def write_format_data(self, data, metadata=None):
        pass


class Publisher:
    def __init__(self):
        self.published = []

    def publish(self, data, metadata=None):
        self.published.append(data)

    def clear_output(self, wait=False):
        pass


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_taps_that_end_in_any_order_leave_nothing_behind(order):
    publisher, heard = Publisher(), [[], [], []]
    taps = [Tap(publisher, "publish", one.append) for one in heard]
    publisher.publish(1)
    for position in order:
        taps[position].stop()
        publisher.publish(2)
    assert "publish" not in publisher.__dict__
    assert publisher.published == [1, 2, 2, 2]
    assert [heard[position] for position in order] == [[1], [1, 2], [1, 2, 2]]


def test_what_others_put_on_a_publisher_stays():
    publisher, seen = Publisher(), []
    publisher.publish = theirs = seen.append
    copy = DisplayCopy(publisher, Hook())
    copy.start()
    publisher.publish({"image/png": b"x"})
    assert copy.stop() == ((Display((Medium("image/png", b"x"),)),), 0)
    assert publisher.publish is theirs


def test_a_tap_that_somebody_wrapped_is_deaf_when_it_is_over():
    publisher, heard = Publisher(), []
    tap = Tap(publisher, "publish", heard.append)
    ours = publisher.publish
    publisher.publish = theirs = lambda data: ours(data)
    tap.stop()
    publisher.publish(1)
    assert (publisher.publish, publisher.published, heard) == (theirs, [1], [])


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        ({"image/png": "\u00e9"}, [("image/png", "\u00e9")]),
        ({"image/png": 7}, [("image/png", "7")]),
        ({"no type": "x"}, [("", None)]),
        (None, [("", None)]),
        ({}, []),
    ],
)
def test_a_picture_that_is_none_is_shown_all_the_same(data, kept):
    publisher = Publisher()
    copy = DisplayCopy(publisher, Hook())
    copy.start()
    publisher.publish(data=data, metadata={})
    assert [(medium.type, medium.content) for one in copy.stop()[0] for medium in one.media] == kept
    assert publisher.published == [data]


class Bare:
    __slots__ = ("written",)

    def write(self, data):
        self.written = data


@pytest.mark.parametrize("stream", [None, Bare()])
def test_a_stream_that_cannot_be_copied_is_no_reason_to_capture_nothing(monkeypatch, stream):
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    publisher = Publisher()
    watch = Watch(Directive("any"), Origin.CELL, {}, DisplayCopy(publisher, Hook()), WarningCopy(None), GitProbe("."))
    watch.start()
    print("heard")
    seen = watch.stop()
    assert (seen.streams, seen.displays, seen.warnings) == ({"stdout": "heard\n"}, (), ())
    assert "write" not in sys.stdout.__dict__


def test_a_watch_that_cannot_begin_puts_everything_back(monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    watch = Watch(Directive("any"), Origin.CELL, {}, DisplayCopy(object(), Hook()), WarningCopy(None), GitProbe("."))
    with pytest.raises(AttributeError):
        watch.start()
    assert "write" not in sys.stdout.__dict__


def test_a_stream_that_is_replaced_meanwhile_is_put_back(monkeypatch):
    first = io.StringIO()
    monkeypatch.setattr(sys, "stdout", first)
    copy = StreamCopy("stdout")
    copy.start()
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    print("elsewhere")
    assert copy.stop() == ""
    assert "write" not in first.__dict__
