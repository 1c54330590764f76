"""The torch handler: tensors and modules through safetensors, never through `torch.load`.

A tensor comes back as it was: values, dtype, `requires_grad`. What a module is made of is code, which no file of tensors can hold:
layers of `torch.nn` whose settings we know, and `Sequential` or `ModuleList` of them, are built again; of any other module the
state comes back, an ordered dictionary of tensors for its `load_state_dict`, and the summary says so (`restores_as`).

Fingerprints count class, names, dtypes, shapes and values, and the plain settings of all layers; not strides, gradients or the
training flag (predicting toggles it), nor the code of a class. Tensors that are not in the processor's memory are refused.
"""

import sys
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from mvlake.compare.learned import WeightKind
from mvlake.errors import CannotFingerprint, MissingLibrary, NoHandler, ProtocolTooNew
from mvlake.handlers.ancestry import descends, loaded
from mvlake.handlers.contract import Handler
from mvlake.handlers.examined import Examined
from mvlake.handlers.hashing import Parts
from mvlake.handlers.importable import importable_name
from mvlake.handlers.learning.weights import Weights
from mvlake.handlers.model_summary import library_version, setting, type_name
from mvlake.handlers.profiling.cells import profiled_array
from mvlake.handlers.torch_layers import describe, rebuild, settings_of_layers
from mvlake.records.canonical import Json, canonical, parse
from mvlake.records.closeness import NEGLIGIBLE, Closeness
from mvlake.records.digest import Digest
from mvlake.records.kinds import Kinds
from mvlake.records.summary import ArraySummary, ModelSummary, Summary

_MODULES_SHOWN = 50
_SINGLE = "tensor"


class TorchHandler(Handler):
    """`torch.Tensor`, `torch.nn.Parameter`, and every `torch.nn.Module`."""

    name = "torch"
    protocol = 1
    suffix = ".safetensors"
    is_inert = True

    def matches(self, obj: Any) -> bool:
        """True for tensors and modules; whatever the subclass of Module, its parameters are tensors."""
        return _is_tensor(obj) or _is_module(obj)

    def refusal(self, obj: Any) -> str:  # noqa: ARG002 - one reason fits all
        """Return why an object of torch is not taken."""
        return "only tensors and modules are kept; of an optimizer, its state_dict() is plain data and tensors"

    def fingerprint(self, obj: Any) -> Digest:
        """Return the digest of dtypes, shapes and values, and for a module of its class and what is known of its layers."""
        parts = Parts("torch").text(_kind(obj))
        if _is_module(obj):
            parts.data(canonical(settings_of_layers(obj)))
        for name, tensor in _tensors(obj).items():
            problem = _unreadable(tensor)
            if problem:
                raise CannotFingerprint(_class_of(obj), reason=f"{name} is {problem}")
            parts.text(name).text(str(tensor.dtype)).data(canonical([*tensor.shape])).data(_canonical_bytes(tensor))
        return parts.done()

    def summarize(self, obj: Any) -> Summary:
        """Return shape and range of a tensor; parameters and layers of a module."""
        return _array_summary(obj) if _is_tensor(obj) else _module_summary(obj)

    def examined(self, obj: Any) -> Examined:
        """Return the object with what is profiled of a tensor: the cells of one that lies here, densely."""
        found = super().examined(obj)
        if not _is_tensor(obj) or obj.is_complex():
            return found
        return replace(found, profiled=profiled_array(_array(obj), found.digest))

    def encode(self, obj: Any) -> bytes:
        """Return safetensors with a description as metadata; NoHandler for tensors that live elsewhere or have no dense form."""
        try:
            from safetensors.torch import save
        except ModuleNotFoundError as error:
            raise NoHandler(_class_of(obj), reason="safetensors is not installed: pip install safetensors") from error
        tensors = _tensors(obj)
        for name, tensor in tensors.items():
            problem = _unreadable(tensor)
            if problem:
                raise NoHandler(_class_of(obj), reason=f"{name} is {problem}")
        about: dict[str, Json] = {"kind": _kind(obj), "names": list(tensors)}
        if _is_module(obj):
            about["layers"] = describe(obj)
            about["training"] = bool(vars(obj).get("training"))
        about["learning"] = [name for name, tensor in tensors.items() if tensor.requires_grad]
        # Tied weights are one storage under two names, which safetensors refuses: each is written for itself.
        dense = {name: tensor.detach().clone().contiguous() for name, tensor in tensors.items()}
        return bytes(save(dense, metadata={"mvlake": canonical(about).decode()}))

    def weights(self, obj: Any) -> Iterable[Weights]:
        """Return the tensors of a module, or of a module's state."""
        tensors = {} if _is_tensor(obj) else _tensors_of(obj)
        return [Weights(WeightKind.LAYERS, "", list(tensors), [_array(one) for one in tensors.values()])] if tensors else []

    def decode(self, data: bytes, *, protocol: int) -> Any:
        """Return the tensor, the module, or the module's state as an ordered dictionary."""
        if protocol > self.protocol:
            raise ProtocolTooNew(self.name, found=protocol, known=self.protocol)
        try:
            import torch
            from safetensors.torch import load
        except ModuleNotFoundError as error:
            raise MissingLibrary(self.name, library=str(error.name).partition(".")[0]) from error
        tensors = load(data)
        about = parse(parse_header(data)["__metadata__"]["mvlake"].encode())
        state = OrderedDict((str(name), tensors[name]) for name in about["names"])
        learning = set(about["learning"])
        if about["kind"] == "parameter":
            return torch.nn.Parameter(state[_SINGLE], requires_grad=bool(learning))
        if about["kind"] == "tensor":
            return state[_SINGLE].requires_grad_(bool(learning))
        module = rebuild(about["layers"])
        if module is None:
            return state
        module.load_state_dict(state, strict=True, assign=True)
        for name, parameter in module.named_parameters():
            parameter.requires_grad_(name in learning)
        return module.train(bool(about["training"]))

    def hold(self, obj: Any) -> Any:
        """Return a clone; a module's is made without asking its class, which may be the user's."""
        return _cloned_tensor(obj) if _is_tensor(obj) else _cloned_module(obj, {})

    def weight(self, obj: Any) -> int:
        """Return the bytes of all tensors; 0 when one of them cannot be kept."""
        tensors = _tensors(obj).values()
        return 0 if any(_unreadable(one) for one in tensors) else sum(one.nbytes for one in tensors)

    def is_same(self, held: Any, obj: Any) -> bool:
        """True when a tensor has every byte that it had.

        Its own count of changes (`_version`) is not asked: writes through `.data` and through numpy are missing from it.
        """
        return _is_tensor(obj) and not _unreadable(obj) and _are_same_bytes(held, obj)

    def closeness(self, a: Any, b: Any, negligible: float = NEGLIGIBLE) -> Closeness:
        """Return the distance over all tensors of the same names."""
        from mvlake.handlers.torch_distance import distance

        return distance(_tensors_of(a), _tensors_of(b), negligible)


