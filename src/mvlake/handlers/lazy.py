"""Lazy: the objects that are no data but a way to it: plans, iterators, cursors, connections, open files, data sets, mapped arrays.

They are told by their classes alone: by one of Python's own, by the package and name of a class that they descend from, or, of any
library's connections and cursors, by the methods that the database API asks of these. No library is imported, and nothing of the
object runs. A class that lies about its name is described as what it says, which costs nobody anything.
"""

import io
import re
import types
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from mvlake.handlers.ancestry import lineage
from mvlake.records.described import LazyKind
from mvlake.records.kinds import Kinds

_MODULE = type.__dict__["__module__"]
_NAME = type.__dict__["__name__"]
_MEMBERS = type.__dict__["__dict__"]

_EMPTY: tuple[Any, ...] = ((), [], "", b"", {}, {}.items(), {}.values(), set(), range(0))
_ITERATORS: tuple[Any, ...] = (*map(iter, _EMPTY), reversed([]), re.finditer("", ""))


@dataclass(frozen=True, slots=True)
class Lazy:
    """What an object is, and what it is called in a sentence: `a generator`."""

    kind: LazyKind
    called: str

    @property
    def refusal(self) -> str:
        """Why it cannot be kept as a part of something else."""
        return f"{self.called}: {_REASONS[self.kind]}"


_REASONS: Mapping[LazyKind, str] = {
    LazyKind.PLAN: "keeping it could compute it; keep its result",
    LazyKind.ITERATOR: "reading it would consume it",
    LazyKind.CURSOR: "reading it would consume it",
    LazyKind.CONNECTION: "it is an open handle of this process and would mean nothing in another",
    LazyKind.FILE: "it is an open handle of this process and would mean nothing in another",
    LazyKind.DATASET: "keeping it could make all of its items",
    LazyKind.MAPPED: "a pickle would read its file to the end; keep np.array(x)",
}
_ITERATOR = Lazy(LazyKind.ITERATOR, "an iterator")
_CURSOR = Lazy(LazyKind.CURSOR, "a cursor of a database")
_CONNECTION = Lazy(LazyKind.CONNECTION, "a database connection")
_PLAN = Lazy(LazyKind.PLAN, "a plan, not data")
_FILE = Lazy(LazyKind.FILE, "an open file")
_DATASET = Lazy(LazyKind.DATASET, "a data set")
_MAPPED = Lazy(LazyKind.MAPPED, "an array that is mapped from a file")

_BUILTIN: tuple[tuple[type, Lazy], ...] = (
    (types.GeneratorType, Lazy(LazyKind.ITERATOR, "a generator")),
    (types.AsyncGeneratorType, Lazy(LazyKind.ITERATOR, "an asynchronous generator")),
    (io.IOBase.__mro__[1], _FILE),
    *((type(one), _ITERATOR) for one in _ITERATORS),
    *((kind, _ITERATOR) for kind in (map, filter, zip, enumerate, reversed, type(iter(int, 1)))),
)

# Their class has whatever what they point at could have.
_PROXIES = Kinds(weakref.ProxyType, weakref.CallableProxyType)

