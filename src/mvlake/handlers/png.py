"""PNG: the chunks and the header of a picture. Source of the layout: PNG specification (ISO/IEC 15948), 5 and 11.2."""

import struct
import zlib
from dataclasses import dataclass

from mvlake.errors import NoHandler

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_PIXELS = 100_000_000


@dataclass(frozen=True, slots=True)
class Header:
    """What the first chunk says: size in pixels, bits of a sample, the color type and whether pixels come interlaced."""

    width: int
    height: int
    depth: int
    color: int
    is_interlaced: bool


def png_size(data: bytes) -> tuple[int, int]:
    """Return width and height in pixels, from the header that every PNG begins with; NoHandler when the bytes are none."""
    if len(data) < 24 or not data.startswith(SIGNATURE) or data[12:16] != b"IHDR":
        raise NoHandler("picture", reason="its bytes are no PNG")
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """Return the chunks, each with its kind; ValueError unless every one is whole."""
    if data[:8] != SIGNATURE:
        raise ValueError("not a PNG")
    found, start = [], 8
    while start < len(data):
        length = int.from_bytes(data[start : start + 4], "big")
        kind, content = data[start + 4 : start + 8], data[start + 8 : start + 8 + length]
        if zlib.crc32(kind + content) != int.from_bytes(data[start + 8 + length : start + 12 + length] or b"?", "big"):
            raise ValueError("a damaged PNG")
        found.append((kind, content))
        start += 12 + length
    return found


def header(found: list[tuple[bytes, bytes]]) -> Header:
    """Return the header among the chunks; ValueError unless it is one, and the picture has an end and pixels, not too many."""
    if not found or found[0][0] != b"IHDR" or len(found[0][1]) != 13 or found[-1][0] != b"IEND":
        raise ValueError("not a PNG")
    width, height, depth, color, _, _, interlace = struct.unpack(">IIBBBBB", found[0][1])
    if not 0 < width * height <= MOST_PIXELS:
        raise ValueError("a PNG of no or too many pixels")
    return Header(width, height, depth, color, interlace != 0)


def unpacked(found: list[tuple[bytes, bytes]], most: int) -> bytes:
    """Return the rows of pixels as they are filtered, and no more than this many bytes of them."""
    return zlib.decompressobj().decompress(b"".join(content for kind, content in found if kind == b"IDAT"), most)
