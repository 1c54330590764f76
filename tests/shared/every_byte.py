"""Every byte: what was written into folders, as it lies there and as it was before it was compressed."""

import os

from zstandard import ZstdDecompressor, ZstdError

_FRAME = b"\x28\xb5\x2f\xfd"  # how a zstd frame begins


def every_byte(*folders):
    """Yield (path, bytes) of every file, and of every object in a pack, uncompressed."""
    for folder in folders:
        for parent, _, files in os.walk(folder):
            for name in files:
                path = os.path.join(parent, name)
                with open(path, "rb") as file:
                    data = file.read()
                yield path, data
                for start in _frames(data):
                    try:
                        yield path, ZstdDecompressor().decompressobj().decompress(data[start:])
                    except ZstdError:
                        continue


def found_in(folder, texts):
    """Return those of the texts that stand somewhere in a folder."""
    return {text for _, data in every_byte(folder) for text in texts if text in data}


def _frames(data):
    at = data.find(_FRAME)
    while at >= 0:
        yield at
        at = data.find(_FRAME, at + 1)