def parse_header(data: bytes) -> Any:
    """Return the JSON header of safetensors bytes; ValueError when there is none. The reader has no word for metadata in memory."""
    length = int.from_bytes(data[:8], "little")
    if len(data) < 8 or length > min(len(data) - 8, 100 << 20):
        raise ValueError("no safetensors header")
    return parse(data[8 : 8 + length])


def _is_tensor(obj: Any) -> bool:
    return type(obj) is loaded("torch", "Tensor") or type(obj) is loaded("torch.nn", "Parameter")


def _is_module(obj: Any) -> bool:
    return descends(obj, loaded("torch.nn", "Module"))


def _kind(obj: Any) -> str:
    if _is_module(obj):
        return (
            f"{type(obj).__module__}.{type(obj).__qualname__}"
            if importable_name(type(obj)) is None
            else str(importable_name(type(obj)))
        )
    return "parameter" if type(obj).__name__ == "Parameter" else "tensor"


def _class_of(obj: Any) -> str:
    return type(obj).__name__


def _tensors(obj: Any) -> dict[str, Any]:
    """Return parameters and persistent buffers by name, without asking a user's own state hooks."""
    if _is_tensor(obj):
        return {_SINGLE: obj}
    found: dict[str, Any] = {}
    pending, seen = [("", obj)], set()
    while pending:
        prefix, module = pending.pop(0)
        if id(module) in seen:
            continue
        seen.add(id(module))
        own = vars(module)
        for table, dropped in (("_parameters", ()), ("_buffers", own.get("_non_persistent_buffers_set", ()))):
            found.update(
                {prefix + name: one for name, one in own.get(table, {}).items() if one is not None and name not in dropped}
            )
        pending += [(f"{prefix}{name}.", one) for name, one in own.get("_modules", {}).items() if one is not None]
    return dict(sorted(found.items()))


