"""Progress: how a long piece of work says how far it is. Whoever wants to know gives a function that takes these."""

from collections.abc import Callable
from typing import TypeAlias

Tell: TypeAlias = Callable[[str, int, int], None]
"""Takes what is being done, how much of it is done, and how much there is; 0 where that is not known, SENTENCE for a sentence."""

SENTENCE = -1
"""In place of how much there is: what is told is a sentence on what is about to be done, and is to stay to be read."""


def tell_nobody(what: str, done: int, size: int) -> None:
    """Say nothing."""


def say(tell: Tell, sentence: str) -> None:
    """Tell a sentence."""
    tell(sentence, 0, SENTENCE)
