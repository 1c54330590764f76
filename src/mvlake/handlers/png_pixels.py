"""PNG pixels: a picture as the colors that a reader sees on white paper, with numpy and zlib alone.

Source: PNG specification (ISO/IEC 15948), 7 to 9. What a picture claims to be is held against what it is before memory is taken.
"""

from typing import Any

import numpy as np

from mvlake.handlers.png import Header, chunks, header, unpacked

MOST = 12_000_000
"""Pixels of a picture that is read."""

# By color type: how many samples a pixel has, and of how many bits they may be.
_GRAY, _RGB, _PALETTE, _GRAY_ALPHA, _RGB_ALPHA = 0, 2, 3, 4, 6
_FORMS = {
    _GRAY: (1, (1, 2, 4, 8, 16)),
    _RGB: (3, (8, 16)),
    _PALETTE: (1, (1, 2, 4, 8)),
    _GRAY_ALPHA: (2, (8, 16)),
    _RGB_ALPHA: (4, (8, 16)),
}


def pixels(data: bytes) -> Any:
    """Return the colors as an array of height, width and 3 bytes; ValueError, which says why, for what is not read."""
    found = chunks(data)
    told = header(found)
    samples, depths = _FORMS.get(told.color, (0, ()))
    if told.depth not in depths:
        raise ValueError("a PNG of a form that there is none of")
    if told.is_interlaced:
        raise ValueError("its pixels are interlaced")
    if told.width * told.height > MOST:
        raise ValueError(f"it has more than {MOST // 1_000_000} million pixels")
    row = (told.width * samples * told.depth + 7) // 8
    size = told.height * (row + 1)
    raw = unpacked(found, size + 1)
    if len(raw) != size:
        raise ValueError("it holds other than the pixels that it says")
    lines = np.frombuffer(raw, np.uint8).reshape(told.height, row + 1)
    width = max(samples * told.depth // 8, 1)  # the bytes between a sample and its left neighbor
    plain = _unfiltered(lines[:, 1:].reshape(told.height, -1, width), lines[:, 0])
    return _colors(_samples(plain.reshape(told.height, row), told, samples), told, dict(found))


def _unfiltered(rows: Any, filters: Any) -> Any:
    """Return the bytes that filters made these of. Each may depend on those to its left and above: a diagonal is done at once."""
    if filters.max(initial=0) > 4:
        raise ValueError("a PNG with a filter that there is none of")
    height, columns, depth = rows.shape
    wide = columns + 1  # a column and a row of zeros stand before the first
    board = np.zeros((height + 1, wide, depth), np.int16)
    board[1:, 1:] = rows
    flat = board.reshape(-1, depth)
    uses = {int(one): (filters == one)[:, None] for one in np.unique(filters) if one}
    for diagonal in range(height + columns - 1 if uses else 0):
        first, last = max(0, diagonal - columns + 1), min(height, diagonal + 1)
        start = (first + 1) * wide + diagonal - first + 1
        stop = start + (last - first - 1) * columns + 1
        left, up, corner = (flat[start - back : stop - back : columns] for back in (1, wide, wide + 1))
        here = flat[start:stop:columns]
        for kind, rows_of in uses.items():
            here += _predicted(kind, left, up, corner) * rows_of[first:last]
        here &= 255
    return board[1:, 1:].astype(np.uint8)


def _predicted(kind: int, left: Any, up: Any, corner: Any) -> Any:
    match kind:
        case 1:
            return left
        case 2:
            return up
        case 3:
            return (left + up) >> 1
        case _:
            by_left, by_up, by_corner = np.abs(up - corner), np.abs(left - corner), np.abs(left + up - 2 * corner)
            nearest = np.where(by_up <= by_corner, up, corner)
            return np.where((by_left <= by_up) & (by_left <= by_corner), left, nearest)


def _samples(rows: Any, told: Header, samples: int) -> Any:
    """Return height, width and samples, of which those of 16 bits are as their high byte, small ones as they are."""
    if told.depth == 16:
        return rows.reshape(told.height, told.width, samples, 2)[..., 0]
    if told.depth == 8:
        return rows.reshape(told.height, told.width, samples)
    parts = [(rows >> shift) & ((1 << told.depth) - 1) for shift in range(8 - told.depth, -1, -told.depth)]
    return np.stack(parts, axis=-1).reshape(told.height, -1, 1)[:, : told.width]


def _colors(found: Any, told: Header, others: dict[bytes, bytes]) -> Any:
    if told.color == _PALETTE:
        return _from_palette(found[..., 0], others)
    if b"tRNS" in others:
        raise ValueError("one of its colors stands for transparent")
    if told.depth < 8:
        found = found * (255 // ((1 << told.depth) - 1))
    if told.color in (_GRAY_ALPHA, _RGB_ALPHA):
        return np.broadcast_to(_on_white(found[..., :-1], found[..., -1:]), (*found.shape[:2], 3))
    return np.broadcast_to(found, (*found.shape[:2], 3))


def _from_palette(places: Any, others: dict[bytes, bytes]) -> Any:
    palette = np.frombuffer(others.get(b"PLTE", b""), np.uint8)
    if not palette.size or palette.size % 3 or places.max(initial=0) >= palette.size // 3:
        raise ValueError("a PNG with a color that its palette has not")
    colors = palette.reshape(-1, 3)
    alpha: Any = np.full((len(colors), 1), 255, np.uint8)
    given = np.frombuffer(others.get(b"tRNS", b""), np.uint8)[: len(colors)]
    alpha[: len(given), 0] = given
    return _on_white(colors, alpha)[places]


def _on_white(colors: Any, alpha: Any) -> Any:
    if alpha.min(initial=255) == 255:
        return colors
    weight = alpha.astype(np.uint16)
    return ((colors * weight + 255 * (255 - weight) + 127) // 255).astype(np.uint8)
