"""The numpy handler: arrays and scalars of every dtype, as `.npy` without pickle.

An object array is taken when its cells are plain values; it and a scalar are written as JSON, for `.npy` would pickle the one
and forget the other. Subclasses (masked arrays, memory maps, matrices) are not taken: they mean more than their numbers.
"""

import base64
import io
import math
from dataclasses import replace
from typing import Any

import numpy as np

from mvlake.errors import NoHandler, ProtocolTooNew
from mvlake.handlers.arrays import STRINGS, are_same_bytes, array_digest, is_boxed
from mvlake.handlers.contract import Handler
from mvlake.handlers.distance import Distance
from mvlake.handlers.examined import Examined
from mvlake.handlers.hashing import Parts
from mvlake.handlers.profiling.cells import profiled_array
from mvlake.records.canonical import canonical, parse
from mvlake.records.closeness import NEGLIGIBLE, Closeness
from mvlake.records.digest import Digest
from mvlake.records.kinds import Kinds
from mvlake.records.plain import from_plain, to_plain
from mvlake.records.summary import ArraySummary, Summary

__all__ = ["NumpyHandler", "array_digest", "handler"]

_MAGIC = b"\x93NUMPY"
_SCALARS = Kinds(*(np.dtype(code).type for code in np.typecodes["All"] if code != "O"))
_SLICE = 1 << 17  # cells that are looked at together for the range


class NumpyHandler(Handler):
    """`numpy.ndarray` and numpy's scalars. Metadata of a dtype is ignored."""

    name = "numpy"
    protocol = 1
    suffix = ".npy"
    is_inert = True

    def matches(self, obj: Any) -> bool:
        """True for exact arrays and scalars."""
        return type(obj) is np.ndarray or type(obj) in _SCALARS

    def refusal(self, obj: Any) -> str:
        """Return why a relative of an array is not taken."""
        return f"{type(obj).__name__} may mean more than its numbers; numpy.array(x) makes a plain array of them"

    def fingerprint(self, obj: Any) -> Digest:
        """Return the digest of dtype, shape and cells; a scalar differs from an array without dimensions."""
        if type(obj) is np.ndarray:
            return array_digest(obj)
        return Parts("numpy.scalar").digest(array_digest(np.asarray(obj))).done()

    def summarize(self, obj: Any) -> Summary:
        """Return type, dtype, shape and range."""
        array = np.asarray(obj)
        low, high, mean = _range(array)
        return ArraySummary(f"numpy.{type(obj).__name__}", str(array.dtype), array.shape, low, high, mean)

    def examined(self, obj: Any) -> Examined:
        """Return the array with what is profiled of it: all cells, and the columns of a narrow table of numbers."""
        found = super().examined(obj)
        return replace(found, profiled=profiled_array(obj, found.digest)) if type(obj) is np.ndarray else found

    def encode(self, obj: Any) -> bytes:
        """Return `.npy` bytes; JSON for scalars and boxed arrays."""
        if type(obj) is not np.ndarray:
            return canonical({"scalar": base64.b64encode(_npy(np.asarray(obj))).decode()})
        return _boxed(obj) if is_boxed(obj.dtype) else _npy(obj)

    def decode(self, data: bytes, *, protocol: int) -> Any:
        """Return the array or scalar; ValueError for bytes that are none."""
        if protocol > self.protocol:
            raise ProtocolTooNew(self.name, found=protocol, known=self.protocol)
        if data[: len(_MAGIC)] == _MAGIC:
            return _from_npy(data)
        document = parse(data)
        if "scalar" in document:
            return _from_npy(base64.b64decode(document["scalar"]))[()]
        return _from_boxed(document)

    def hold(self, obj: Any) -> Any:
        """Return a copy: even a read-only array may be a window on memory that somebody else writes."""
        if type(obj) is not np.ndarray:
            return obj
        return super().hold(obj) if obj.dtype.hasobject else obj.copy(order="K")

    def weight(self, obj: Any) -> int:
        """Return the bytes of the array; 0 for one of objects, which lie elsewhere."""
        return 0 if is_boxed(obj.dtype) else int(obj.nbytes)

    def is_same(self, held: Any, obj: Any) -> bool:
        """True when every byte is as it was. numpy tells nobody of a write; comparing takes a fraction of what a digest does."""
        if type(obj) is not np.ndarray:
            return held is obj
        return not is_boxed(obj.dtype) and are_same_bytes(held, obj)

    def closeness(self, a: Any, b: Any, negligible: float = NEGLIGIBLE) -> Closeness:
        """Return the distance between arrays of floats or complex numbers; others have one only when they are equal."""
        left, right = np.asarray(a), np.asarray(b)
        if isinstance(a, np.ndarray) is not isinstance(b, np.ndarray):
            return Closeness(reason=f"{type(a).__name__} became {type(b).__name__}")
        distance = Distance(negligible)
        if left.dtype == right.dtype and left.dtype.kind not in "fc":
            problem = "" if self.fingerprint(a) == self.fingerprint(b) else f"values of dtype {left.dtype} differ"
        else:
            problem = distance.add_arrays(left, right)
        return Closeness(reason=problem) if problem else distance.closeness()


