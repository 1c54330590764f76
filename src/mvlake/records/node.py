"""Node: an object that names other objects. Whoever copies, counts or collects objects walks nodes without knowing what they mean.

Layout: magic, how many nodes it names and how many leaves (each 4 bytes little-endian), their raw digests in that order (32 bytes
each), then a payload that only the handler reads. A leaf is any other object. What is named in an artifact as a node is one, and
what a node names among its nodes: an object is never taken for a node by its bytes.
"""

from dataclasses import dataclass
from struct import Struct

from mvlake.records.digest import Digest

MAGIC = b"MVNODE1\n"
_COUNTS = Struct("<II")
_RAW = 32


@dataclass(frozen=True, slots=True)
class Node:
    """Objects by name, and what their handler says of them.

    >>> leaf = Digest("b3:" + "ab" * 32)
    >>> read_node(Node(b"{}", leaves=(leaf,)).to_bytes()).leaves == (leaf,)
    True
    """

    payload: bytes
    nodes: tuple[Digest, ...] = ()
    leaves: tuple[Digest, ...] = ()

    def to_bytes(self) -> bytes:
        """Return the node as an object's content."""
        named = (bytes.fromhex(digest.hex) for digest in (*self.nodes, *self.leaves))
        return b"".join([MAGIC, _COUNTS.pack(len(self.nodes), len(self.leaves)), *named, self.payload])


def read_node(data: bytes) -> Node:
    """Return the node in these bytes; ValueError when they are none."""
    start = len(MAGIC) + _COUNTS.size
    if not data.startswith(MAGIC) or len(data) < start:
        raise ValueError("no node")
    nodes, leaves = _COUNTS.unpack_from(data, len(MAGIC))
    end = start + _RAW * (nodes + leaves)
    if end > len(data):
        raise ValueError(f"a node that names {nodes + leaves} objects in {len(data)} bytes")
    named = [Digest.of_hash(data[at : at + _RAW]) for at in range(start, end, _RAW)]
    return Node(data[end:], tuple(named[:nodes]), tuple(named[nodes:]))
