"""Opaque refusals: types that are not pickled, each with a reason that a person understands; what is lazy among them.

Asked of `type(obj)` alone: a class is recognised by being, or descending from, a type that is already loaded. No library is
imported, and neither `isinstance` nor an attribute of the object is used, for both can run the object's code.
"""

import asyncio
import contextvars
import os
import queue
import socket
import threading
import types
import weakref
from functools import cache
from subprocess import Popen
from typing import Any

from mvlake.handlers.ancestry import descends, lineage, loaded
from mvlake.handlers.lazy import lazy_of

_OPEN = "it is an open handle of this process and would mean nothing in another"
_LIVE = "it lives in this process and would mean nothing in another"
_SECRET = "it is the process's environment, which holds secrets"  # noqa: S105 - a sentence
_DEVICE = "it lives on another device; move it to the processor to keep it"

_BUILTIN: tuple[tuple[type, str], ...] = (
    (types.ModuleType, "a module is code; keep its name"),
    (types.CoroutineType, f"a coroutine: {_LIVE}"),
    (types.FrameType, f"a frame: {_LIVE}"),
    (types.TracebackType, f"a traceback: {_LIVE}"),
    (weakref.ReferenceType, "a weak reference: what it points at may be gone"),
    (weakref.ProxyType, "a weak reference: what it points at may be gone"),
    (weakref.CallableProxyType, "a weak reference: what it points at may be gone"),
    (socket.socket, f"a socket: {_OPEN}"),
    (Popen, f"a process: {_LIVE}"),
    (threading.Thread, f"a thread: {_LIVE}"),
    (type(threading.Lock()), f"a lock: {_LIVE}"),
    (type(threading.RLock()), f"a lock: {_LIVE}"),
    (threading.Condition, f"a lock: {_LIVE}"),
    (threading.Semaphore, f"a lock: {_LIVE}"),
    (threading.Event, f"an event: {_LIVE}"),
    (threading.Barrier, f"a lock: {_LIVE}"),
    (threading.local, f"thread-local data: {_LIVE}"),
    (queue.Queue, f"a queue: {_LIVE}"),
    (queue.SimpleQueue, f"a queue: {_LIVE}"),
    (asyncio.Future, f"a task or future: {_LIVE}"),
    (asyncio.AbstractEventLoop, f"an event loop: {_LIVE}"),
    (contextvars.Context, f"a context: {_LIVE}"),
    (contextvars.ContextVar, f"a context variable: {_LIVE}"),
    (memoryview, "a view of memory that somebody else writes; keep bytes(x)"),
    (type(os.environ), _SECRET),
)

# Of libraries: looked up among the loaded modules only.
_FOREIGN: tuple[tuple[str, str, str], ...] = (
    ("requests", "Session", f"a web session, which may hold secrets: {_OPEN}"),
    ("cupy", "ndarray", _DEVICE),
    ("cudf", "DataFrame", _DEVICE),
    ("torch", "Generator", f"a generator of random numbers: {_LIVE}"),
    ("tensorflow", "Tensor", _DEVICE),
    ("matplotlib.artist", "Artist", "a part of a figure; keep the figure"),
    ("IPython.core.interactiveshell", "InteractiveShell", f"the shell itself: {_LIVE}"),
    ("mmap", "mmap", f"mapped memory: {_OPEN}"),
    ("concurrent.futures", "Executor", f"a pool: {_LIVE}"),
    ("concurrent.futures", "Future", f"a future: {_LIVE}"),
    ("multiprocessing.process", "BaseProcess", f"a process: {_LIVE}"),
    ("multiprocessing.pool", "Pool", f"a pool: {_LIVE}"),
    ("multiprocessing.connection", "_ConnectionBase", f"a connection: {_OPEN}"),
    ("tempfile", "TemporaryDirectory", f"a folder that this process deletes: {_LIVE}"),
    ("logging", "Handler", f"a log handler: {_LIVE}"),
)


def is_environment(obj: Any) -> bool:
    """True for the process's environment, whose secrets no pickle may carry, however deep it lies."""
    return type(obj) is type(os.environ)


def is_mapped(obj: Any) -> bool:
    """True for an array that is mapped from a file: it may be larger than memory, and a pickle copies it before it counts."""
    return descends(obj, loaded("numpy", "memmap"))


def refusal_of(obj: Any) -> str:
    """Return why this object is not pickled, "" when nothing speaks against it."""
    lazy = lazy_of(obj)
    if lazy is not None:
        return lazy.refusal
    known = _builtin()
    for kind in lineage(obj):
        if id(kind) in known:
            return known[id(kind)]
    for module, name, reason in _FOREIGN:
        if descends(obj, loaded(module, name)):
            return reason
    return ""


@cache
def _builtin() -> dict[int, str]:
    return {id(kind): reason for kind, reason in _BUILTIN}
