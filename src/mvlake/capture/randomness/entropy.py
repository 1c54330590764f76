"""Entropy: what the operating system gives NumPy to seed generators that nobody seeds (`default_rng()`), while a cell runs.

NumPy asks through one name in one module. It stands for ours from a cell's beginning to its end, and is put back then, unless
somebody else has replaced it meanwhile. NumPy also asks when a `RandomState(seed)` is made, before it takes the seed: so the call
that led here is looked at (`callers`).
"""

import sys
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from mvlake.capture.aside import is_aside
from mvlake.capture.randomness.callers import Callers
from mvlake.capture.randomness.loaded import loaded
from mvlake.capture.randomness.numpy import BITS
from mvlake.records.plain import from_plain, to_plain
from mvlake.records.randomness import GeneratorState

_NAME, _ALGORITHM = "randbits", "os-entropy"
_MOST = 10_000
_MOST_BITS = 1 << 20

Given = tuple[int, int]
"""How many bits were asked for, and what was given."""


@dataclass(slots=True)
class Drawn:
    """What one cell was given. `again` is what a replay gives instead of asking: as long as the same numbers of bits are wanted.

    `is_seeded`: all of it went to generators that were given a seed, which decides in its place.
    """

    given: list[Given] = field(default_factory=list)
    is_seeded: bool = True
    again: deque[Given] = field(default_factory=deque)


class EntropyTap:
    """Notes what NumPy is given, for each cell under way."""

    def __init__(self) -> None:
        self._original: Callable[[int], int] | None = None
        self._cells: list[Drawn] = []
        self._callers = Callers()

        def randbits(k: int) -> int:
            return self._answer(k)

        self._ours = randbits

    def begin(self, again: Iterable[Given] = ()) -> Drawn:
        """Note from now on what is given; where NumPy is not loaded, nothing is."""
        drawn = Drawn(again=deque(again))
        self._cells.append(drawn)
        self.reach()
        return drawn

    def reach(self) -> None:
        """Take NumPy's question over, if NumPy is loaded by now."""
        module = cast("dict[str, Any]", loaded(BITS))
        if self._original is None and callable(module.get(_NAME)):
            self._original = module[_NAME]
            module[_NAME] = self._ours

    def end(self, drawn: Drawn) -> None:
        """Put everything back with the last cell under way."""
        self._cells = [one for one in self._cells if one is not drawn]
        if self._original is not None and not self._cells:
            module = cast("dict[str, Any]", loaded(BITS))
            if module.get(_NAME) is self._ours:
                module[_NAME] = self._original
            self._original = None
            self._callers.forget()

    def _answer(self, bits: int) -> int:
        value = None
        for one in self._cells:
            if value is None and one.again and one.again[0][0] == bits:
                value = one.again.popleft()[1]
        if value is None:
            value = (self._original or _system)(bits)
        if is_aside():
            return value
        has_seed = self._callers.gives_a_seed(sys._getframe(2))  # noqa: SLF001 - whoever called NumPy, which has no frame
        for one in self._cells:
            one.is_seeded = one.is_seeded and has_seed
            if len(one.given) < _MOST:
                one.given.append((bits, value))
        return value


def said(given: Iterable[Given]) -> GeneratorState:
    """Return what was given as it is stored."""
    return GeneratorState(_ALGORITHM, to_plain([[bits, value] for bits, value in given]))


def understood(state: GeneratorState) -> list[Given]:
    """Return what is stored; ValueError for what is none."""
    found = from_plain(state.state)
    if state.algorithm != _ALGORITHM or type(found) is not list or len(found) > _MOST:
        raise ValueError("not what an operating system gave")
    for one in found:
        if type(one) is not list or len(one) != 2 or any(type(number) is not int for number in one):
            raise ValueError("not pairs of numbers")
        if not 0 < one[0] <= _MOST_BITS or not 0 <= one[1] < 1 << one[0]:
            raise ValueError("a number of more bits than were asked for")
    return [(bits, value) for bits, value in found]


def _system(bits: int) -> int:
    """Answer a call that was under way when everything was put back."""
    import secrets

    return secrets.randbits(bits)
