"""Structure: an object graph as a stream of leaves, and the fingerprint of that stream. True or refused.

A leaf is a piece of form ("a list of 3") or of content (a text, a number, an array). What goes in is decided by exact type:
Python's plain values and containers, numpy and scipy data and generators, functions and classes of installed libraries by name,
pieces of other handlers by their fingerprint, and instances of a few packages by class and pickled state. Anything else is
refused with its path.

What is *not* content, so that a model fitted twice alike has one fingerprint: the order of attributes, memory layout, padding of
records, values behind a mask, whether two equal parts are one object, scikit-learn's version stamp, the timings of a search
(`refit_time_`, `mean_fit_time`, …), the memory address by which a vectorizer knows its stop words again, and the usage counters of
neighbour trees.
"""

import math
import struct
import sys
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from types import BuiltinFunctionType, FunctionType
from typing import Any

from mvlake.errors import CannotFingerprint, MvlakeError
from mvlake.handlers.ancestry import class_path, descends, loaded
from mvlake.handlers.hashing import Parts
from mvlake.handlers.importable import importable_name
from mvlake.records.canonical import canonical
from mvlake.records.digest import Digest
from mvlake.records.kinds import Kinds
from mvlake.records.plain import is_plain, to_plain

_MAX_DEPTH = 100
_KEYS = Kinds(str, int)
_DICTIONARIES = Kinds(dict, OrderedDict, defaultdict)
_FUNCTIONS = Kinds(FunctionType, BuiltinFunctionType)
_MAX_LEAVES = 2_000_000
_PACKAGES = frozenset({"sklearn", "imblearn", "scipy", "numpy"})  # instances are taken by class and state
_HANDLED = frozenset({"pandas", "polars", "pyarrow", "xgboost", "lightgbm", "torch"})  # their own handlers know better
_VOLATILE = frozenset({"_sklearn_version", "refit_time_", "_stop_words_id"})
_TIMINGS = ("_fit_time", "_score_time")
_COUNTERS = slice(7, 11)  # of a neighbour tree's state: n_trims, n_leaves, n_splits, n_calls count past queries
_NAN = struct.pack("<d", math.nan)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One piece of an object graph. `value` is None, text, bytes, a whole number, a float, a Digest or a numeric numpy array."""

    path: str
    kind: str
    value: Any = None


Emit = Callable[[Leaf], None]


def fingerprint(obj: Any) -> Digest:
    """Return the digest of the object graph; CannotFingerprint names the first part that has none."""
    parts = Parts("structure/1")
    walk(obj, lambda leaf: _add(parts, leaf))
    return parts.done()


def walk(obj: Any, emit: Emit) -> None:
    """Hand every leaf of the object graph to `emit`, in an order that depends on content alone."""
    try:
        _Walk(emit).visit(obj, "")
    except (MvlakeError, MemoryError):
        raise
    except RecursionError:
        raise CannotFingerprint(class_path(obj), reason="nested too deeply") from None
    except Exception as error:  # a library's own state hook failed: there is no true answer
        raise CannotFingerprint(class_path(obj), reason=f"{type(error).__name__}: {error}") from error


def _add(parts: Parts, leaf: Leaf) -> None:
    parts.text(leaf.kind)
    value = leaf.value
    if value is None:
        return
    if isinstance(value, Digest):
        parts.digest(value)
    elif isinstance(value, str):
        parts.text(value)
    elif isinstance(value, bytes):
        parts.data(value)
    elif isinstance(value, float):
        parts.data(_NAN if math.isnan(value) else struct.pack("<d", value))
    elif isinstance(value, int):
        parts.integer(value)
    else:
        from mvlake.handlers.arrays import array_digest  # numpy is loaded: this value is an array

        parts.digest(array_digest(value))


class _Walk:
    """One pass over an object graph: remembers where it is, so that a cycle or an endless depth is refused."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._open: set[int] = set()
        self._count = 0

    def visit(self, obj: Any, path: str) -> None:
        scalar = _SCALARS.get(id(type(obj)))
        if scalar is not None:
            self._say(path, scalar, obj if obj is not None else None)
            return
        if id(obj) in self._open:
            raise self._refusal(obj, path, "it is a part of itself")
        if len(self._open) >= _MAX_DEPTH:
            raise self._refusal(obj, path, "nested too deeply")
        self._open.add(id(obj))
        try:
            self._compound(obj, path)
        finally:
            self._open.discard(id(obj))

    def _compound(self, obj: Any, path: str) -> None:
        kind = type(obj)
        if kind is list or kind is tuple:
            self._items(kind.__name__, obj, path)
        elif kind in _DICTIONARIES or kind is loaded("sklearn.utils", "Bunch"):
            self._mapping(obj, path)
        elif kind is set or kind is frozenset:
            self._set(obj, path)
        elif kind in _FUNCTIONS or descends(obj, type) or class_path(obj).rpartition(".")[2] in _NAMED_KINDS:
            self._named(obj, path)
        elif kind is partial:
            self._say(path, "partial")
            self.visit(obj.func, f"{path}.func")
            self.visit(obj.args, f"{path}.args")
            self.visit(obj.keywords, f"{path}.keywords")
        elif kind is slice:
            self._items("slice", (obj.start, obj.stop, obj.step), path)
        elif is_plain(obj):
            self._say(path, f"plain {kind.__name__}", canonical(to_plain(obj)))
        elif not self._numeric(obj, path):
            self._instance(obj, path)

    def _say(self, path: str, kind: str, value: Any = None) -> None:
        self._count += 1
        if self._count > _MAX_LEAVES:
            raise CannotFingerprint("graph", reason=f"more than {_MAX_LEAVES} parts")
        self._emit(Leaf(path, kind, value))

    def _items(self, kind: str, items: Any, path: str) -> None:
        self._say(path, kind, len(items))
        for position, item in enumerate(items):
            self.visit(item, f"{path}[{position}]")

    def _mapping(self, obj: dict[Any, Any], path: str) -> None:
        self._say(path, type(obj).__name__, len(obj))
        for key, item in dict.items(obj):
            self.visit(key, f"{path} key")
            self.visit(item, f"{path}[{key!r}]" if type(key) in _KEYS else f"{path}[…]")

    def _set(self, obj: Any, path: str) -> None:
        """A set has no order: its items stand in the order of their digests."""
        outer, digests = self._emit, []
        for item in obj:
            parts = Parts("structure/1 item")
            self._emit = lambda leaf, parts=parts: _add(parts, leaf)  # type: ignore[misc]
            try:
                self.visit(item, f"{path} item")
            finally:
                self._emit = outer
            digests.append(parts.done())
        self._say(path, type(obj).__name__, "".join(sorted(digests)))

    def _named(self, obj: Any, path: str) -> None:
        name = importable_name(obj)
        if name is None:
            what = getattr(obj, "__qualname__", type(obj).__name__)
            raise self._refusal(obj, path, f"{what} is code of the notebook or of a local module")
        self._say(path, "named", name)

    def _numeric(self, obj: Any, path: str) -> bool:
        if class_path(obj).partition(".")[0] not in ("numpy", "scipy"):
            return False
        import numpy as np

        if type(obj) is np.ndarray or descends(obj, np.generic):
            self._array(np.asarray(obj), path, "array" if type(obj) is np.ndarray else "scalar")
        elif type(obj) is np.ma.MaskedArray:
            mask = np.ma.getmaskarray(obj)
            self._say(path, "masked", str(obj.shape))
            self._array(mask, f"{path}.mask", "array")
            self._array(np.asarray(obj.data)[~mask], f"{path}.data", "array")
        elif descends(obj, np.dtype):
            self._say(path, "dtype", str(np.lib.format.dtype_to_descr(obj)))
        elif type(obj) is np.random.RandomState:
            self._state("RandomState", obj.get_state(legacy=False), path)
        elif type(obj) is np.random.Generator:
            self._state("Generator", obj.bit_generator.state, path)
            self.visit(obj.bit_generator.seed_seq, f"{path}.seed_seq")
        elif type(obj) is np.random.SeedSequence:
            self._state("SeedSequence", obj.state, path)
        elif "scipy.sparse" in sys.modules and sys.modules["scipy.sparse"].issparse(obj):
            self._sparse(obj, path)
        else:
            return False
        return True

    def _array(self, array: Any, path: str, kind: str) -> None:
        if array.dtype.names is not None:
            self._say(path, f"{kind} of records", f"{array.shape} {array.dtype.names}")
            for name in array.dtype.names:  # field by field: the padding between fields is not content
                self._array(array[name], f"{path}[{name!r}]", "array")
        elif array.dtype.hasobject:
            self._say(path, f"{kind} of objects", str(array.shape))
            for position, item in enumerate(array.ravel().tolist() if array.ndim else [array.item()]):
                self.visit(item, f"{path}[{position}]")
        else:
            self._say(path, kind, array)

    def _sparse(self, obj: Any, path: str) -> None:
        """A sparse matrix by its entries, sorted by place: index width and order of storage are layout."""
        import numpy as np

        entries = obj.tocsr(copy=True) if obj.ndim == 2 else None
        if entries is None:
            raise self._refusal(obj, path, "a sparse array that is no matrix")
        entries.sum_duplicates()
        self._say(path, type(obj).__name__, str(obj.shape))
        self._array(entries.indptr.astype(np.int64), f"{path}.indptr", "array")
        self._array(entries.indices.astype(np.int64), f"{path}.indices", "array")
        self._array(entries.data, f"{path}.data", "array")

    def _state(self, kind: str, state: Any, path: str) -> None:
        self._say(path, kind)
        self.visit(state, f"{path}.state")

    def _instance(self, obj: Any, path: str) -> None:
        package = class_path(obj).partition(".")[0]
        name = importable_name(type(obj))
        if name is None or package not in _PACKAGES | _HANDLED:
            raise self._refusal(obj, path, f"instances of {class_path(obj)} are not known to be data")
        if package in _HANDLED:
            from mvlake.handlers.lookup import handler_for  # lookup loads handlers, and handlers load this

            self._say(path, f"piece of {package}", handler_for(obj).fingerprint(obj))
            return
        self._say(path, "instance", name)
        # Only classes of the packages above come here: their own hooks say what their state is.
        reduced = obj.__reduce_ex__(4)
        if isinstance(reduced, str):
            raise self._refusal(obj, path, "it is a global of its library")
        maker, arguments, state, items, pairs = (*reduced, None, None, None)[:5]
        self.visit(maker, f"{path} maker")
        self.visit(arguments, f"{path} arguments")
        if type(state) is dict:
            self._attributes(state, path)
        elif state is not None:
            counted = type(obj).__name__ in ("KDTree", "BallTree") and type(state) is tuple
            self.visit((*state[: _COUNTERS.start], *state[_COUNTERS.stop :]) if counted else state, f"{path} state")
        for more in (items, pairs):
            if more is not None:
                self.visit(list(more), f"{path} items")

    def _attributes(self, state: dict[Any, Any], path: str) -> None:
        names = [name for name in state if name not in _VOLATILE]
        self._say(path, "attributes", len(names))
        for name in _sorted_texts(names):
            value = state[name]
            self._say(path, "attribute", name)
            if name == "cv_results_" and type(value) is dict:
                value = {key: one for key, one in value.items() if not (type(key) is str and key.endswith(_TIMINGS))}
            self.visit(value, f"{path}.{name}")

    def _refusal(self, obj: Any, path: str, reason: str) -> CannotFingerprint:
        return CannotFingerprint(class_path(obj), reason=f"{path.lstrip('.') or 'itself'}: {reason}")


def _sorted_texts(names: Iterable[Any]) -> list[str]:
    found = list(names)
    if not all(type(name) is str for name in found):
        raise TypeError("attributes that are not named by texts")
    return sorted(found)


_SCALARS = {id(kind): kind.__name__ for kind in (bool, int, float, str, bytes)} | {id(type(None)): "none"}
_NAMED_KINDS = frozenset(
    {"ufunc", "_ArrayFunctionDispatcher", "cython_function_or_method", "wrapper_descriptor", "builtin_function_or_method"}
)