def _cloned_tensor(tensor: Any) -> Any:
    problem = _unreadable(tensor)
    if problem:
        raise NoHandler(_class_of(tensor), reason=f"it is {problem}")
    clone = tensor.detach().clone()
    if _kind(tensor) == "parameter":
        return sys.modules["torch"].nn.Parameter(clone, requires_grad=tensor.requires_grad)
    return clone.requires_grad_(tensor.requires_grad)


def _cloned_module(module: Any, made: dict[int, Any]) -> Any:
    if id(module) in made:
        return made[id(module)]
    clone = made[id(module)] = object.__new__(type(module))
    own = dict(vars(module))
    for table in ("_parameters", "_buffers"):
        own[table] = {name: None if one is None else _cloned_tensor(one) for name, one in own.get(table, {}).items()}
    own["_modules"] = {name: None if one is None else _cloned_module(one, made) for name, one in own.get("_modules", {}).items()}
    vars(clone).update(own)
    return clone


def _unreadable(tensor: Any) -> str:
    torch = sys.modules["torch"]
    if type(tensor) not in Kinds(torch.Tensor, torch.nn.Parameter, torch.nn.Buffer):
        return f"a {type(tensor).__name__}, not a plain tensor"
    if tensor.device.type != "cpu":
        return f"on {tensor.device.type}: move it with .cpu() to keep it"
    if tensor.layout is not torch.strided or tensor.is_quantized:
        return "sparse or quantized: it has no dense form"
    return ""


def _canonical_bytes(tensor: Any) -> Any:
    """Return the values in C order, little endian on every machine that torch runs on, each NaN alike."""
    torch = sys.modules["torch"]
    dense = tensor.detach().resolve_conj().resolve_neg().contiguous()
    if dense.is_floating_point() and dense.dtype.itemsize > 1 and bool(torch.isnan(dense).any()):
        dense = torch.where(torch.isnan(dense), torch.full_like(dense, float("nan")), dense)
    return memoryview(dense.reshape(-1).view(torch.uint8).numpy()) if dense.numel() else b""


def _are_same_bytes(a: Any, b: Any) -> bool:
    from mvlake.handlers.arrays import are_same_bytes

    one, other = a.detach(), b.detach()
    if type(a) is not type(b) or one.dtype != other.dtype or one.shape != other.shape or not other.numel():
        return False
    if not (one.is_contiguous() and other.is_contiguous()) or other.is_conj() or other.is_neg():
        return False
    raw = sys.modules["torch"].uint8
    return are_same_bytes(one.reshape(-1).view(raw).numpy(), other.reshape(-1).view(raw).numpy())


def _array(tensor: Any) -> Any:
    return (tensor.float() if tensor.dtype is sys.modules["torch"].bfloat16 else tensor).detach().numpy()


def _tensors_of(obj: Any) -> dict[str, Any]:
    return dict(obj) if isinstance(obj, OrderedDict) else _tensors(obj)


def _array_summary(obj: Any) -> ArraySummary:
    dtype, shape = str(obj.dtype).removeprefix("torch."), tuple(int(length) for length in obj.shape)
    if _unreadable(obj) or obj.is_complex() or not obj.numel():
        return ArraySummary(type_name(obj), dtype, shape)
    torch = sys.modules["torch"]
    numbers = obj.detach().reshape(-1).double()
    numbers = numbers[torch.isfinite(numbers)]
    if not numbers.numel():
        return ArraySummary(type_name(obj), dtype, shape)
    return ArraySummary(type_name(obj), dtype, shape, float(numbers.min()), float(numbers.max()), float(numbers.mean()))


def _module_summary(obj: Any) -> ModelSummary:
    tensors = _tensors(obj)
    own = {name: one for name, one in tensors.items() if type(one).__name__ == "Parameter"}
    layers = _layers(obj)
    return ModelSummary(
        type=type_name(obj),
        is_fitted=bool(own),  # a module has no word for it: it can predict as soon as it has parameters
        settings=(),
        library="torch",
        library_version=library_version("torch"),
        learned=(
            setting("parameters", sum(one.numel() for one in own.values())),
            setting("trainable", sum(one.numel() for one in own.values() if one.requires_grad)),
            setting("layers", layers[:_MODULES_SHOWN]),
            setting("restores_as", "module" if rebuild(describe(obj)) is not None else "state_dict"),
        ),
    )


def _layers(obj: Any) -> list[str]:
    names, pending, seen = [], [obj], set()
    while pending:
        module = pending.pop(0)
        if id(module) in seen:
            continue
        seen.add(id(module))
        children = [one for one in vars(module).get("_modules", {}).values() if one is not None]
        if not children:
            names.append(type(module).__qualname__)
        pending = children + pending
    return names


handler = TorchHandler()