# By the top package of a class, then by its name.
_FOREIGN: Mapping[str, Mapping[str, Lazy]] = {
    "sqlite3": {"Connection": _CONNECTION, "Cursor": _CURSOR, "Blob": _FILE},
    "duckdb": {"DuckDBPyRelation": _PLAN, "DuckDBPyConnection": _CONNECTION},
    "_duckdb": {"DuckDBPyRelation": _PLAN, "DuckDBPyConnection": _CONNECTION},
    "psycopg": {"Connection": _CONNECTION, "AsyncConnection": _CONNECTION, "Cursor": _CURSOR, "AsyncCursor": _CURSOR},
    "psycopg2": {"connection": _CONNECTION, "cursor": _CURSOR},
    "asyncpg": {"Connection": _CONNECTION, "Pool": _CONNECTION, "Cursor": _CURSOR},
    "sqlalchemy": {
        "Engine": _CONNECTION,
        "AsyncEngine": _CONNECTION,
        "Connection": _CONNECTION,
        "AsyncConnection": _CONNECTION,
        "Session": _CONNECTION,
        "AsyncSession": _CONNECTION,
        "scoped_session": _CONNECTION,
        "ResultInternal": _CURSOR,
        "Query": _PLAN,
    },
    "polars": {"LazyFrame": _PLAN, "LazyGroupBy": _PLAN},
    "dask": {"DaskMethodsMixin": _PLAN, "Delayed": _PLAN, "FrameBase": _PLAN},
    "dask_expr": {"FrameBase": _PLAN},
    "pyspark": {
        "DataFrame": _PLAN,
        "GroupedData": _PLAN,
        "RDD": _PLAN,
        "SparkSession": _CONNECTION,
        "SparkContext": _CONNECTION,
    },
    "ibis": {"Expr": _PLAN, "BaseBackend": _CONNECTION},
    "pyarrow": {"Dataset": _DATASET, "Scanner": _PLAN, "RecordBatchReader": _ITERATOR, "NativeFile": _FILE},
    "pandas": {"TextFileReader": _ITERATOR, "HDFStore": _FILE, "ExcelFile": _FILE},
    "torch": {"Dataset": _DATASET, "DataLoader": _DATASET},
    "tensorflow": {"DatasetV2": _DATASET, "DatasetV1": _DATASET},
    "datasets": {"Dataset": _DATASET, "IterableDataset": _DATASET, "DatasetDict": _DATASET, "IterableDatasetDict": _DATASET},
    "numpy": {"memmap": _MAPPED, "NpzFile": _FILE},
    "h5py": {"Dataset": _MAPPED, "Group": _FILE},
    "zarr": {"Array": _MAPPED, "AsyncArray": _MAPPED, "Group": _FILE, "AsyncGroup": _FILE},
    "netCDF4": {"Dataset": _FILE, "Variable": _MAPPED},
    "tables": {"File": _FILE, "Node": _MAPPED},
    "xarray": {"AbstractDataStore": _FILE},
    "zipfile": {"ZipFile": _FILE},
    "tarfile": {"TarFile": _FILE},
    "tempfile": {"_TemporaryFileWrapper": _FILE},
}
_ORDINARY = ("datasets", "tables")  # a module of the user's own may well be called so: only a package's modules are meant
# What PEP 249 asks of every library's connections and cursors.
_OF_CURSORS = ("execute", "executemany", "fetchone", "fetchmany", "fetchall")
_OF_CONNECTIONS = ("cursor", "commit", "rollback", "close")


def lazy_of(obj: Any) -> Lazy | None:
    """Return in which way an object is no data yet, None for all others. Runs nothing of it."""
    if type(obj) in _PROXIES:
        return None
    kinds, known = lineage(obj), _known()
    for kind in kinds:
        found = known.get(id(kind)) or _named(kind)
        if found is not None:
            return found
    strange = [kind for kind in kinds if kind is not Iterator and kind is not object]
    if _have(strange, _OF_CURSORS):
        return _CURSOR
    if _have(strange, _OF_CONNECTIONS):
        return _CONNECTION
    return _ITERATOR if _have(strange, ("__next__",)) or _have(strange, ("__anext__",)) else None


def _named(kind: type) -> Lazy | None:
    module = _MODULE.__get__(kind) if kind is not object else None
    if type(module) is not str:  # a class may say anything about itself
        return None
    package, dot, _ = module.partition(".")
    return _FOREIGN.get(package, {}).get(_NAME.__get__(kind)) if dot or package not in _ORDINARY else None


def _have(kinds: list[type], names: tuple[str, ...]) -> bool:
    return all(any(name in _MEMBERS.__get__(kind) for kind in kinds) for name in names)


@cache
def _known() -> Mapping[int, Lazy]:
    return {id(kind): lazy for kind, lazy in _BUILTIN}
