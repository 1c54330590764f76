"""Compression: Zstandard, for objects in packs. An object is named by its content; how a pack keeps it, only the pack knows."""

import threading

import zstandard

ALONE = 1 << 20
"""Objects of this size and more get a file of their own."""

LARGEST = ALONE
"""What says that it becomes more than this is refused before it is unpacked: a few bytes could ask for all memory."""

_WORTH_IT = 256  # below, the frame's header eats what is won
_LEVEL = 1
_own = threading.local()  # a compressor's state belongs to one thread


def compressed(data: bytes) -> bytes | None:
    """Return the content as a Zstandard frame, None when that saves less than a thirty-second part."""
    if not _WORTH_IT <= len(data) <= LARGEST:
        return None
    if not hasattr(_own, "compressor"):
        _own.compressor = zstandard.ZstdCompressor(level=_LEVEL)
    smaller: bytes = _own.compressor.compress(data)
    return smaller if len(smaller) < len(data) - len(data) // 32 else None


def decompressed(data: bytes, size: int) -> bytes | None:
    """Return the content of `size` bytes that a frame holds, None when it does not hold that."""
    if not hasattr(_own, "decompressor"):
        _own.decompressor = zstandard.ZstdDecompressor()
    try:
        if size > LARGEST or zstandard.get_frame_parameters(data).content_size != size:
            return None
        content: bytes = _own.decompressor.decompress(data, max_output_size=size)
    except zstandard.ZstdError:
        return None
    return content
