"""Text: what a cell printed, or a text file, stored as it is, in UTF-8."""

from typing import Any

from mvlake.errors import ProtocolTooNew
from mvlake.handlers.contract import Handler
from mvlake.handlers.hashing import digest_of
from mvlake.records.digest import Digest
from mvlake.records.summary import ValueSummary

_SHOWN = 80


def text_of(data: bytes) -> str:
    """Return the text that these bytes are; what is no UTF-8 at all becomes question marks."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")


class TextHandler(Handler):
    """Texts, found by this handler's name only: as a variable, a `str` is a plain value."""

    name = "text"
    protocol = 1
    suffix = ".txt"
    is_inert = True

    def matches(self, obj: Any) -> bool:
        """True for a text."""
        return type(obj) is str

    def fingerprint(self, obj: str) -> Digest:
        """Return the digest of its UTF-8."""
        return digest_of(self.encode(obj))

    def summarize(self, obj: str) -> ValueSummary:
        """Return its first line, and how many lines it has."""
        first = obj.lstrip().partition("\n")[0][:_SHOWN]
        return ValueSummary("text", first, len(obj.splitlines()))

    def encode(self, obj: str) -> bytes:
        """Return its UTF-8; lone surrogates, which are no characters, are encoded like characters."""
        return obj.encode("utf-8", "surrogatepass")

    def decode(self, data: bytes, *, protocol: int) -> str:
        """Return the text."""
        if protocol > self.protocol:
            raise ProtocolTooNew(self.name, found=protocol, known=self.protocol)
        return text_of(data)

    def hold(self, obj: str) -> str:
        """Return the text: it cannot change."""
        return obj


handler = TextHandler()
