"""Media are bytes that come back as they were, and show themselves to nobody."""

import pytest

from mvlake.errors import ProtocolTooNew
from mvlake.handlers.lookup import handler_named
from mvlake.handlers.media import Media
from mvlake.handlers.text import text_of

handler = handler_named("media")


@pytest.mark.parametrize("data", [b"", b"\x00\xff", b"%PDF-1.7" * 10_000])
def test_bytes_come_back_as_they_were(data):
    again = handler.decode(handler.encode(Media(data)), protocol=1)
    assert (type(again), again.data) == (Media, data)
    assert handler.fingerprint(again) == handler.fingerprint(Media(data)) != handler.fingerprint(Media(data + b"x"))
    assert handler.matches(again)
    assert not handler.matches(data)


def test_nothing_of_it_is_shown_by_itself():
    assert not [name for name in dir(Media) if name.startswith("_repr_") or name == "_ipython_display_"]


def test_a_later_protocol_is_refused():
    with pytest.raises(ProtocolTooNew):
        handler.decode(b"", protocol=2)


def test_a_text_is_kept_to_the_letter_and_what_is_none_is_read_all_the_same():
    text = handler_named("text")
    for one in ("\ud800 \x00 🦜\r\n", ""):
        assert text.decode(text.encode(one), protocol=1) == one
    assert text_of(b"\xff\xfea") == "\ufffd\ufffda"
