"""Wrapper state: the attributes of a boosting library's scikit-learn wrapper as canonical JSON, exactly, and back.

Plain values, numpy arrays and scalars, ordered and default dictionaries, and a fitted `LabelEncoder`: what XGBoost's and LightGBM's
wrappers keep beside their booster. A function (a custom objective, a callback) has no place here.
"""

import base64
import sys
from collections import OrderedDict, defaultdict
from typing import Any

from mvlake.records.canonical import Json, canonical, parse
from mvlake.records.plain import from_plain, is_plain, to_plain

_MAX_DEPTH = 20


def pack(kind: str, attributes: dict[str, Any]) -> bytes:
    """Return class name and attributes as one line of JSON; TypeError names the first attribute that has no place in it."""
    packed: dict[str, Json] = {}
    for name in attributes:
        try:
            packed[name] = _pack(attributes[name], 0)
        except (TypeError, ValueError) as error:
            raise TypeError(f"{name} is {error}") from error
    return canonical({"class": kind, "attributes": packed})


def unpack(data: bytes) -> tuple[str, dict[str, Any]]:
    """Return class name and attributes; ValueError for anything that `pack` does not write."""
    document = parse(data)
    if (
        not isinstance(document, dict)
        or not isinstance(document.get("attributes"), dict)
        or not isinstance(document.get("class"), str)
    ):
        raise ValueError("no class and attributes")  # noqa: TRY004 - damaged data, not a wrong type
    return document["class"], {name: _unpack(value, 0) for name, value in document["attributes"].items()}


def _pack(value: Any, depth: int) -> Json:
    if depth > _MAX_DEPTH:
        raise ValueError("nested too deeply")
    if is_plain(value):
        return ["plain", to_plain(value)]
    kind = type(value)
    if kind in (list, tuple):
        return [kind.__name__, [_pack(item, depth + 1) for item in value]]
    if kind in (dict, OrderedDict, defaultdict):
        return [kind.__name__, [[_pack(key, depth + 1), _pack(item, depth + 1)] for key, item in value.items()]]
    numpy = sys.modules.get("numpy")
    if numpy is not None and (kind is numpy.ndarray or isinstance(value, numpy.generic)):
        array = numpy.asarray(value)
        if array.dtype.hasobject:
            return ["objects", list(array.shape), [_pack(item, depth + 1) for item in array.ravel().tolist()]]
        raw = numpy.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        form = "array" if kind is numpy.ndarray else "scalar"
        return [form, raw.dtype.str, list(array.shape), base64.b64encode(raw.tobytes()).decode()]
    if kind is getattr(sys.modules.get("sklearn.preprocessing"), "LabelEncoder", None):
        return ["LabelEncoder", [[_pack(key, depth + 1), _pack(item, depth + 1)] for key, item in sorted(vars(value).items())]]
    raise TypeError(f"a {kind.__qualname__}, which is no data" if not callable(value) else "a function, which is code")


def _unpack(value: Any, depth: int) -> Any:
    if depth > _MAX_DEPTH or not isinstance(value, list) or len(value) < 2 or not isinstance(value[0], str):
        raise ValueError("not a packed value")
    kind, content = value[0], value[1]
    if kind == "plain":
        return from_plain(content)
    if kind in ("list", "tuple"):
        items = [_unpack(item, depth + 1) for item in content]
        return items if kind == "list" else tuple(items)
    if kind in ("dict", "OrderedDict", "defaultdict", "LabelEncoder"):
        pairs = {_unpack(key, depth + 1): _unpack(item, depth + 1) for key, item in content}
        return _mapping(kind, pairs)
    if kind in ("array", "scalar", "objects"):
        return _array(kind, value, depth)
    raise ValueError(f"unknown kind: {kind[:40]!r}")


def _mapping(kind: str, pairs: dict[Any, Any]) -> Any:
    if kind == "LabelEncoder":
        from sklearn.preprocessing import LabelEncoder

        encoder = LabelEncoder()
        vars(encoder).update(pairs)
        return encoder
    if kind == "defaultdict":
        return defaultdict(OrderedDict, pairs)  # LightGBM's evaluation results; the factory matters to no reader
    return OrderedDict(pairs) if kind == "OrderedDict" else pairs


def _array(kind: str, value: list[Any], depth: int) -> Any:
    import numpy as np

    if kind == "objects":
        cells: Any = np.empty(len(value[2]), dtype=object)
        for position, item in enumerate(value[2]):
            cells[position] = _unpack(item, depth + 1)
        return cells.reshape(value[1])
    dtype = np.dtype(str(value[1]))
    if dtype.hasobject:
        raise ValueError("objects are no numbers")
    array = np.frombuffer(bytearray(base64.b64decode(value[3], validate=True)), dtype=dtype).reshape(value[2])
    return array if kind == "array" else array[()]
