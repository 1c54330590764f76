"""Values: which objects the value of an expression may share memory with, as tokens.

A token is text. `a` is the object that the global name `a` had before the cell; `+a` the one that the cell bound to `a`;
`f()` whatever calling the global `f` hands out, `.f()` what any method `f` does; `a[]` what lies inside of `a`, which its shallow
copies share; `?` any argument of the function being read, `self` its receiver.
"""

from collections.abc import Iterable
from dataclasses import dataclass

NOTHING: frozenset[str] = frozenset()
ARGUMENT = "?"
RECEIVER = "self "  # with a space: no global name reads so


@dataclass(frozen=True, slots=True)
class Value:
    """`own`: it may be that object or a part of it. `held`: a new container with such objects in it.

    `copied`: a shallow copy; only what lies inside its items is still shared.
    """

    own: frozenset[str] = NOTHING
    held: frozenset[str] = NOTHING
    copied: frozenset[str] = NOTHING

    @property
    def parts(self) -> frozenset[str]:
        """What changing any part of it may change, copies left out."""
        return self.own | self.held if self.held else self.own

    def item(self) -> "Value":
        """Return the value of one of its items or attributes."""
        inside = frozenset(inner(one) for one in self.own if is_earlier(one))
        if not (inside or self.held or self.copied):
            return self
        return Value(self.own | inside | self.held | self.copied)

    def copy(self) -> "Value":
        """Return a shallow copy's value."""
        return Value(copied=self.own | self.held | self.copied)


FRESH = Value()


def either(values: Iterable[Value]) -> Value:
    """Return the value that may be any of these."""
    found = [one for one in values if one is not FRESH]
    if len(found) < 2:
        return found[0] if found else FRESH
    return Value(
        NOTHING.union(*(one.own for one in found)),
        NOTHING.union(*(one.held for one in found)),
        NOTHING.union(*(one.copied for one in found)),
    )


def container(values: Iterable[Value]) -> Value:
    """Return a new container of these values."""
    found = [one for one in values if one is not FRESH]
    if not found:
        return FRESH
    return Value(held=NOTHING.union(*(one.parts for one in found)), copied=NOTHING.union(*(one.copied for one in found)))


def earlier(name: str) -> str:
    """Return the token of the object that a global name had before the cell."""
    return name


def inner(name: str) -> str:
    """Return the token of what lies inside of the object that a global name had before the cell."""
    return f"{name}[]"


def is_earlier(token: str) -> bool:
    """True for the token of an object that a global name had before the cell."""
    return token.isidentifier()


def new(name: str) -> str:
    """Return the token of the object that the cell binds to a global name."""
    return f"+{name}"


def result(name: str) -> str:
    """Return the token of what calling a global name hands out."""
    return f"{name}()"
