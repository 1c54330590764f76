"""Kinds: classes told apart by identity. To compare or hash a class runs code of its metaclass, which may be anybody's."""

from collections.abc import Iterable, Iterator


class Kinds:
    """A set of classes.

    >>> int in Kinds(int, float), bool in Kinds(int, float)
    (True, False)
    """

    __slots__ = ("_by_identity",)

    def __init__(self, *kinds: type) -> None:
        self._by_identity = {id(kind): kind for kind in kinds}  # kept alive, or else an identity could come again

    def __contains__(self, kind: type) -> bool:
        return id(kind) in self._by_identity

    def holds_all(self, kinds: Iterable[type]) -> bool:
        """True when every one of the classes is in the set."""
        return set(map(id, kinds)) <= self._by_identity.keys()

    def __iter__(self) -> Iterator[type]:
        return iter(self._by_identity.values())

    def __or__(self, others: Iterable[type]) -> "Kinds":
        return Kinds(*self, *others)
