import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from mvlake.errors import CannotFingerprint, NoHandler
from mvlake.handlers.matplotlib import handler
from mvlake.handlers.picture import Picture
from mvlake.testing import HandlerContract


def drawn(*, title="loss", width=2.0):
    figure = Figure(figsize=(width, 1.5), dpi=50)
    axes = figure.add_subplot()
    axes.plot([1, 3, 2])
    axes.set_title(title)
    return figure


class TestMatplotlibHandler(HandlerContract):
    handler = handler

    def examples(self):
        return [drawn(), drawn(width=2.5), Figure(figsize=(1, 1), dpi=20)]

    def layouts(self):
        return [(drawn(), drawn())]

    def different(self):
        return [(drawn(title="loss"), drawn(title="Loss"))]

    def mutations(self):
        return [(drawn(), lambda figure: figure.axes[0].plot([3, 1]))]

    def refused(self):
        return [drawn().axes[0]]

    def equal(self, a, b):
        return type(b) is Picture and b._repr_png_() == handler.encode(a)


def test_one_drawing_is_one_sequence_of_bytes():
    assert handler.encode(drawn()) == handler.encode(drawn())


def test_drawing_touches_neither_pyplot_nor_the_settings_nor_the_figure():
    with plt.rc_context({"backend": "agg", "savefig.dpi": 300, "savefig.bbox": "tight", "savefig.facecolor": "red"}):
        figure, other = plt.figure(figsize=(1, 1), dpi=30), plt.figure()
        try:
            before, canvas, stale = dict(mpl.rcParams), figure.canvas, figure.stale
            assert handler.summarize(handler.decode(handler.encode(figure), protocol=1)).width == 30
            assert dict(mpl.rcParams) == before
            assert plt.gcf() is other
            assert (figure.canvas, figure.stale, figure.dpi) == (canvas, stale, 30)
        finally:
            plt.close("all")


def test_a_figure_that_cannot_be_drawn_is_refused():
    figure = drawn(title="$\\frac{$")
    with pytest.raises(NoHandler, match="drawing it failed"):
        handler.encode(figure)
    with pytest.raises(CannotFingerprint):
        handler.fingerprint(figure)


def test_a_figure_of_a_billion_pixels_is_refused_before_it_is_drawn():
    with pytest.raises(NoHandler, match="pixels"):
        handler.encode(Figure(figsize=(1000, 1000), dpi=100))


def test_bytes_that_are_no_whole_png_are_refused():
    png = handler.encode(drawn())
    for damaged in (b"", b"<svg/>", png[:-1], png[:40] + b"\0" + png[41:]):
        with pytest.raises(ValueError, match="PNG"):
            handler.decode(damaged, protocol=1)
