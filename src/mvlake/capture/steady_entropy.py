"""Steady entropy: what the operating system draws for cells comes from a number that an experiment says."""

import hashlib
import os
import random
import sys
import uuid
from collections.abc import Callable
from types import FrameType
from typing import Any

IsExempt = Callable[[FrameType | None], bool]


def hold_entropy(seed: int, is_exempt: IsExempt) -> None:
    """Let `os.urandom`, and with it `secrets`, `uuid` and unseeded generators of `random`, draw from a stream of ours."""
    real, real_seed = os.urandom, random.Random.seed
    drawn = 0

    def draw(size: int) -> bytes:
        nonlocal drawn
        drawn += 1
        return hashlib.shake_256(f"{seed} {drawn}".encode()).digest(size)

    def urandom(size: int, /) -> bytes:
        return real(size) if is_exempt(sys._getframe(1)) else draw(size)  # noqa: SLF001

    def seeded(self: Any, a: Any = None, version: int = 2) -> None:
        if a is None and not is_exempt(sys._getframe(1)):  # noqa: SLF001
            a = int.from_bytes(draw(32), "big")
        real_seed(self, a, version)

    os.urandom = urandom
    random._urandom = urandom  # type: ignore[attr-defined]  # noqa: SLF001 - SystemRandom's own name for it
    random.Random.seed = seeded  # type: ignore[method-assign]
    random.seed = random._inst.seed  # noqa: SLF001
    uuid._generate_time_safe = None  # type: ignore[attr-defined]  # noqa: SLF001 - C asks the clock; Python's way asks ours
