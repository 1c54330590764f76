"""Torch: the default generator, those of GPUs in use, and instances of `torch.Generator`."""

from typing import Any

from mvlake.capture.randomness.loaded import loaded
from mvlake.records.plain import from_plain, to_plain
from mvlake.records.randomness import GeneratorKind, GeneratorState

_MAX = 1 << 16


def default_generator() -> Any:
    """Return the generator of the processor, None while torch is not loaded whole."""
    return loaded("torch").get("default_generator")


def gpu_generators() -> tuple[Any, ...]:
    """Return those of the GPUs, none before CUDA is in use: asking would start it."""
    found = loaded("torch.cuda")
    return tuple(found.get("default_generators", ())) if found.get("_initialized") is True else ()


def birth() -> Any:
    """Return the raw state that the default generator began with: the seed is remembered, which torch takes from the machine."""
    generator = default_generator()
    if generator is None:
        return None
    return TorchFamily().read(type(generator)().manual_seed(generator.initial_seed()))


class TorchFamily:
    """Any `torch.Generator`. A state is the bytes that torch makes of it."""

    kind = GeneratorKind.TORCH

    def read(self, generator: Any) -> Any:
        """Return (device, bytes), past whatever the user has set torch up to do with tensors."""
        with loaded("torch._C")["DisableTorchFunction"]():
            return generator.device.type, bytes(generator.get_state().numpy())

    def is_as(self, generator: Any, raw: Any) -> bool:
        """True when the state is this one."""
        return bool(self.read(generator) == raw)

    def write(self, generator: Any, raw: Any) -> None:
        """Put it back; torch itself refuses what is no state."""
        device, data = raw
        if generator.device.type != device:
            raise ValueError(f"the generator is on {generator.device.type}, the state of {device}")
        torch = loaded("torch")
        generator.set_state(torch["frombuffer"](bytearray(data), dtype=torch["uint8"]))

    def is_seeded(self, generator: Any) -> bool:
        """True for all but the global ones: a new `torch.Generator()` has a fixed seed."""
        return generator is not default_generator() and not any(generator is one for one in gpu_generators())

    def said(self, raw: Any) -> GeneratorState:
        """Return the bytes, named for their device."""
        device, data = raw
        return GeneratorState(f"torch-{device}", to_plain(data))

    def understood(self, state: GeneratorState) -> Any:
        """Return what is put back."""
        word, _, device = state.algorithm.partition("-")
        data = from_plain(state.state)
        if word != "torch" or device not in ("cpu", "cuda") or type(data) is not bytes or not 0 < len(data) <= _MAX:
            raise ValueError("not a state of torch")
        return device, data
