"""Progress: how a long piece of work says how far it is. Whoever wants to know gives a function that takes these."""

from collections.abc import Callable
from typing import TypeAlias

Tell: TypeAlias = Callable[[str, int, int], None]
"""Takes what is being done, how much of it is done, and how much there is; 0 where that is not known."""


def tell_nobody(what: str, done: int, size: int) -> None:
    """Say nothing."""
