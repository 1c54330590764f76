"""Handler: what turns live objects of one library into bytes and back, fingerprints and summarises them.

To add a library, write one file with a `Handler`, declare its instance under the entry point group `mvlake.handlers` with
the name of the library's top package, and inherit `mvlake.testing.HandlerContract` in a test.

A changed encoding bumps `protocol` and keeps its old reader: `decode` is told the protocol that was written.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import IO, TYPE_CHECKING, Any, ClassVar

from mvlake.errors import Invalid
from mvlake.handlers.examined import Examined
from mvlake.handlers.shelf import Shelf
from mvlake.records.closeness import NEGLIGIBLE, Closeness
from mvlake.records.digest import Digest
from mvlake.records.node import Node
from mvlake.records.summary import Summary

if TYPE_CHECKING:
    from mvlake.handlers.learning.weights import Weights
    from mvlake.handlers.predictions import Predictions
    from mvlake.handlers.screen import Screen
    from mvlake.handlers.stored_table import StoredTable


class Handler(ABC):
    """One library's way into a lake and out again."""

    name: ClassVar[str]
    """The handler's name in artifacts; also an entry point, by which artifacts are decoded."""

    protocol: ClassVar[int]
    """The encoding that `encode` writes now, from 1."""

    suffix: ClassVar[str]
    """The file suffix of encoded bytes, such as ".npy"."""

    export_suffix: ClassVar[str] = ""
    """The file suffix of what `export` writes, where that is not the encoded bytes."""

    is_inert: ClassVar[bool]
    """True when `decode` can run no code that the bytes bring, whatever they are. Decided here, never by the bytes."""

    shares_memory: ClassVar[bool] = False
    """True when what `hold` returns shares the object's memory: a write that goes round its library's protection reaches it."""

    @abstractmethod
    def matches(self, obj: Any) -> bool:
        """True when this handler takes the object. Runs no code of the object's: look at `type(obj)` only."""

    @abstractmethod
    def fingerprint(self, obj: Any) -> Digest:
        """Return the digest of the object's logical content: equal for every memory layout of equal content.

        True or refused: raises CannotFingerprint, never guesses.
        """

    @abstractmethod
    def summarize(self, obj: Any) -> Summary:
        """Return what to say of the object without its content."""

    def examine(self, obj: Any) -> tuple[Digest, Summary]:
        """Return fingerprint and summary at once; a handler whose two share work does that work once."""
        return self.fingerprint(obj), self.summarize(obj)

    def examined(self, obj: Any) -> Examined:
        """Return the object with all that `examine` finds; a handler whose encoding takes the same look shares it."""
        digest, summary = self.examine(obj)
        return Examined(
            digest,
            summary,
            encode=lambda shelf: self.encode_parts(obj, shelf),
            is_unchanged=lambda _: not self.shares_memory or self.fingerprint(obj) == digest,
        )

    def screened(self, obj: Any, screen: "Screen") -> Any:  # noqa: ARG002
        """Return the object without what column policies hide, the very same one where that is nothing; never alter it.

        Only handlers of frames look; Unsupported where nothing would be left.
        """
        return obj

    def refusal(self, obj: Any) -> str:  # noqa: ARG002
        """Return why an object of this library is not taken; asked after `matches` said no, and as careful as `matches`."""
        return f"the {self.name} handler does not take this type"

    @abstractmethod
    def encode(self, obj: Any) -> bytes:
        """Return the bytes from which `decode` makes an object of the same fingerprint; raises NoHandler when it cannot."""

    @abstractmethod
    def decode(self, data: bytes, *, protocol: int) -> Any:
        """Return the object that `encode` of this or an older protocol wrote. The bytes are verified, but may be hostile."""

    def encode_parts(self, obj: Any, shelf: Shelf) -> bytes | Node:  # noqa: ARG002
        """Like `encode`; but what versions could share goes on the shelf, object by object, and the node returned names it.

        A handler whose objects are small, or rarely share anything, does without.
        """
        return self.encode(obj)

    def decode_parts(self, made: bytes | Node, shelf: Shelf, *, protocol: int) -> Any:  # noqa: ARG002
        """Return the object of which `encode_parts` of this or an older protocol made this. It is verified, but may be hostile."""
        if isinstance(made, Node):
            raise ValueError(f"a node, which the {self.name} handler never makes")  # noqa: TRY004 - the type is right, the bytes are not
        return self.decode(made, protocol=protocol)

    def open_table(self, made: bytes | Node, shelf: Shelf, *, protocol: int) -> "StoredTable":  # noqa: ARG002
        """Return the frame of which `encode_parts` made this, to read some of its columns or rows, or to export it.

        Only handlers of frames have one; the others refuse.
        """
        raise Invalid(f"what the {self.name} handler keeps is no frame", hint="load it whole, without columns=, rows= or as_=")

    def export(self, made: bytes | Node, shelf: Shelf, file: IO[bytes], *, protocol: int, tell: Callable[[int, int], None]) -> None:
        """Write what `encode_parts` made to an open file that others read; `tell` hears how much of how much is written.

        A handler whose encoding nobody else reads says here what they do read, and its suffix in `export_suffix`.
        """
        if isinstance(made, Node):
            made = self.encode(self.decode_parts(made, shelf, protocol=protocol))
        file.write(made)
        tell(len(made), len(made))

    def from_table(self, table: Any) -> Any:  # noqa: ARG002
        """Return an Arrow table as a frame of this library; only handlers of frames can."""
        raise Invalid(f"the {self.name} handler makes no frames", hint='as_="arrow", as_="pandas" or as_="polars"')

    def weight(self, obj: Any) -> int:  # noqa: ARG002
        """Return about how many bytes of memory the object's content takes, from its form alone, in no time.

        0 means little, or unknown: such an object is kept at once, while the user waits. One that has a weight may be held, and
        written while the user goes on.
        """
        return 0

    def width(self, obj: Any) -> int:  # noqa: ARG002
        """Return how many columns the object has that are looked at one by one; 1 where it is looked at as a whole."""
        return 1

    def hold(self, obj: Any) -> Any:
        """Return a stand-in with the object's present content, which no later change to the object reaches.

        The object itself when it is immutable. It is let go when it has been written.
        """
        return self.decode(self.encode(obj), protocol=self.protocol)

    def is_same(self, held: Any, obj: Any) -> bool:
        """True when one glance shows that the object still has the content that was held; False when it takes a closer look."""
        return held is obj

    def closeness(self, a: Any, b: Any, negligible: float = NEGLIGIBLE) -> Closeness:  # noqa: ARG002
        """Return how far apart the numbers of two objects of this handler are.

        What is no further apart than `negligible` has no relative distance.
        """
        return Closeness(reason=f"{type(a).__name__} has no numeric distance")

    def predictions(self, obj: Any, data: Any) -> "Predictions | None":  # noqa: ARG002
        """Return what a model of this handler says of data, None where its handler does not ask; Invalid where it cannot."""
        return None

    def weights(self, obj: Any) -> "Iterable[Weights]":  # noqa: ARG002
        """Return the numbers that a model of this handler learned, kind by kind; nothing where its handler does not look."""
        return ()
