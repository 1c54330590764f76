import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvlake.records.digest import Digest
from mvlake.records.node import MAGIC, Node, read_node

DIGESTS = st.lists(st.binary(min_size=32, max_size=32).map(Digest.of_hash), max_size=5).map(tuple)


@given(st.builds(Node, st.binary(max_size=50), DIGESTS, DIGESTS))
def test_a_node_comes_back_as_it_went_in(node):
    assert read_node(node.to_bytes()) == node


@given(st.binary(max_size=200))
def test_what_is_no_node_is_refused(data):
    if not data.startswith(MAGIC):
        with pytest.raises(ValueError, match="no node"):
            read_node(data)


def test_a_node_that_is_cut_within_its_names_is_refused():
    whole = Node(b"", (Digest("b3:" + "ab" * 32),), (Digest("b3:" + "cd" * 32),)).to_bytes()
    for length in range(len(whole)):
        with pytest.raises(ValueError, match="node"):
            read_node(whole[:length])


@pytest.mark.parametrize("count", [1, 2**31, 2**32 - 1])
def test_a_node_that_names_more_than_it_holds_is_refused_at_once(count):
    with pytest.raises(ValueError, match="names"):
        read_node(MAGIC + count.to_bytes(4, "little") * 2 + bytes(32))