def _npy(array: Any) -> bytes:
    """Return `.npy` bytes, Fortran order kept, with zeros in the padding between fields."""
    dtype = array.dtype
    try:
        if dtype.names is not None:
            clean = np.zeros(array.shape, dtype)
            for name in dtype.names:
                clean[name] = array[name]
            array = clean
        elif dtype.metadata is not None:
            array = array.view(np.dtype(dtype.str))
        target = io.BytesIO()
        np.lib.format.write_array(target, array, allow_pickle=False)
    except ValueError as error:
        raise NoHandler("numpy.ndarray", reason=f"dtype {dtype} has no .npy form: {error}") from error
    return target.getvalue()


def _from_npy(data: bytes) -> Any:
    source = io.BytesIO(data)
    array = np.lib.format.read_array(source, allow_pickle=False)
    if source.read(1):
        raise ValueError("bytes after the end of the array")
    return array


def _boxed(array: Any) -> bytes:
    """Return an object or StringDType array as JSON."""
    dtype = array.dtype
    if dtype.names is not None or (dtype.char == STRINGS and hasattr(dtype, "na_object")):
        raise NoHandler("numpy.ndarray", reason=f"dtype {dtype} holds Python objects inside")
    try:
        cells = to_plain(array.ravel().tolist())
        strings = {"coerce": dtype.coerce} if dtype.char == STRINGS else None
        return canonical({"shape": list(array.shape), "strings": strings, "cells": cells})
    except (TypeError, ValueError) as error:
        raise NoHandler("numpy.ndarray", reason=f"a cell is {error}") from error


def _from_boxed(document: Any) -> Any:
    cells, strings = from_plain(document["cells"]), document["strings"]
    dtype = object if strings is None else np.dtypes.StringDType(coerce=strings["coerce"])
    array: Any = np.empty(len(cells), dtype)
    for position, cell in enumerate(cells):  # all at once, numpy would look inside cells that are lists
        array[position] = cell
    return array.reshape(document["shape"])


def _range(array: Any) -> tuple[float | None, float | None, float | None]:
    """Return lowest, highest and mean of the finite numbers, looking at a slice of them at a time."""
    if array.dtype.kind not in "biuf" or not array.size:
        return None, None, None
    low, high, total, count = math.inf, -math.inf, 0.0, 0
    flat = array.ravel(order="K") if array.flags.forc else array.flat
    for start in range(0, array.size, _SLICE):
        part = flat[start : start + _SLICE]
        if array.dtype.kind == "f":
            # Their sum is finite only if all of them are; a sum that overflows merely takes the slower way.
            with np.errstate(all="ignore"):
                part = part if np.isfinite(part.sum()) else part[np.isfinite(part)]
        if part.size:
            low, high = min(low, float(part.min())), max(high, float(part.max()))
            with np.errstate(all="ignore"):
                total, count = total + float(part.sum(dtype=np.float64)), count + part.size
    if not count or not (math.isfinite(low) and math.isfinite(high)):
        return None, None, None
    # Twelve digits: the order in which memory lays the numbers out does not show in their mean.
    return low, high, float(f"{total / count:.12g}") if math.isfinite(total) else None


handler = NumpyHandler()
