import pytest

from mvlake.errors import Invalid, NoHandler
from mvlake.handlers.lookup import handler_named
from mvlake.handlers.profile import handler, profile_bytes


def test_it_speaks_for_content_and_gives_none_back():
    assert handler_named("profile") is handler
    assert not handler.matches(b"x")
    for ask in (handler.fingerprint, handler.summarize, handler.encode):
        with pytest.raises(NoHandler):
            ask(b"x")
    with pytest.raises(Invalid, match="too large"):
        handler.decode(profile_bytes("pandas", "too large"), protocol=1)
    for hostile in (b"[]", b'{"because":3}'):
        with pytest.raises(Invalid):
            handler.decode(hostile, protocol=1)
