"""NumPy: the legacy generator behind `numpy.random`, and instances of `RandomState` and `Generator`."""

import ctypes
import struct
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any

from mvlake.capture.randomness.loaded import loaded
from mvlake.capture.randomness.python import mersenne
from mvlake.records.plain import from_plain, to_plain
from mvlake.records.randomness import GeneratorKind, GeneratorState

LEGACY_MODULE, MODULE, BITS = "numpy.random.mtrand", "numpy.random._generator", "numpy.random.bit_generator"
_ALGORITHMS = {"MT19937": "_mt19937", "PCG64": "_pcg64", "PCG64DXSM": "_pcg64", "Philox": "_philox", "SFC64": "_sfc64"}
_TWISTER = struct.Struct("<624Ii")
_KEY_SIZE = 2496
_CHOSEN_BITS = 64  # whoever chooses a seed chooses a short one; the operating system gives 128 bits
_DTYPES = {"<u4": 4, "<u8": 8}


def legacy_global() -> Any:
    """Return the generator behind `numpy.random.rand` and the like, None while NumPy's is not loaded."""
    return loaded(LEGACY_MODULE).get("_rand")


def load_random() -> None:
    """Load `numpy.random` where the user has NumPy without it: NumPy leaves that to its first use."""
    if "numpy._core" in sys.modules and LEGACY_MODULE not in sys.modules:
        with suppress(Exception):  # whatever is wrong with that NumPy, the user's cell will say it
            import_module("numpy.random")


def birth() -> Any:
    """Return the raw state with which that generator was made, told by its entropy; None when it was seeded since."""
    legacy = legacy_global()
    bits = None if legacy is None else bits_of(legacy)
    if bits is None or type(bits) is not loaded("numpy.random._mt19937").get("MT19937"):
        return None
    sequence = bits.seed_seq
    if sequence is None or type(sequence) is not loaded(BITS).get("SeedSequence"):
        return None
    return LegacyFamily().read(type(legacy)(type(bits)(type(sequence)(sequence.entropy))))


def bits_of(generator: Any) -> Any:
    """Return the bit generator of an instance of exactly one of NumPy's own classes; None where it is a stranger's."""
    bits = generator._bit_generator  # noqa: SLF001 - the public name makes a capsule each time
    name = type.__dict__["__name__"].__get__(type(bits))
    home = _ALGORITHMS.get(name)
    return bits if home is not None and loaded(f"numpy.random.{home}").get(name) is type(bits) else None


def entropy_of(generator: Any) -> int | None:
    """Return what the operating system gave to seed a generator; None where somebody chose a seed, or it cannot be told."""
    bits = bits_of(generator)
    sequence = None if bits is None else bits.seed_seq
    entropy = sequence.entropy if sequence is not None and type(sequence) is loaded(BITS).get("SeedSequence") else None
    return entropy if type(entropy) is int and entropy.bit_length() > _CHOSEN_BITS else None


class LegacyFamily:
    """RandomState: a Mersenne Twister and a normal number kept for the next call."""

    kind = GeneratorKind.NUMPY_LEGACY

    def read(self, generator: Any) -> Any:
        """Return (words and position as they lie in memory, has a kept number, that number)."""
        state = generator.get_state(legacy=False)
        if state["bit_generator"] != "MT19937":
            raise ValueError(f"a RandomState on {state['bit_generator']}")
        return _packed(state["state"]["key"], int(state["state"]["pos"])), int(state["has_gauss"]), float(state["gauss"])

    def is_as(self, generator: Any, raw: Any) -> bool:
        """True when the state is this one. Reading memory tells mostly; 30 times as quick as asking."""
        packed, has_gauss, _ = raw
        bits = bits_of(generator)
        if type(bits) is loaded("numpy.random._mt19937").get("MT19937"):
            is_same: bool = ctypes.string_at(bits.ctypes.state_address, _TWISTER.size) == packed
            if not is_same or not has_gauss:  # a kept number is made by drawing, and may be used without
                return is_same
        return bool(self.read(generator) == raw)

    def write(self, generator: Any, raw: Any) -> None:
        """Put it back."""
        packed, has_gauss, gauss = raw
        *key, position = _TWISTER.unpack(packed)
        state = {"bit_generator": "MT19937", "state": {"key": key, "pos": position}, "has_gauss": has_gauss, "gauss": gauss}
        generator.set_state(state)

    def is_seeded(self, generator: Any) -> bool:
        """True when it was made with a seed: `seed()` without one leaves no trace, and is taken for a seed."""
        return generator is not legacy_global() and entropy_of(generator) is None

    def said(self, raw: Any) -> GeneratorState:
        """Return it in the form of Python's own."""
        packed, has_gauss, gauss = raw
        position = _TWISTER.unpack(packed)[-1]
        key = packed[:_KEY_SIZE] if sys.byteorder == "little" else struct.pack("<624I", *_TWISTER.unpack(packed)[:-1])
        return GeneratorState(
            "numpy-mt19937-legacy", to_plain({"gauss": gauss if has_gauss else None, "key": key, "position": position})
        )

    def understood(self, state: GeneratorState) -> Any:
        """Return what is put back."""
        if state.algorithm != "numpy-mt19937-legacy":
            raise ValueError(f"not a state of numpy.random: {state.algorithm[:40]}")
        key, position, gauss = mersenne(state)
        return _TWISTER.pack(*struct.unpack("<624I", key), position), int(gauss is not None), 0.0 if gauss is None else gauss


