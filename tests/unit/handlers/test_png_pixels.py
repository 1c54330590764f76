"""Pictures are read as the PNG specification says, whatever wrote them, and what claims too much is refused before it is read."""

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mvlake.handlers.png_pixels import MOST, pixels

SIGNATURE = b"\x89PNG\r\n\x1a\n"
SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def written(width, height, raw, *, depth=8, color=6, interlace=0, others=()):
    """A PNG of these bytes, which are filtered rows."""
    head = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlace)
    body = b"".join(chunk(*one) for one in ((b"IHDR", head), *others, (b"IDAT", zlib.compress(raw)), (b"IEND", b"")))
    return SIGNATURE + body


def nearest(left, up, corner):
    guess = left + up - corner
    by = [(abs(guess - one), rank, one) for rank, one in enumerate((left, up, corner))]
    return min(by)[2]


def filtered(rows, kinds, width):
    """Rows of bytes behind filters, byte by byte, as the specification's formulas say (ISO/IEC 15948, 9.2)."""
    made = bytearray()
    before = [0] * len(rows[0])
    for row, kind in zip(rows, kinds, strict=True):
        made.append(kind)
        for place, byte in enumerate(row):
            left = row[place - width] if place >= width else 0
            up, corner = before[place], before[place - width] if place >= width else 0
            made.append((byte - (0, left, up, (left + up) // 2, nearest(left, up, corner))[kind]) % 256)
        before = row
    return bytes(made)


@st.composite
def pictures(draw):
    width, height = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    color = draw(st.sampled_from([2, 6]))
    step = SAMPLES[color]
    rows = draw(st.lists(st.binary(min_size=width * step, max_size=width * step), min_size=height, max_size=height))
    kinds = draw(st.lists(st.integers(0, 4), min_size=height, max_size=height))
    return width, height, color, [list(row) for row in rows], kinds


@settings(max_examples=150, deadline=None)
@given(pictures())
def test_every_filter_is_undone(picture):
    width, height, color, rows, kinds = picture
    found = pixels(written(width, height, filtered(rows, kinds, SAMPLES[color]), color=color))
    plain = np.array(rows, np.int64).reshape(height, width, -1)
    if color == 6:
        alpha = plain[..., 3:]
        plain = (plain[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255
    assert found.tolist() == plain.tolist()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_what_pillow_writes_is_read(mode):
    image = pytest.importorskip("PIL.Image")
    random = np.random.default_rng(1)
    gray = image.fromarray(random.integers(0, 256, (23, 37), np.uint8))
    if mode == "I;16":
        made = image.fromarray(random.integers(0, 65_536, (23, 37)).astype(np.uint16))
        expected = np.asarray(made) >> 8
    else:
        made = image.merge("RGB", (gray, gray.rotate(90), gray.rotate(180))).convert(mode)
        expected = np.asarray(made.convert("RGB"))
    out = io.BytesIO()
    made.save(out, "PNG")
    found = pixels(out.getvalue())
    assert found.shape == (23, 37, 3)
    assert np.array_equal(found, np.broadcast_to(expected.reshape(23, 37, -1), found.shape))


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_small_samples_are_unpacked_and_reach_white(depth):
    count = 8 // depth
    raw = b"\0" + bytes([sum(((place + 1 == count) * ((1 << depth) - 1)) << (8 - depth * (place + 1)) for place in range(count))])
    found = pixels(written(count, 1, raw, depth=depth, color=0))
    assert found[0, :, 0].tolist() == [0] * (count - 1) + [255]


def test_a_palette_has_colors_and_transparency():
    others = ((b"PLTE", bytes([10, 20, 30, 0, 0, 0])), (b"tRNS", bytes([255, 0])))
    assert pixels(written(2, 1, b"\0\0\1", color=3, others=others)).tolist() == [[[10, 20, 30], [255, 255, 255]]]


REFUSED = {
    "nothing": b"",
    "no PNG": b"<svg onload=alert(1)>",
    "a signature alone": SIGNATURE,
    "a damaged chunk": written(1, 1, bytes(5))[:-20] + b"x" * 20,
    "a form that there is none of": written(1, 1, bytes(5), depth=4),
    "a color that there is none of": written(1, 1, bytes(5), color=5),
    "no pixels": written(0, 1, b""),
    "too few pixels": written(2, 2, bytes(9)),
    "too many pixels": written(1, 1, bytes(5000)),
    "a filter that there is none of": written(1, 1, b"\x05\0\0\0\0"),
    "interlaced": written(1, 1, bytes(5), interlace=1),
    "no palette": written(1, 1, bytes(2), color=3),
    "a color beyond the palette": written(1, 1, b"\0\2", color=3, others=((b"PLTE", bytes(6)),)),
    "half a color in the palette": written(1, 1, b"\0\0", color=3, others=((b"PLTE", bytes(4)),)),
    "a color that stands for transparent": written(1, 1, b"\0\0\0\0", color=2, others=((b"tRNS", bytes(6)),)),
    "packed data that is none": SIGNATURE + written(1, 1, b"")[8:41] + chunk(b"IDAT", b"xx") + chunk(b"IEND", b""),
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_what_is_no_whole_picture_is_refused(data):
    with pytest.raises(ValueError) as told:
        pixels(data)
    assert str(told.value)


def test_a_bomb_is_refused_before_it_is_unpacked():
    import tracemalloc

    bomb = written(100_000, MOST // 100_000 + 1, bytes(1 << 26), depth=1, color=0)
    packed = written(8, 8, bytes(1 << 26), color=0)  # it says 72 bytes, and holds 64 MB
    tracemalloc.start()
    with pytest.raises(ValueError, match="million pixels"):
        pixels(bomb)
    with pytest.raises(ValueError, match="other than the pixels"):
        pixels(packed)
    assert tracemalloc.get_traced_memory()[1] < 3_000_000
    tracemalloc.stop()
