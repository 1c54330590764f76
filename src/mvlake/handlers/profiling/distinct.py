"""Distinct: how many different values there are, from the least hashes of them: exact for few, and else an estimate with its error.

The k least of the hashes of all values say how close hashes lie, and so how many there are: (k - 1) / U, where U is the k-th least
on a scale from 0 to 1, is unbiased, with a relative standard error of 1 / sqrt(k - 2) (Bar-Yossef et al., RANDOM 2002; Beyer et
al., SIGMOD 2007). Fewer than k different hashes are as many different values.
"""

import math
from typing import Any

import numpy as np

MOST = 4096
ERROR = round(1 / math.sqrt(MOST - 2), 4)
_ROOM = 4 * MOST
_SCALE = float(1 << 64)
_SLOTS, _TO_SLOT = 1 << 16, np.uint64(48)
_SHIFT = np.uint64(32)
_MIXER = np.uint64(0xD6E8FEB86659FD93)


class Distinct:
    """Takes words (uint64, equal for equal values) or numbers, block by block."""

    def __init__(self) -> None:
        self._least: list[Any] = []
        self._count = 0
        self._bound: Any = None
        self._met: Any = None  # of values met again and again, the hash lies here, by its first bits
        self._words: Any = np.empty(0)
        self._held: Any = np.empty(0, np.uint64)

    def add_numbers(self, numbers: Any) -> None:
        """Take a block of numbers without NaN."""
        if len(self._words) < len(numbers):
            self._words = np.empty(len(numbers))
        words = self._words[: len(numbers)]
        if numbers.dtype.kind == "f":
            np.add(numbers, 0.0, out=words, casting="same_kind")  # -0.0 is 0.0
        else:
            words = words.view(np.uint64)
            np.copyto(words, numbers, casting="unsafe")
        self.add(words.view(np.uint64))

    def add(self, words: Any) -> None:
        """Take a block of words, which are changed in place."""
        if len(self._held) < len(words):
            self._held = np.empty(len(words), np.uint64)
        hashes = mixed(words, self._held[: len(words)])
        hashes = self._new(hashes) if self._bound is None else hashes[hashes < self._bound]
        self._least.append(hashes)
        self._count += len(hashes)
        if self._count > _ROOM:
            self._shorten()

    def count(self) -> tuple[int, float]:
        """Return the number of different values, and the relative standard error of it: 0 where it is exact."""
        self._shorten()
        least = self._least[0]
        if len(least) < MOST:
            return len(least), 0.0
        return round((MOST - 1) / (float(least[-1]) / _SCALE)), ERROR

    def _new(self, hashes: Any) -> Any:
        """Return the hashes without most of those that were met before."""
        if self._met is None:
            self._met = np.zeros(_SLOTS, np.uint64)
            self._least.append(np.zeros(int((hashes == 0).any()), np.uint64))
        slots = (hashes >> _TO_SLOT).view(np.int64)
        fresh = self._met[slots] != hashes
        found = hashes[fresh]
        self._met[slots[fresh]] = found
        return found

    def _shorten(self) -> None:
        found = np.concatenate([np.empty(0, np.uint64), *self._least])
        found.sort()  # not `numpy.unique`, whose table of hashes takes several times as long
        least = found[np.concatenate([np.ones(min(len(found), 1), bool), found[1:] != found[:-1]])][:MOST]
        self._least, self._count = [least], len(least)
        if self._count == MOST and least[-1] < np.iinfo(np.uint64).max:
            self._bound = least[-1] + np.uint64(1)


def mixed(words: Any, held: Any) -> Any:
    """Return words each bit of which depends on all bits of what it was: the same array, changed in place, by way of `held`."""
    for _ in range(2):
        np.right_shift(words, _SHIFT, out=held)
        np.bitwise_xor(words, held, out=words)
        np.multiply(words, _MIXER, out=words)
    np.right_shift(words, _SHIFT, out=held)
    return np.bitwise_xor(words, held, out=words)
