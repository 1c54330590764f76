"""Torch layers: the settings of known `torch.nn` layers as plain JSON, and the layers built again from them.

A layer is known when all that its constructor took lies in its attributes. Containers are known when all their members are; a
module with hooks, a subclass or anything else is described by its class alone, and cannot be built.
"""

import sys
from typing import Any

from mvlake.handlers.importable import importable_name
from mvlake.records.canonical import Json
from mvlake.records.plain import from_plain, is_plain, to_plain

_BIASED = ("bias",)  # a constructor flag whose attribute is the tensor itself
_CONVOLUTION = ("in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "groups", "padding_mode", "bias")
_NORM = ("num_features", "eps", "momentum", "affine", "track_running_stats")
_RECURRENT = ("input_size", "hidden_size", "num_layers", "bias", "batch_first", "dropout", "bidirectional")
_POOL = ("kernel_size", "stride", "padding")
_SETTINGS: dict[str, tuple[str, ...]] = {
    "Linear": ("in_features", "out_features", "bias"),
    "Bilinear": ("in1_features", "in2_features", "out_features", "bias"),
    **{f"Conv{n}d": _CONVOLUTION for n in (1, 2, 3)},
    **{f"BatchNorm{n}d": _NORM for n in (1, 2, 3)},
    **{f"InstanceNorm{n}d": _NORM for n in (1, 2, 3)},
    "LayerNorm": ("normalized_shape", "eps", "elementwise_affine"),
    "GroupNorm": ("num_groups", "num_channels", "eps", "affine"),
    "Embedding": ("num_embeddings", "embedding_dim", "padding_idx", "max_norm", "norm_type", "scale_grad_by_freq", "sparse"),
    "LSTM": _RECURRENT,
    "GRU": _RECURRENT,
    "RNN": ("input_size", "hidden_size", "num_layers", "nonlinearity", "bias", "batch_first", "dropout", "bidirectional"),
    **{f"MaxPool{n}d": (*_POOL, "dilation", "return_indices", "ceil_mode") for n in (1, 2, 3)},
    "AvgPool1d": (*_POOL, "ceil_mode", "count_include_pad"),
    "AvgPool2d": (*_POOL, "ceil_mode", "count_include_pad", "divisor_override"),
    **{f"Adaptive{kind}Pool{n}d": ("output_size",) for kind in ("Avg", "Max") for n in (1, 2, 3)},
    **dict.fromkeys(("Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout"), ("p", "inplace")),
    **dict.fromkeys(("ReLU", "ReLU6", "SiLU", "Mish", "Hardswish", "Hardsigmoid", "SELU"), ("inplace",)),
    **dict.fromkeys(("Sigmoid", "Tanh", "Softsign", "Tanhshrink", "LogSigmoid", "Identity"), ()),
    **dict.fromkeys(("Softmax", "LogSoftmax", "Softmin"), ("dim",)),
    "GELU": ("approximate",),
    "LeakyReLU": ("negative_slope", "inplace"),
    "ELU": ("alpha", "inplace"),
    "PReLU": ("num_parameters",),
    "Softplus": ("beta", "threshold"),
    "Flatten": ("start_dim", "end_dim"),
}
_CONTAINERS = frozenset({"Sequential", "ModuleList"})
_LARGEST = 1 << 28  # elements of one built layer: a hostile description must not ask for all memory
_MAX_DEPTH = 30


def describe(module: Any, depth: int = 0) -> Json:
    """Return class and settings of a module, and of its members where it is a container."""
    kind = _known_name(module)
    if not kind or depth > _MAX_DEPTH:
        return {"class": importable_name(type(module)) or f"{type(module).__module__}.{type(module).__qualname__}"}
    if kind in _CONTAINERS:
        members: list[Json] = [
            [name, describe(one, depth + 1)] for name, one in vars(module)["_modules"].items() if one is not None
        ]
        return {"class": kind, "members": members}
    values = {name: _setting(module, name) for name in _SETTINGS[kind]}
    if not all(is_plain(value) for value in values.values()):
        return {"class": f"torch.nn.{kind}"}
    return {"class": kind, "settings": {name: to_plain(value) for name, value in values.items()}}


def settings_of_layers(module: Any) -> Json:
    """Return class and plain attributes of a module and of all its members, known or not: what they are besides their tensors."""
    found: list[Json] = []
    pending, seen = [("", module)], set()
    while pending:
        name, one = pending.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        own = vars(one)
        plain = {
            key: to_plain(own[key]) for key in sorted(own) if key != "training" and not key.startswith("_") and is_plain(own[key])
        }
        found.append([name, type(one).__qualname__, plain])
        pending += [(f"{name}.{key}", member) for key, member in own.get("_modules", {}).items() if member is not None]
    return found


def rebuild(description: Any) -> Any:
    """Return the module that is described, its tensors not yet made; None when some part of it is not known."""
    from torch import device, nn

    with device("meta"):
        return _build(description, nn, 0)


def _build(description: Any, nn: Any, depth: int) -> Any:
    kind = description["class"]
    if depth > _MAX_DEPTH:
        raise ValueError("nested too deeply")
    if kind in _CONTAINERS and "members" in description:
        made = getattr(nn, kind)()
        for name, part in description["members"]:
            member = _build(part, nn, depth + 1)
            if member is None or not isinstance(name, str):
                return None
            made.add_module(name, member)
        return made
    if kind not in _SETTINGS or "settings" not in description:
        return None
    settings = {name: from_plain(description["settings"][name]) for name in _SETTINGS[kind]}
    if any(isinstance(value, int) and not -_LARGEST <= value <= _LARGEST for value in settings.values()):
        raise ValueError("a layer larger than any")
    if settings.get("num_layers", 1) > 1000:
        raise ValueError("more layers than any")
    # On the meta device, filling the padding row would first load half of torch: it is not in the settings but in the tensor.
    padding = settings.pop("padding_idx", None)
    made = getattr(nn, kind)(**settings)
    if "padding_idx" in _SETTINGS[kind]:
        made.padding_idx = padding
    return made


def _known_name(module: Any) -> str:
    """Return the class's name when the module is exactly a known layer, and nobody changed what it does."""
    nn, name, own = sys.modules["torch.nn"], type(module).__name__, vars(module)
    if type(module) is not getattr(nn, name, None) or (name not in _SETTINGS and name not in _CONTAINERS):
        return ""
    changed = any(
        own.get(table)
        for table in ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks", "parametrizations")
    )
    return "" if changed or "forward" in own else name


def _setting(module: Any, name: str) -> Any:
    own = vars(module)
    if name in _BIASED and type(own.get("bias")) is not bool:
        return own.get("_parameters", {}).get("bias") is not None
    return own.get(name)
