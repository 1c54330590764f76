"""Picture: a PNG as it was shown. What comes back can be shown again, and knows nothing of the library that drew it."""

from dataclasses import dataclass
from typing import Any

from mvlake.errors import ProtocolTooNew
from mvlake.handlers.contract import Handler
from mvlake.handlers.hashing import digest_of
from mvlake.handlers.png import png_size
from mvlake.records.digest import Digest
from mvlake.records.summary import FigureSummary


@dataclass(frozen=True, slots=True)
class Picture:
    """The bytes of a PNG; a notebook shows it."""

    data: bytes

    def _repr_png_(self) -> bytes:
        return self.data


class PictureHandler(Handler):
    """Pictures, byte for byte."""

    name = "picture"
    protocol = 1
    suffix = ".png"
    is_inert = True

    def matches(self, obj: Any) -> bool:
        """True for a `Picture`."""
        return type(obj) is Picture

    def fingerprint(self, obj: Picture) -> Digest:
        """Return the digest of the PNG."""
        return digest_of(obj.data)

    def summarize(self, obj: Picture) -> FigureSummary:
        """Return its size."""
        width, height = png_size(obj.data)
        return FigureSummary("picture", "image/png", width, height)

    def encode(self, obj: Picture) -> bytes:
        """Return the PNG."""
        png_size(obj.data)
        return obj.data

    def decode(self, data: bytes, *, protocol: int) -> Picture:
        """Return the picture; NoHandler when the bytes are no PNG."""
        if protocol > self.protocol:
            raise ProtocolTooNew(self.name, found=protocol, known=self.protocol)
        png_size(data)
        return Picture(data)

    def hold(self, obj: Picture) -> Picture:
        """Return the picture: it cannot change."""
        return obj


handler = PictureHandler()
