"""The structure handler: dictionaries, lists and tuples of frames, arrays and models, each part kept by its own handler.

`splits = {"train": one, "test": other}` shares chunks and rows with every other frame of the lake. What is plain throughout
is the plain handler's. A structure is taken only if all its parts are kept by handlers on our own list, which run no code.

Layout: magic, the length of a document (8 bytes, little-endian), the document as canonical JSON, then the bytes of all parts that
are `here`. The document has the `form`, and of each part the handler, protocol, where it is (`here`, `node`, `leaf`), and the
length of those that are here, or the place among the nodes or leaves.
"""

from collections.abc import Iterator
from struct import Struct
from typing import Any

from mvlake.errors import CannotFingerprint, NoHandler, ProtocolTooNew
from mvlake.handlers.contract import Handler
from mvlake.handlers.hashing import Parts
from mvlake.handlers.shelf import Shelf
from mvlake.handlers.structure_parts import CONTAINERS, MOST_PARTS, Part, are_same, held, part_handler, put_together, take_apart
from mvlake.records.canonical import Json, canonical, parse
from mvlake.records.closeness import Closeness
from mvlake.records.digest import Digest
from mvlake.records.kinds import Kinds
from mvlake.records.node import Node, read_node
from mvlake.records.summary import Summary, ValueSummary

SMALL = 256 << 10
"""Structures that weigh less are one object."""

_MAGIC = b"MVSTRU1\n"
_LENGTH = Struct("<Q")
_HERE = 16 << 10  # parts of fewer bytes are written here: a name and a place of their own would cost more
_WIDTH = 80
_SCALARS = Kinds(int, float, bool, type(None))


class StructureHandler(Handler):
    """`dict`, `list` and `tuple`, to a depth of 30, of plain values and objects of numpy, Arrow, frames, tensors and models."""

    name = "structure"
    protocol = 1
    suffix = ".structure"
    is_inert = True
    shares_memory = True
    """True for all: whether a part shares its memory depends on which parts there are."""

    def matches(self, obj: Any) -> bool:
        """True when the structure has parts, and all of them can be kept."""
        try:
            return type(obj) in CONTAINERS and bool(take_apart(obj)[1])
        except NoHandler:
            return False

    def refusal(self, obj: Any) -> str:
        """Return which part cannot be kept, and why."""
        try:
            if type(obj) in CONTAINERS:
                take_apart(obj)
        except NoHandler as error:
            return error.reason
        return super().refusal(obj)

    def fingerprint(self, obj: Any) -> Digest:
        """Return the digest of the form and of all parts' fingerprints."""
        form, parts = take_apart(obj)
        try:
            digest = Parts("structure.parts").data(canonical(form)).integer(len(parts))
        except ValueError as error:  # forms and plain values that are both deep are deeper than JSON may be
            raise CannotFingerprint(type(obj).__name__, reason=str(error)) from error
        for part in parts:
            digest.text(part.handler.name).digest(part.handler.fingerprint(part.obj))
        return digest.done()

    def summarize(self, obj: Any) -> Summary:
        """Return the beginning of the structure as Python writes it, with the classes of its parts in their places."""
        text = ""
        for token in _tokens(obj):
            text += token
            if len(text) > _WIDTH:
                text = f"{text[: _WIDTH - 1]}…"
                break
        return ValueSummary(type(obj).__name__, text, len(obj))

    def encode(self, obj: Any) -> bytes:
        """Return the structure with all its parts in one sequence of bytes."""
        form, parts = take_apart(obj)
        made = [part.handler.encode(part.obj) for part in parts]
        return _written(form, [[*_who(part), "here", len(data)] for part, data in zip(parts, made, strict=True)], made)

    def decode(self, data: bytes, *, protocol: int) -> Any:
        """Return the structure; ValueError for bytes that are none, or that name a handler which may have no parts."""
        return self._read(Node(data), None, protocol)

    def encode_parts(self, obj: Any, shelf: Shelf) -> bytes | Node:
        """Return a node that names its parts, each made by its own handler; one sequence of bytes for what weighs little."""
        if self.weight(obj) < SMALL:
            return self.encode(obj)
        form, parts = take_apart(obj)
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

    def decode_parts(self, made: bytes | Node, shelf: Shelf, *, protocol: int) -> Any:
        """Return the structure, whose parts may lie on the shelf; ValueError for one that does not fit what it names."""
        return self._read(made if isinstance(made, Node) else Node(made), shelf, protocol)

    def weight(self, obj: Any) -> int:
        """Return the sum of what the parts weigh.

        A model that tells no weight counts nothing, as when it is kept alone, in the foreground: the next cell may fit it again.
        """
        return sum(part.handler.weight(part.obj) for part in take_apart(obj)[1])

    def hold(self, obj: Any) -> Any:
        """Return the same containers, made anew, of parts that their handlers hold; what cannot change stays as it is."""
        return held(obj)

    def is_same(self, held: Any, obj: Any) -> bool:
        """True when the containers are alike, and every handler says so of its part."""
        return are_same(held, obj)

    def closeness(self, a: Any, b: Any) -> Closeness:
        """Return how far apart the parts are that differ most, for structures of one form."""
        (form, parts), (other, others) = take_apart(a), take_apart(b)
        if form != other or [part.handler for part in parts] != [part.handler for part in others]:
            return Closeness(reason="another form, or other plain values in it")
        found = [one.handler.closeness(one.obj, two.obj) for one, two in zip(parts, others, strict=True)]
        return next((one for one in found if one.reason), None) or _furthest(found)

    def _read(self, node: Node, shelf: Shelf | None, protocol: int) -> Any:
        if protocol > self.protocol:
            raise ProtocolTooNew(self.name, found=protocol, known=self.protocol)
        document, rest = _opened(node.payload)
        plan = list(_plan(document["parts"], node, rest))
        parts = []
        for handler, at, where, content in plan:
            if where == "here":
                parts.append(handler.decode(content, protocol=at))
                continue
            if shelf is None:
                raise ValueError("a structure that names parts, without a shelf")
            data = shelf.get(content)
            parts.append(handler.decode_parts(read_node(data) if where == "node" else data, shelf, protocol=at))
        return put_together(document["form"], parts)


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


