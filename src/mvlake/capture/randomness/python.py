"""Python: `random`, and instances of `random.Random`."""

import random
import struct
from typing import Any

from mvlake.records.plain import from_plain, to_plain
from mvlake.records.randomness import GeneratorKind, GeneratorState

GLOBAL: random.Random = random._inst  # noqa: SLF001 - whose methods the module's functions are
KIND = random.Random
_ALGORITHM = "python-mt19937"
_VERSION, _WORDS = 3, 624
_KEY = struct.Struct(f"<{_WORDS}I")
_read, _write = random.Random.getstate, random.Random.setstate


class PythonFamily:
    """The Mersenne Twister of the standard library. Instances do not say what seeded them."""

    kind = GeneratorKind.PYTHON

    def read(self, generator: random.Random) -> Any:
        """Return what `getstate` does: (3, (624 words, position), a normal number kept for the next call)."""
        return _read(generator)

    def is_as(self, generator: random.Random, raw: Any) -> bool:
        """True when the state is this one."""
        return bool(_read(generator) == raw)

    def write(self, generator: random.Random, raw: Any) -> None:
        """Put it back."""
        _write(generator, raw)

    def is_seeded(self, generator: random.Random) -> bool:  # noqa: ARG002 - it does not tell
        """False: nobody knows."""
        return False

    def said(self, raw: Any) -> GeneratorState:
        """Return the words as bytes, little-endian, and the position."""
        _, (*words, position), gauss = raw
        return GeneratorState(_ALGORITHM, to_plain({"gauss": gauss, "key": _KEY.pack(*words), "position": position}))

    def understood(self, state: GeneratorState) -> Any:
        """Return what `setstate` takes."""
        if state.algorithm != _ALGORITHM:
            raise ValueError(f"not a state of Python's random: {state.algorithm[:40]}")
        key, position, gauss = mersenne(state)
        return _VERSION, (*_KEY.unpack(key), position), gauss


def mersenne(state: GeneratorState) -> tuple[bytes, int, float | None]:
    """Return key, position and kept normal number of a stored Mersenne Twister; ValueError when it could not be one."""
    found = from_plain(state.state)
    if type(found) is not dict or set(found) != {"gauss", "key", "position"}:
        raise ValueError("a state of other parts")
    key, position, gauss = found["key"], found["position"], found["gauss"]
    if type(key) is not bytes or len(key) != _KEY.size or type(position) is not int or not 0 <= position <= _WORDS:
        raise ValueError("a state of another size")
    if gauss is not None and type(gauss) is not float:
        raise ValueError("a kept number that is none")
    return key, position, gauss
