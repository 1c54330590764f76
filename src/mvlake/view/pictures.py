"""Pictures: which stored ones a page or a widget may show."""

_PNG = b"\x89PNG\r\n\x1a\n"
_LARGEST = 8_000_000


def is_shown(picture: bytes) -> bool:
    """True for PNG of no more than 8 MB: it has no script, no address and no words that a browser would follow."""
    return picture.startswith(_PNG) and len(picture) <= _LARGEST
