"""Structure layout: a form and the parts that it names as one sequence of bytes, or as a node that names what is large.

Layout: magic, the length of a document (8 bytes, little-endian), the document as canonical JSON, then the bytes of all parts that
are `here`. The document has the `form`, and of each part the handler, protocol, where it is (`here`, `node`, `leaf`), and the
length of those that are here, or the place among the nodes or leaves.
"""

from collections.abc import Iterator, Sequence
from struct import Struct
from typing import Any

from mvlake.errors import NoHandler
from mvlake.handlers.contract import Handler
from mvlake.handlers.shelf import Shelf
from mvlake.handlers.structure_parts import INERT, MOST_PARTS, Part, part_handler
from mvlake.records.canonical import Json, canonical, parse
from mvlake.records.digest import Digest
from mvlake.records.node import Node, read_node

_MAGIC = b"MVSTRU1\n"
_LENGTH = Struct("<Q")
_HERE = 16 << 10  # parts of fewer bytes are written here: a name and a place of their own would cost more


def packed(form: Json, parts: Sequence[Part]) -> bytes:
    """Return form and parts in one sequence of bytes."""
    made = [part.handler.encode(part.obj) for part in parts]
    return _written(form, [[*_who(part), "here", len(data)] for part, data in zip(parts, made, strict=True)], made)


def shelved(form: Json, parts: Sequence[Part], shelf: Shelf) -> bytes | Node:
    """Return a node that names the parts that are large, each made by its own handler; bytes when none is."""
    said: list[Json] = []
    here: list[bytes] = []
    nodes: list[Digest] = []
    leaves: list[Digest] = []
    for part in parts:
        made = part.handler.encode_parts(part.obj, shelf)
        if isinstance(made, Node):
            said.append([*_who(part), "node", len(nodes)])
            nodes.append(shelf.put(made.to_bytes()))
        elif len(made) >= _HERE:
            said.append([*_who(part), "leaf", len(leaves)])
            leaves.append(shelf.put(made))
        else:
            said.append([*_who(part), "here", len(made)])
            here.append(made)
    data = _written(form, said, here)
    return Node(data, tuple(nodes), tuple(leaves)) if nodes or leaves else data


def unpacked(node: Node, shelf: Shelf | None, *, allowed: frozenset[str] = INERT) -> tuple[Any, list[Any]]:
    """Return form and parts; ValueError for what does not fit, and for a part that names a handler which is not allowed."""
    document, rest = _opened(node.payload)
    plan = list(_plan(document["parts"], node, rest, allowed))
    parts = []
    for handler, at, where, content in plan:
        if where == "here":
            parts.append(handler.decode(content, protocol=at))
            continue
        if shelf is None:
            raise ValueError("a structure that names parts, without a shelf")
        data = shelf.get(content)
        parts.append(handler.decode_parts(read_node(data) if where == "node" else data, shelf, protocol=at))
    return document["form"], parts


def _who(part: Part) -> list[Json]:
    return [part.handler.name, part.handler.protocol]


def _written(form: Json, said: list[Json], here: list[bytes]) -> bytes:
    try:
        document = canonical({"form": form, "parts": said})
    except ValueError as error:
        raise NoHandler("structure", reason=str(error)) from error
    return b"".join([_MAGIC, _LENGTH.pack(len(document)), document, *here])


def _opened(data: bytes) -> tuple[dict[str, Any], bytes]:
    start = len(_MAGIC) + _LENGTH.size
    if not data.startswith(_MAGIC) or len(data) < start:
        raise ValueError("no structure")
    (length,) = _LENGTH.unpack_from(data, len(_MAGIC))
    if length > len(data) - start:
        raise ValueError(f"a structure's document of {length} bytes, of which {len(data) - start} are there")
    document = parse(data[start : start + length])
    if not isinstance(document, dict) or set(document) != {"form", "parts"} or not isinstance(document["parts"], list):
        raise ValueError("a document that is of no structure")
    if len(document["parts"]) > MOST_PARTS:
        raise ValueError(f"a structure of {len(document['parts'])} parts")
    return document, data[start + length :]


def _plan(said: list[Any], node: Node, rest: bytes, allowed: frozenset[str]) -> Iterator[tuple[Handler, int, str, Any]]:
    """Yield who reads each part, and what. All of it is looked at before any part is read."""
    named = {"node": iter(node.nodes), "leaf": iter(node.leaves)}
    counts = {"node": 0, "leaf": 0}
    at = 0
    for one in said:
        if not isinstance(one, list) or len(one) != 4 or type(one[1]) is not int or type(one[3]) is not int or one[1] < 1:
            raise ValueError("a part that says not who made it, and where it is")
        name, protocol, where, number = one
        handler = part_handler(name, allowed)
        if where == "here" and 0 <= number <= len(rest) - at:
            yield handler, protocol, "here", rest[at : at + number]
            at += number
        elif where in ("node", "leaf") and number == counts[where] and (digest := next(named[where], None)) is not None:
            counts[where] += 1
            yield handler, protocol, where, digest
        else:
            raise ValueError(f"a part that is {str(where)[:40]!r} {number}, where there is none")
    if at != len(rest) or counts != {"node": len(node.nodes), "leaf": len(node.leaves)}:
        raise ValueError("a structure that brings more than its parts")
