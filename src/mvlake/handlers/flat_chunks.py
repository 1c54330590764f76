"""Flat chunks: those of numbers, moments, strings and bytes. Chunks that follow one another are made together.

What numpy is asked for, it is asked for the rows of all of them: a call takes its time however few rows it is about, and more of
it while other threads work. Their outermost array, and no other, may be written by numbers where it holds few values.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from mvlake.handlers.arrays import canonical_cells
from mvlake.handlers.arrow_layout import cell_dtype, fixed_cells, is_bytes, is_text, lengths_of, offsets_of, validity
from mvlake.handlers.few import (
    FIRST_ROWS,
    LEAST_ROWS,
    MOST_FIRST,
    NARROW,
    Numbered,
    is_shorter,
    number_cells,
    number_strings,
    split,
)
from mvlake.handlers.planes import MOST_LEFT_OUT, Planes, PlanesOfMany

HAS_NULLS, HAS_FEW = 1, 2
"""What the first byte of an array says."""

_NUMBERED_WIDTHS = (2, 4, 8)
_LENGTH = 4


def flat_chunks(array: Any, ends: Sequence[int]) -> list[bytes] | None:
    """Return the chunks between these rows of a peeled array, each of a row at least; None when it is of another type."""
    kind = array.type
    if pa.types.is_nested(kind) or pa.types.is_null(kind) or pa.types.is_boolean(kind) or ends[0] == ends[-1]:
        return None
    if is_text(kind) or is_bytes(kind):
        return _Strings(array, ends).chunks()
    width = 0 if cell_dtype(kind) is None else cell_dtype(kind).itemsize
    if not width:
        return None
    return (_Cells if width in _NUMBERED_WIDTHS else _OddCells)(array, ends).chunks()


class _Flat(ABC):
    """The rows of chunks that follow one another, from 0 to the last of `ends`."""

    def __init__(self, array: Any, ends: Sequence[int]) -> None:
        self._ends = ends
        self._valid = validity(array)

    def chunks(self) -> list[bytes]:
        """Return each of them."""
        few, found = self._few(), []
        for place, (start, end) in enumerate(pairwise(self._ends)):
            valid = None if self._valid is None else self._valid[start:end]
            flags = 0 if valid is None or valid.all() else HAS_NULLS
            bits: Any = np.packbits(valid, bitorder="little") if flags else b""
            if place in few:
                flags |= HAS_FEW
            found.append(b"".join([bytes([flags]), bits, *(few.get(place) or self._plain(place, start, end))]))
        return found

    def _few(self) -> dict[int, list[Any]]:
        """Return the values of those chunks, by their places, that are to be written by number."""
        return {}

    @abstractmethod
    def _plain(self, place: int, start: int, end: int) -> list[Any]:
        """Return the values of a chunk as they are."""


class _OddCells(_Flat):
    """Cells of a width of which nothing is written by number."""

    def __init__(self, array: Any, ends: Sequence[int]) -> None:
        super().__init__(array, ends)
        self._cells = canonical_cells(fixed_cells(array, self._valid))

    def _plain(self, place: int, start: int, end: int) -> list[Any]:  # noqa: ARG002
        return Planes().write(self._cells[start:end])


class _Numberable(_Flat):
    """Values of which there may be few."""

    _least: int
    """How many bytes a value counts at least, where it is written once."""

    def _few(self) -> dict[int, list[Any]]:
        sizes, likely = self._sizes(), self._likely()
        if not any(likely):
            return {}
        numbered = self._numbered()
        few = split(numbered, self._ends)
        low = memoryview(few.numbers.astype(np.uint8))
        high = memoryview((few.numbers >> np.uint16(8)).astype(np.uint8))
        found = {}
        for place, (start, end) in enumerate(pairwise(self._ends)):
            if likely[place]:
                count = len(few.places[place])
                words, size = self._words(numbered.values, few.places[place])
                if is_shorter(count, size, end - start, sizes[place]):
                    numbers = [low[start:end]] if count <= NARROW else [low[start:end], high[start:end]]
                    found[place] = [count.to_bytes(4, "little"), *words, *numbers]
        return found

    def _likely(self) -> list[bool]:
        """Return for each chunk whether its size and its first rows say that it may be shorter to number its values."""
        sizes: Any = self._sizes()
        rows: list[int] = [end - start for start, end in pairwise(self._ends)]
        places = [place for place, size in enumerate(sizes) if rows[place] >= LEAST_ROWS and is_shorter(1, 0, rows[place], size)]
        found = [False] * len(rows)
        if places:
            starts = np.asarray(self._ends)[places]
            first = np.sort(self._first(starts), axis=1)
            distinct = 1 + np.count_nonzero(first[:, 1:] != first[:, :-1], axis=1)
            for place, count in zip(places, distinct.tolist(), strict=True):
                found[place] = count <= MOST_FIRST and is_shorter(count, count * self._least, rows[place], sizes[place])
        return found

    @abstractmethod
    def _sizes(self) -> Sequence[int]:
        """Return how many bytes each chunk counts as it is; 0 when it has to be written so."""

    @abstractmethod
    def _first(self, starts: Any) -> Any:
        """Return the first rows of the chunks that begin here, as numbers that are the same for the same values."""

    @abstractmethod
    def _numbered(self) -> Numbered:
        """Return all rows by number."""

    @abstractmethod
    def _words(self, values: Any, places: Any) -> tuple[list[Any], int]:
        """Return the values at these places as an array without nulls, and how many bytes they count."""


class _Cells(_Numberable):
    """Cells of 2, 4 or 8 bytes."""

    def __init__(self, array: Any, ends: Sequence[int]) -> None:
        super().__init__(array, ends)
        cells = canonical_cells(fixed_cells(array, self._valid))
        self._is_float = cells.dtype.kind == "f"
        self._least = cells.dtype.itemsize
        self._cells = cells.view(f"<i{self._least}")
        self._planes = PlanesOfMany(self._cells, ends)

    def _sizes(self) -> Sequence[int]:
        return [
            (end - start) * sum(differs) for differs, (start, end) in zip(self._planes.differs, pairwise(self._ends), strict=True)
        ]

    def _first(self, starts: Any) -> Any:
        return self._cells[starts[:, None] + np.arange(FIRST_ROWS)]

    def _numbered(self) -> Numbered:
        return number_cells(self._cells, is_float=self._is_float)

    def _words(self, values: Any, places: Any) -> tuple[list[Any], int]:
        return Planes().write(values[places]), len(places) * self._least

    def _plain(self, place: int, start: int, end: int) -> list[Any]:
        return self._planes.write(place, start, end)


class _Strings(_Numberable):
    """Strings, or bytes of any length."""

    _least = _LENGTH

    def __init__(self, array: Any, ends: Sequence[int]) -> None:
        super().__init__(array, ends)
        lengths, has_garbage = lengths_of(array, self._valid)
        if has_garbage:
            array = array.fill_null("" if is_text(array.type) else b"")
        wide = pa.types.is_large_string(array.type) or pa.types.is_large_binary(array.type)
        buffers = [None, *array.buffers()[1:]]
        self._array = pa.Array.from_buffers(pa.large_binary() if wide else pa.binary(), len(array), buffers, offset=array.offset)
        self._offsets = offsets_of(array)
        self._data = memoryview(buffers[2] or b"")
        self._planes = PlanesOfMany(lengths, ends)

    def _sizes(self) -> Sequence[int]:
        found = []
        for start, end in pairwise(self._ends):
            size = int(self._offsets[end] - self._offsets[start])
            found.append(size + _LENGTH * (end - start) if size <= MOST_LEFT_OUT // 2 else 0)
        return found

    def _first(self, starts: Any) -> Any:
        some = pa.concat_arrays([self._array.slice(start, FIRST_ROWS) for start in starts.tolist()])
        return some.dictionary_encode().indices.to_numpy().reshape(len(starts), -1)

    def _numbered(self) -> Numbered:
        return number_strings(self._array)

    def _words(self, values: Any, places: Any) -> tuple[list[Any], int]:
        words = values.take(pa.array(places))
        offsets = offsets_of(words)
        data = memoryview(words.buffers()[2] or b"")[: offsets[-1]]
        return [*Planes().write(np.diff(offsets).astype("<u4")), data], _LENGTH * len(places) + len(data)

    def _plain(self, place: int, start: int, end: int) -> list[Any]:
        return [*self._planes.write(place, start, end), self._data[self._offsets[start] : self._offsets[end]]]
