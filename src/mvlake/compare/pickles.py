"""Pickles: whether two of them say the same, told by reading what they say without doing any of it.

cloudpickle brings a class of the notebook along, with an identifier made at random and the file that its cell stood in; both are
others in each kernel. Where nothing else differs, both pickles make the same object. So it is with the addresses by which torch
names the storages of tensors.
"""

import io
import pickletools
import re
import struct
from collections.abc import Iterator
from typing import Any, TypeAlias

from mvlake.compare.places import CELL_FILE

Said: TypeAlias = tuple[str, Any]

CEILING = 32 << 20  # bytes that are looked into
_MOST = 2_000_000  # operations
_MADE_UP = re.compile(r"[0-9a-f]{32}")
_MAKERS = frozenset({"_make_skeleton_class", "_make_skeleton_enum"})  # of cloudpickle; they take the identifier last but one
# How a storage of torch begins that is pickled with something else: five pickles, and then bytes. Source: torch.serialization.
_STORAGE = b"\x80\x02\x8a\x0al\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."
_STORAGE_PICKLES = 5
_STORES = frozenset({"MEMOIZE", "BINPUT", "LONG_BINPUT", "FRAME"})


def are_alike(a: bytes, b: bytes) -> bool:
    """True when two pickles say the same; False also where that cannot be told.

    >>> import pickle
    >>> are_alike(pickle.dumps([1, "x"]), pickle.dumps([1, "x"])), are_alike(pickle.dumps([1]), pickle.dumps([1.0]))
    (True, False)
    """
    if max(len(a), len(b)) > CEILING:
        return False
    try:
        return all(x == y for x, y in zip(_said(a), _said(b), strict=True))
    except Exception:  # noqa: BLE001 - pickletools raises what it likes over bytes that are no pickle
        return False


def _said(data: bytes) -> Iterator[Said]:
    """Yield what a pickle says, without what cloudpickle made up. How it is cut into frames says nothing."""
    held: list[Said] = []  # a text that is an identifier if what follows is as in the arguments of a maker of classes
    makes_classes = False
    for count, (operation, argument, _) in enumerate(pickletools.genops(data)):
        if count >= _MOST:
            raise ValueError("too long to be told")
        name, told = operation.name, argument
        if isinstance(told, str):
            makes_classes = makes_classes or told in _MAKERS
            told = CELL_FILE.sub("…", told)
        elif isinstance(told, float):
            told = struct.pack(">d", told)
        elif isinstance(told, bytes) and told.startswith(_STORAGE):
            told = tuple(_of_storage(told))
        if name == "FRAME":
            continue
        if held:
            held.append((name, told))
            if name in _STORES:
                continue
            if name == "NONE" and len([one for one, _ in held if one not in _STORES]) == 2:
                continue
            if name == "TUPLE" and any(one == "NONE" for one, _ in held):
                held[0] = (held[0][0], "…")
            yield from held
            held.clear()
        elif makes_classes and isinstance(told, str) and _MADE_UP.fullmatch(told):
            held.append((name, told))
        else:
            yield name, told
    yield from held


def _of_storage(data: bytes) -> Iterator[Said]:
    """Yield what a storage says; addresses are counted in the order in which they come."""
    stream, names = io.BytesIO(data), dict[str, int]()
    for _ in range(_STORAGE_PICKLES):
        for operation, argument, _ in pickletools.genops(stream):
            if isinstance(argument, str) and argument.isdecimal():
                yield operation.name, names.setdefault(argument, len(names))
            else:
                yield operation.name, argument
    yield "the rest", stream.read()