class NumpyFamily:
    """Generator, on any of NumPy's own bit generators."""

    kind = GeneratorKind.NUMPY

    def read(self, generator: Any) -> Any:
        """Return what the bit generator says, as tuples."""
        bits = bits_of(generator)
        if bits is None:
            raise ValueError("a bit generator that is not NumPy's own")
        return _frozen(bits.state)

    def is_as(self, generator: Any, raw: Any) -> bool:
        """True when the state is this one."""
        return bool(self.read(generator) == raw)

    def write(self, generator: Any, raw: Any) -> None:
        """Put it back; ValueError where the generator is of another algorithm by now."""
        bits, state = bits_of(generator), _thawed(raw)
        if bits is None or state["bit_generator"] != type(bits).__name__:
            raise ValueError(f"the generator is no {state['bit_generator']}")
        bits.state = state

    def is_seeded(self, generator: Any) -> bool:
        """True when it was made with a seed."""
        return entropy_of(generator) is None

    def said(self, raw: Any) -> GeneratorState:
        """Return it as NumPy's dictionary, arrays as their type and bytes."""
        state = dict(raw)
        return GeneratorState(f"numpy-{state['bit_generator'].lower()}", to_plain(_named(raw)))

    def understood(self, state: GeneratorState) -> Any:
        """Return what is put back. Each position is checked: NumPy would read beyond its arrays."""
        found = from_plain(state.state)
        if type(found) is not dict or found.get("bit_generator") not in _ALGORITHMS:
            raise ValueError("not a state of a numpy Generator")
        if state.algorithm != f"numpy-{found['bit_generator'].lower()}":
            raise ValueError(f"a state of {found['bit_generator']} that is called {state.algorithm[:40]}")
        _check(found)
        return _frozen_from(found)


def _packed(key: Any, position: int) -> bytes:
    return bytes(key.tobytes()) + position.to_bytes(4, sys.byteorder)


def _frozen(state: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Return a dictionary of NumPy's as tuples: arrays as (type, bytes)."""
    found: list[tuple[str, Any]] = []
    for name, value in state.items():
        if type(value) is dict:
            found.append((name, _frozen(value)))
        elif type(value) is str:
            found.append((name, value))
        elif hasattr(value, "tobytes") and value.ndim:  # NumPy made it
            found.append((name, (f"<u{value.dtype.itemsize}", value.astype(f"<u{value.dtype.itemsize}").tobytes())))
        else:
            found.append((name, int(value)))
    return tuple(found)


def _named(raw: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    """Return the tuples as the dictionary that is stored."""
    found: dict[str, Any] = {}
    for name, value in raw:
        if type(value) is tuple:
            is_array = type(value[0]) is str
            found[name] = {"data": value[1], "dtype": value[0]} if is_array else _named(value)
        else:
            found[name] = value
    return dict(sorted(found.items()))


def _frozen_from(stored: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Return the stored dictionary as tuples again."""
    found: list[tuple[str, Any]] = []
    for name, value in stored.items():
        if type(value) is dict:
            is_array = set(value) == {"data", "dtype"}
            found.append((name, (value["dtype"], value["data"]) if is_array else _frozen_from(value)))
        else:
            found.append((name, value))
    return tuple(found)


def _thawed(raw: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    """Return the tuples as NumPy takes them."""
    found: dict[str, Any] = {}
    for name, value in raw:
        if type(value) is not tuple:
            found[name] = value
        elif type(value[0]) is str:
            found[name] = loaded("numpy")["frombuffer"](value[1], dtype=value[0])
        else:
            found[name] = _thawed(value)
    return found


_BUFFERS = {"MT19937": ("state", "pos", 624), "Philox": ("", "buffer_pos", 4)}
_ARRAYS = {
    "MT19937": {("state", "key"): ("<u4", 624)},
    "PCG64": {},
    "PCG64DXSM": {},
    "Philox": {("state", "counter"): ("<u8", 4), ("state", "key"): ("<u8", 2), ("", "buffer"): ("<u8", 4)},
    "SFC64": {("state", "state"): ("<u8", 4)},
}


def _check(found: dict[str, Any]) -> None:
    """Raise ValueError for a stored state that could not be one of its algorithm's."""
    name, inner = found["bit_generator"], found.get("state")
    if type(inner) is not dict:
        raise ValueError(f"a state of {name} without its words")
    arrays = dict(_ARRAYS[name])
    for (folder, key), (dtype, count) in arrays.items():
        value = (inner if folder else found).get(key)
        if type(value) is not dict or set(value) != {"data", "dtype"} or value["dtype"] != dtype:
            raise ValueError(f"a state of {name} without {key}")
        if type(value["data"]) is not bytes or len(value["data"]) != count * _DTYPES[dtype]:
            raise ValueError(f"a {key} of another size")
    folder, key, last = _BUFFERS.get(name, ("", "", 0))
    if key and not _is_number((inner if folder else found).get(key), last):
        raise ValueError(f"a {key} beyond {last}")
    plain = [value for part in (found, inner) for value in part.values() if type(value) is not dict]
    if any(type(value) is not str and not _is_number(value, 1 << 128) for value in plain):
        raise ValueError("numbers that are none")


def _is_number(value: Any, most: int) -> bool:
    return type(value) is int and 0 <= value <= most
