"""Walk: every text in a record, or in a plain value, looked at and, where it holds a secret, replaced."""

import base64
import dataclasses
from collections.abc import Callable, Hashable, Iterator, Mapping
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar

from mvlake.records.digest import Digest
from mvlake.records.kinds import Kinds
from mvlake.redaction.marker import CLOSES, OPENS
from mvlake.redaction.redactor import Redactor, Tally
from mvlake.redaction.secret_names import is_secret_name

T = TypeVar("T")
_DEEPEST = 100
_CODE = "source"  # the field of a cell that holds its text
_TAG = "$"
_RAW = Kinds(bytes, bytearray)
_CONTAINERS = Kinds(dict, list, tuple, set, frozenset)
_BYTES = ("bytes", "bytearray", "str")  # tags of plain JSON whose value is base64


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text in a record, a mapping or a sequence of these; a name stands before what it names, as in an assignment."""
    stack: list[Any] = [value]
    while stack:
        one = stack.pop()
        kind: Any = type(one)
        if kind is str:
            yield one
        elif one is None or kind in (int, float, bool) or isinstance(one, Digest | Enum):
            continue
        elif isinstance(one, Mapping):
            stack.extend(one.values())
            yield from (_said(str(key), item) for key, item in one.items())
        elif kind is bytes:
            yield one.decode("latin-1")
        elif isinstance(one, tuple | list):
            stack.extend(one)
        else:
            fields = _fields(kind)
            stack.extend(getattr(one, name) for name in fields)
            if "name" in fields and "value" in fields and type(one.value) is str:
                yield _said(one.name, one.value)


class Walk:
    """One walk, for one place in a version."""

    def __init__(self, redactor: Redactor, tally: Tally, place: str) -> None:
        self._redactor, self._tally, self._place = redactor, tally, place

    def record(self, value: T) -> T:
        """Return a record without secrets; the very same one when it holds none."""
        changed: T = self._any(value, 0, is_named=False)
        return changed

    def _any(self, value: Any, depth: int, *, is_named: bool) -> Any:
        kind: Any = type(value)
        if kind is str:
            return self._text(value, is_named=is_named)
        if kind is bytes:
            before = value.decode("latin-1")
            after = self._text(before, is_named=False)
            return value if after is before else _marked(after)
        if value is None or kind in (int, float, bool) or isinstance(value, Digest | Enum) or depth > _DEEPEST:
            return value
        if isinstance(value, Mapping):
            return self._mapping(value, depth, is_named=is_named)
        if isinstance(value, tuple | list):
            items = [self._any(item, depth + 1, is_named=is_named) for item in value]
            return value if all(map(_is, items, value)) else kind(items)
        return self._dataclass(value, depth) if _fields(kind) else value

    def _text(self, text: str, *, is_named: bool) -> str:
        redact = self._redactor.named if is_named else self._redactor.text
        return redact(text, self._place, self._tally)

    def _mapping(self, value: Mapping[Any, Any], depth: int, *, is_named: bool) -> Any:
        if set(value) == {_TAG, "v"}:
            return self._tagged(value, depth, is_named=is_named)
        changed = {
            (self._text(key, is_named=False) if type(key) is str else key): self._any(
                item, depth + 1, is_named=is_named or (type(key) is str and is_secret_name(key))
            )
            for key, item in value.items()
        }
        is_same = len(changed) == len(value) and all(key in changed and changed[key] is item for key, item in value.items())
        return value if is_same else changed

    def _tagged(self, value: Mapping[str, Any], depth: int, *, is_named: bool) -> Any:
        """Return plain JSON that has a tag. Where bytes held a secret, a text stands for them."""
        tag, content = value[_TAG], value["v"]
        if tag in _BYTES and type(content) is str:
            text = base64.b64decode(content).decode("latin-1")
            changed = self._text(text, is_named=is_named)
            return value if changed is text else changed
        if tag == "dict" and type(content) is list:
            pairs = [
                [self._any(key, depth + 1, is_named=False), self._any(item, depth + 1, is_named=is_named or _is_secret(key))]
                for key, item in content
            ]
            is_same = all(new[0] is old[0] and new[1] is old[1] for new, old in zip(pairs, content, strict=True))
            return value if is_same else {_TAG: tag, "v": pairs}
        changed = self._any(content, depth + 1, is_named=is_named)
        return value if changed is content else {_TAG: tag, "v": changed}

    def _dataclass(self, value: Any, depth: int) -> Any:
        kind: Any = type(value)
        fields = _fields(kind)
        is_named = "name" in fields and "value" in fields and _is_secret(value.name)
        changed = {}
        for name in fields:
            before = getattr(value, name)
            if name == _CODE and type(before) is str:
                after = self._redactor.text(before, self._place, self._tally, is_code=True)
            else:
                after = self._any(before, depth + 1, is_named=is_named and name == "value")
            if after is not before:
                changed[name] = after
        return dataclasses.replace(value, **changed) if changed else value


def _said(name: str, value: Any) -> str:
    return f'"{name}": "{value}"' if type(value) is str else name


def _is(new: object, old: object) -> bool:
    return new is old


def _is_secret(name: object) -> bool:
    return type(name) is str and is_secret_name(name)


@lru_cache(maxsize=512)
def _fields(kind: Hashable) -> tuple[str, ...]:
    return (
        tuple(field.name for field in dataclasses.fields(kind)) if isinstance(kind, type) and dataclasses.is_dataclass(kind) else ()
    )


def _marked(text: str) -> bytes:
    """Return the bytes that were read as one character each, with markers in UTF-8 among them."""
    for sign in (OPENS, CLOSES):
        text = text.replace(sign, sign.encode("utf-8").decode("latin-1"))
    return text.encode("latin-1")


class LiveWalk:
    """The same for a live value of Python's own containers, texts and bytes. What it is none of is `other`'s."""

    def __init__(
        self, text: Callable[[str], str], named: Callable[[str], str], other: Callable[[Any], Any] = lambda obj: obj
    ) -> None:
        self._text, self._named, self._other = text, named, other
        self._done: dict[int, Any] = {}

    def value(self, obj: Any, *, is_named: bool = False, depth: int = 0) -> Any:
        """Return the value without secrets; the very same object when it holds none."""
        kind = type(obj)
        if kind is str:
            return (self._named if is_named else self._text)(obj)
        if kind in _RAW:
            before = obj.decode("latin-1")
            after = (self._named if is_named else self._text)(before)
            return obj if after is before else kind(_marked(after))
        if kind not in _CONTAINERS:
            return self._other(obj)
        if depth > _DEEPEST:
            return obj
        if id(obj) in self._done:
            return self._done[id(obj)]
        self._done[id(obj)] = obj  # a container that is a part of itself ends here, and is refused by whoever is to keep it
        rebuilt = self._dict if kind is dict else self._items
        changed = self._done[id(obj)] = rebuilt(obj, is_named=is_named, depth=depth)
        return changed

    def _dict(self, obj: dict[Any, Any], *, is_named: bool, depth: int) -> Any:
        changed = {}
        is_same = True
        for key, item in list(obj.items()):
            new_key = self._text(key) if type(key) is str else key
            new = self.value(item, is_named=is_named or _is_secret(key), depth=depth + 1)
            is_same = is_same and new is item and new_key is key
            changed[new_key] = new
        return obj if is_same else changed

    def _items(self, obj: Any, *, is_named: bool, depth: int) -> Any:
        before = list(obj)
        items = [self.value(item, is_named=is_named, depth=depth + 1) for item in before]
        return obj if all(map(_is, items, before)) else type(obj)(items)


_SILENT = Kinds(int, float, bool, type(None), complex)


def live_texts(obj: Any) -> Iterator[str]:
    """Yield the texts of a live value; keys stand before what they name. Nothing that is no container of Python's own is asked."""
    stack, seen = [obj], set[int]()
    while stack:
        one = stack.pop()
        kind = type(one)
        if kind is str:
            yield one
        elif kind in _RAW:
            yield one.decode("latin-1")
        elif kind in _CONTAINERS and id(one) not in seen:
            seen.add(id(one))
            if kind is dict:
                stack.extend(one.values())
                yield from (_said(key, item) for key, item in list(one.items()) if type(key) is str)
            elif not _SILENT.holds_all(map(type, one)):  # a million numbers say nothing
                stack.extend(one)
