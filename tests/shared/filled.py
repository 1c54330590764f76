"""Records filled by their types alone, so that no field of any is forgotten: every text is the same one, all else is drawn."""

import collections.abc
import dataclasses
import math
import types
from enum import Enum
from random import Random
from typing import Any, Union, get_args, get_origin, get_type_hints

from mvlake.records.digest import Digest

NUMBERS = (0, 1, 2, 40, -3, 10**6)
FLOATS = (0.0, 0.5, 1.0, -2.5, 1e308, -1e308, math.inf, math.nan)
_ONE_WORD = {"op": (" ", "+", "-")}  # texts of which code knows every one
_DEEPEST = 14


class Filler:
    """Makes records of any type with `text` in every field that takes a text; `size` is how long each sequence is."""

    def __init__(self, text: str, seed: int, *, size: int = 2) -> None:
        self._text, self._random, self._size = text, Random(seed), size

    def filled(self, kind: Any, depth: int = 0) -> Any:
        """Return a value of a type."""
        origin, parts = get_origin(kind), get_args(kind)
        if origin in (Union, types.UnionType):
            return self._one_of(parts, depth)
        if origin is tuple:
            named = parts[:-1] if parts[-1] is Ellipsis else parts
            count = self._size if parts[-1] is Ellipsis else 1
            return () if depth > _DEEPEST else tuple(self.filled(one, depth + 1) for _ in range(count) for one in named)
        if origin in (collections.abc.Sequence, list):
            return [self.filled(parts[0], depth + 1) for _ in range(self._size)]
        if origin in (frozenset, collections.abc.Set):
            return frozenset(self.filled(parts[0], depth + 1) for _ in range(self._size))
        if origin in (collections.abc.Mapping, dict):
            return {self.filled(parts[0], depth + 1): self.filled(parts[1], depth + 1) for _ in range(self._size)}
        if dataclasses.is_dataclass(kind):
            return self._record(kind, depth)
        return self._single(kind)

    def _record(self, kind: Any, depth: int) -> Any:
        hints = get_type_hints(kind)
        given = {
            one.name: self._random.choice(_ONE_WORD[one.name]) if one.name in _ONE_WORD else self.filled(hints[one.name], depth + 1)
            for one in dataclasses.fields(kind)
            if one.init
        }
        return kind(**given)

    def _one_of(self, parts: tuple[Any, ...], depth: int) -> Any:
        if any(get_origin(one) is collections.abc.Mapping for one in parts):  # plain JSON
            return self._random.choice(
                [self._text, [self._text], {self._text: self._text}, {"$": "str", "v": self._text}, 4, 0.5, None]
            )
        known = [one for one in parts if one is not type(None)]
        is_absent = len(known) < len(parts) and self._random.random() < (0.15 if depth < _DEEPEST else 1.0)
        return None if is_absent else self.filled(self._random.choice(known), depth)

    def _single(self, kind: Any) -> Any:
        if isinstance(kind, type) and issubclass(kind, Digest):
            return Digest(f"b3:{self._random.getrandbits(256):064x}")
        if isinstance(kind, type) and issubclass(kind, Enum):
            return self._random.choice(list(kind))
        drawn = {bool: (True, False), int: NUMBERS, float: FLOATS, bytes: (self._text.encode("utf-8", "surrogatepass"),)}
        return self._random.choice(drawn[kind]) if kind in drawn else self._text
