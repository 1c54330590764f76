"""The structure handler: dictionaries, lists and tuples of frames, arrays and models, each part kept by its own handler.

`splits = {"train": one, "test": other}` shares chunks and rows with every other frame of the lake. What is plain throughout
is the plain handler's. A structure is taken only if all its parts are kept by handlers on our own list, which run no code.
"""

from collections.abc import Iterator
from typing import Any

from mvlake.errors import CannotFingerprint, NoHandler, ProtocolTooNew
from mvlake.handlers.contract import Handler
from mvlake.handlers.hashing import Parts
from mvlake.handlers.shelf import Shelf
from mvlake.handlers.structure_layout import packed, shelved, unpacked
from mvlake.handlers.structure_parts import CONTAINERS, are_same, held, put_together, take_apart
from mvlake.records.canonical import canonical
from mvlake.records.closeness import NEGLIGIBLE, Closeness, joined
from mvlake.records.digest import Digest
from mvlake.records.kinds import Kinds
from mvlake.records.node import Node
from mvlake.records.summary import Summary, ValueSummary

SMALL = 256 << 10
"""Structures that weigh less are one object."""

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
        return packed(*take_apart(obj))

    def decode(self, data: bytes, *, protocol: int) -> Any:
        """Return the structure; ValueError for bytes that are none, or that name a handler which may have no parts."""
        return self._read(Node(data), None, protocol)

    def encode_parts(self, obj: Any, shelf: Shelf) -> bytes | Node:
        """Return a node that names its parts, each made by its own handler; one sequence of bytes for what weighs little."""
        return self.encode(obj) if self.weight(obj) < SMALL else shelved(*take_apart(obj), shelf)

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

    def closeness(self, a: Any, b: Any, negligible: float = NEGLIGIBLE) -> Closeness:
        """Return how far apart the parts are that differ most, for structures of one form."""
        (form, parts), (other, others) = take_apart(a), take_apart(b)
        if form != other or [part.handler for part in parts] != [part.handler for part in others]:
            return Closeness(reason="another form, or other plain values in it")
        found = [one.handler.closeness(one.obj, two.obj, negligible) for one, two in zip(parts, others, strict=True)]
        return next((one for one in found if one.reason), None) or _furthest(found)

    def _read(self, node: Node, shelf: Shelf | None, protocol: int) -> Any:
        if protocol > self.protocol:
            raise ProtocolTooNew(self.name, found=protocol, known=self.protocol)
        return put_together(*unpacked(node, shelf))


def _furthest(found: list[Closeness]) -> Closeness:
    return Closeness(
        total=sum(one.total for one in found),
        gaps=joined([gap for one in found for gap in one.gaps]),
        note=", ".join(dict.fromkeys(one.note for one in found if one.note)),
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
