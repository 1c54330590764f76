"""Digest: the name of content, BLAKE3-256 written `b3:` and 64 hexadecimal digits."""

import re
from typing import Self

_FORM = re.compile(r"b3:[0-9a-f]{64}")
_PREFIX = re.compile(r"(?:b3:)?([0-9a-f]{6,64})")
SHORT = 10


class Digest(str):
    """A checked digest; a plain `str` everywhere else.

    >>> Digest("b3:" + "0" * 64).short
    'b3:0000000000'
    """

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Return the digest, or raise ValueError when the text is none."""
        if not _FORM.fullmatch(text):
            raise ValueError(f"not a digest: {text[:80]!r}")
        return super().__new__(cls, text)

    @classmethod
    def of_hash(cls, raw: bytes) -> Self:
        """Return the digest whose 32 raw bytes are these."""
        return cls(f"b3:{raw.hex()}")

    @property
    def hex(self) -> str:
        """The 64 hexadecimal digits."""
        return self[3:]

    @property
    def short(self) -> str:
        """The first digits, for people."""
        return self[: 3 + SHORT]


def digest_prefix(text: str) -> str | None:
    """Return `b3:…` when the text could be the beginning of a digest (6 digits at least), else None.

    >>> digest_prefix("00ff00aa")
    'b3:00ff00aa'
    >>> digest_prefix("v3") is None
    True
    """
    match = _PREFIX.fullmatch(text)
    return f"b3:{match[1]}" if match else None