def _plan(said: list[Any], node: Node, rest: bytes) -> Iterator[tuple[Handler, int, str, Any]]:
    """Yield who reads each part, and what. All of it is looked at before any part is read."""
    named = {"node": iter(node.nodes), "leaf": iter(node.leaves)}
    counts = {"node": 0, "leaf": 0}
    at = 0
    for one in said:
        if not isinstance(one, list) or len(one) != 4 or type(one[1]) is not int or type(one[3]) is not int or one[1] < 1:
            raise ValueError("a part that says not who made it, and where it is")
        name, protocol, where, number = one
        handler = part_handler(name)
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


def _furthest(found: list[Closeness]) -> Closeness:
    return Closeness(
        differing=sum(one.differing for one in found),
        total=sum(one.total for one in found),
        max_abs=max((one.max_abs for one in found), default=0.0),
        max_rel=max((one.max_rel for one in found), default=0.0),
        precision=min((one.precision for one in found if one.differing), default="float64"),
    )


def _tokens(value: Any) -> Iterator[str]:
    kind = type(value)
    if kind in CONTAINERS:
        opening, closing = ("{", "}") if kind is dict else ("[", "]") if kind is list else ("(", ")")
        yield opening
        for place, item in enumerate(value):
            yield ", " if place else ""
            if kind is dict:
                yield from _tokens(item)
                yield ": "
            yield from _tokens(value[item] if kind is dict else item)
        yield "," + closing if kind is tuple and len(value) == 1 else closing
    elif kind is str or kind is bytes:
        yield repr(value[: _WIDTH + 1])
    elif kind in _SCALARS:
        yield repr(value) if kind is not int or value.bit_length() < 4 * _WIDTH else hex(value)
    else:
        yield f"{kind.__module__.partition('.')[0]}.{kind.__qualname__}"


handler = StructureHandler()
