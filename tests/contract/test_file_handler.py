import os
from io import BytesIO

import pytest

from mvlake.errors import ProtocolTooNew
from mvlake.handlers.file import PIECE, handler
from mvlake.handlers.lookup import handler_for, handler_named
from mvlake.records.canonical import canonical
from mvlake.records.node import Node
from mvlake.testing.shelf import MemoryShelf

SIZES = (0, 1, PIECE, PIECE + 1, 3 * PIECE)


def test_it_is_found_by_its_name_alone():
    assert handler_named("file") is handler
    assert handler_for(b"a plain value").name == "plain"


@pytest.mark.parametrize("size", SIZES)
def test_bytes_come_back_as_they_were(size):
    data, shelf = os.urandom(size), MemoryShelf()
    made = handler.encode_parts(data, shelf)
    assert isinstance(made, Node) == (size > PIECE)
    assert handler.decode_parts(made, shelf, protocol=1) == data
    file, told = BytesIO(), []
    handler.export(made, shelf, file, protocol=1, tell=lambda done, total: told.append((done, total)))
    assert file.getvalue() == data
    assert told[-1] == (size, size)


def test_bytes_of_a_later_protocol_are_refused():
    with pytest.raises(ProtocolTooNew):
        handler.decode(b"x", protocol=2)


def test_a_node_of_other_pieces_than_it_says_is_refused_wherever_it_is_read():
    shelf = MemoryShelf()
    made = handler.encode_parts(os.urandom(2 * PIECE), shelf)
    for payload in (b"{}", canonical({"size": PIECE}), canonical({"size": "much"})):
        with pytest.raises(ValueError):
            handler.decode_parts(Node(payload, leaves=made.leaves), shelf, protocol=1)
        with pytest.raises(ValueError):
            handler.export(Node(payload, leaves=made.leaves), shelf, BytesIO(), protocol=1, tell=lambda done, size: None)
