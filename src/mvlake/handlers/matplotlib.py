"""The matplotlib handler: figures as PNG, drawn without touching the figure, pyplot or its settings.

A figure is a program's drawing: its lines and texts come back only as the picture that they make, a `Picture`, which notebooks
show. An `Axes` is not taken: it is a view of its figure, which is.

The picture is drawn by Agg at the figure's own dpi, always with the same metadata, so one drawing is one sequence of bytes. Its
fingerprint is the digest of size and pixels: another zlib changes nothing.
"""

import io
from typing import Any

from mvlake.errors import CannotFingerprint, NoHandler, ProtocolTooNew
from mvlake.handlers.ancestry import descends, loaded
from mvlake.handlers.contract import Handler
from mvlake.handlers.hashing import Parts
from mvlake.handlers.picture import Picture
from mvlake.handlers.png import MOST_PIXELS, chunks, header, png_size, unpacked
from mvlake.records.digest import Digest
from mvlake.records.summary import FigureSummary, Summary


class MatplotlibHandler(Handler):
    """`matplotlib.figure.Figure` and its subclasses. The picture that came of one is answered for as well."""

    name = "matplotlib"
    protocol = 1
    suffix = ".png"
    is_inert = True

    def matches(self, obj: Any) -> bool:
        """True for figures."""
        return descends(obj, loaded("matplotlib.figure", "Figure"))

    def refusal(self, obj: Any) -> str:  # noqa: ARG002 - one reason fits all
        """Return why an object of matplotlib is not taken."""
        return "only whole figures are kept; the figure of an Axes is its .figure"

    def fingerprint(self, obj: Any) -> Digest:
        """Return the digest of the drawn pixels."""
        try:
            png = self.encode(obj)
            pixels = _pixels(png)
        except NoHandler as error:
            raise CannotFingerprint(type(obj).__name__, reason=error.message) from error
        return Parts("picture").integer(png_size(png)[0]).integer(png_size(png)[1]).data(pixels).done()

    def summarize(self, obj: Any) -> Summary:
        """Return the size in pixels, without drawing."""
        width, height = png_size(obj.data) if type(obj) is Picture else _size(obj)
        return FigureSummary("matplotlib.figure.Figure", "image/png", width, height)

    def encode(self, obj: Any) -> bytes:
        """Return the PNG; NoHandler when matplotlib cannot draw the figure."""
        return obj.data if type(obj) is Picture else _drawn(obj)

    def decode(self, data: bytes, *, protocol: int) -> Any:
        """Return the picture; ValueError when the bytes are no whole PNG. Its pixels are not unpacked here."""
        if protocol > self.protocol:
            raise ProtocolTooNew(self.name, found=protocol, known=self.protocol)
        return _read(data)


def _drawn(figure: Any) -> bytes:
    """Draw on a canvas of its own, and give the figure its canvas and its state of drawing back."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    width, height = _size(figure)
    if width * height > MOST_PIXELS:
        raise NoHandler("Figure", reason=f"{width} x {height} pixels are more than any screen shows")
    canvas, stale = figure.canvas, figure.stale
    try:
        # The canvas's constructor makes itself the figure's.
        drawing, buffer = FigureCanvasAgg(figure), io.BytesIO()
        with mpl.rc_context({"savefig.bbox": None, "savefig.transparent": False}):
            drawing.print_png(buffer, metadata={"Software": None})
    except Exception as error:  # artists, some of them the user's, raise what they like while drawing
        raise NoHandler("Figure", reason=f"drawing it failed: {type(error).__name__}: {error}") from error
    finally:
        figure.set_canvas(canvas)
        figure.stale = stale
    return buffer.getvalue()


def _size(figure: Any) -> tuple[int, int]:
    # As FigureCanvasAgg counts: truncated, not rounded.
    inches = figure.get_size_inches()
    return int(inches[0] * figure.dpi), int(inches[1] * figure.dpi)


def _read(data: bytes) -> Picture:
    header(chunks(data))
    return Picture(bytes(data))


def _pixels(png: bytes) -> bytes:
    """Return the pixels, unpacked and as the picture's writer filtered them, which depends on them alone."""
    found = chunks(png)
    told = header(found)
    return unpacked(found, told.height * (1 + 8 * told.width) + 1)


handler = MatplotlibHandler()
