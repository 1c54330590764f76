"""Lazy traits: what is known of lazy things without asking them: fields of objects whose exact class is their library's own.

Of a subclass nothing is read but its class, for its fields may be code.
"""

import contextlib
import io
import sqlite3
import types
from collections.abc import Callable, Iterator
from typing import Any

from mvlake.handlers.ancestry import loaded
from mvlake.records.described import Trait

_LONGEST, _MOST = 1000, 50
_BUFFERS = (io.BufferedReader, io.BufferedWriter, io.BufferedRandom)


def traits_of(obj: Any) -> tuple[Trait, ...]:
    """Return what is known of a lazy object; nothing for most."""
    kind: Any = type(obj)
    told: Callable[[Any], Iterator[tuple[str, str]]] | None = None
    if kind is types.GeneratorType:
        told = _of_generator
    elif kind is io.TextIOWrapper or any(kind is one for one in (*_BUFFERS, io.FileIO)):
        told = _of_file
    elif kind is sqlite3.Cursor:
        told = _of_cursor
    elif kind is loaded("numpy", "memmap"):
        told = _of_memmap
    elif kind is loaded("torch.utils.data", "TensorDataset"):
        told = _of_tensors
    found: list[Trait] = []
    with contextlib.suppress(ValueError, AttributeError):  # a file that was taken apart, a map without its file
        found.extend(Trait(name, value[:_LONGEST]) for name, value in (told(obj) if told is not None else ()) if value)
    return tuple(found)


def _of_generator(obj: Any) -> Iterator[tuple[str, str]]:
    yield "function", obj.gi_code.co_qualname
    under_way = obj.gi_suspended or obj.gi_running
    yield "state", "under way" if under_way else "used up" if obj.gi_frame is None else "not begun"


def _of_file(obj: Any) -> Iterator[tuple[str, str]]:
    """Go down to what Python itself opened: a file made of somebody's own parts is asked nothing."""
    raw = obj
    if type(raw) is io.TextIOWrapper:
        raw = raw.buffer
    if any(type(raw) is one for one in _BUFFERS):
        raw = raw.raw
    if type(raw) is io.FileIO:
        name = vars(raw).get("name")
        yield "file", name if type(name) is str else ""
        yield "mode", raw.mode.replace("b", "") if type(obj) is io.TextIOWrapper else raw.mode
        yield "state", "closed" if raw.closed else ""


def _of_cursor(obj: Any) -> Iterator[tuple[str, str]]:
    described = obj.description or ()
    yield "columns", ", ".join(one[0] for one in described[:_MOST] if type(one[0]) is str)


def _of_memmap(obj: Any) -> Iterator[tuple[str, str]]:
    """Return where in its file an array lies. A slice of a mapped array names the offset of the whole, so it is reckoned anew."""
    name = getattr(obj, "filename", None)
    yield "file", name if type(name) is str else _path(name)
    yield "shape", str(obj.shape)
    yield "dtype", str(obj.dtype)
    offset = _offset(obj)
    yield "offset", "" if offset is None else str(offset)
    yield "mode", obj.mode if type(obj.mode) is str else ""
    if not obj.flags["C_CONTIGUOUS"]:
        yield "strides", ", ".join(map(str, obj.strides))


def _path(name: Any) -> str:
    kinds = (loaded("pathlib", one) for one in ("PosixPath", "WindowsPath"))
    return str(name) if any(type(name) is kind for kind in kinds) else ""


def _offset(obj: Any) -> int | None:
    import numpy as np

    mapped = getattr(obj, "_mmap", None)
    if mapped is None or type(mapped) is not loaded("mmap", "mmap") or mapped.closed or not len(mapped):
        return None
    begins = np.frombuffer(mapped, np.uint8, 1).__array_interface__["data"][0]
    granularity = loaded("mmap", "ALLOCATIONGRANULARITY")
    page: int = obj.offset - obj.offset % granularity
    return page + int(obj.__array_interface__["data"][0]) - int(begins)


def _of_tensors(obj: Any) -> Iterator[tuple[str, str]]:
    tensor, held = loaded("torch", "Tensor"), vars(obj).get("tensors")
    for one in (held if type(held) is tuple else ())[:_MOST]:
        if type(one) is tensor:
            yield "tensor", f"{tuple(one.shape)} {one.dtype}"
