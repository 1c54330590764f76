"""Shelf: where a handler puts the objects that a node names, and finds them again."""

from typing import Protocol

from mvlake.handlers.relatives import Relatives
from mvlake.records.digest import Digest


class Shelf(Protocol):
    """The objects of one lake, as far as a handler is concerned. Safe to use from several threads."""

    @property
    def relatives(self) -> Relatives:
        """The frames that this process kept on shelves of this lake lately."""
        ...

    def put(self, data: bytes, *, weight: int | None = None) -> Digest:
        """Keep an object, unless the lake has it, and return its name.

        `weight` is how many bytes of memory it stands for, where these are not its own: whoever waits hears of those.
        """
        ...

    def get(self, digest: Digest) -> bytes:
        """Return an object's content, verified. Raises MissingObject or DamagedObject."""
        ...

    def recall(self, content: Digest) -> Digest | None:
        """Return the node that this process made of some content, named by its fingerprint; None when there is none."""
        ...

    def brings(self, node: Digest) -> bool:
        """True when what names this node may be kept: the lake has it, or it comes with what is put here, with all below it."""
        ...

    def remember(self, content: Digest, node: Digest, size: int) -> None:
        """Say which node has been made of some content; `size` is how many bytes it takes with all that is below it."""
        ...
