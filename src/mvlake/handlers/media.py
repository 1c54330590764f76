"""Media: bytes of a media type that is no text and no PNG, as they were shown: a JPEG, a PDF. They are kept, and never shown."""

from dataclasses import dataclass
from typing import Any

from mvlake.errors import ProtocolTooNew
from mvlake.handlers.contract import Handler
from mvlake.handlers.hashing import digest_of
from mvlake.records.digest import Digest
from mvlake.records.summary import MediaSummary

UNKNOWN = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Media:
    """The bytes. Which media type they are of, the artifact's summary says."""

    data: bytes


class MediaHandler(Handler):
    """Media, byte for byte."""

    name = "media"
    protocol = 1
    suffix = ".bin"
    is_inert = True

    def matches(self, obj: Any) -> bool:
        """True for a `Media`."""
        return type(obj) is Media

    def fingerprint(self, obj: Media) -> Digest:
        """Return the digest of the bytes."""
        return digest_of(obj.data)

    def summarize(self, obj: Media) -> MediaSummary:  # noqa: ARG002 - bytes do not say what they are
        """Return that it is some media type, of no display."""
        return MediaSummary("display", UNKNOWN, 0)

    def encode(self, obj: Media) -> bytes:
        """Return the bytes."""
        return obj.data

    def decode(self, data: bytes, *, protocol: int) -> Media:
        """Return the media."""
        if protocol > self.protocol:
            raise ProtocolTooNew(self.name, found=protocol, known=self.protocol)
        return Media(data)

    def hold(self, obj: Media) -> Media:
        """Return the media: they cannot change."""
        return obj


handler = MediaHandler()
