"""What is said of two pictures: plots as matplotlib draws them."""

import io

import numpy as np
import pytest
from markup import png

from mvlake.compare.likeness import Alike
from mvlake.handlers.picture_likeness import likeness

figures = pytest.importorskip("matplotlib.figure")
X = np.linspace(0, 1, 200)


def drawn(draw, dpi=100, **saved):
    figure = figures.Figure(dpi=dpi)
    draw(figure.add_subplot())
    out = io.BytesIO()
    figure.savefig(out, format="png", **saved)
    return out.getvalue()


def roc(power):
    return lambda axes: (axes.plot(X, X**power), axes.plot([0, 1], [0, 1], "--"), axes.set_title("ROC"))


def bars(*values):
    return lambda axes: axes.barh([f"feature {place}" for place in range(len(values))], values)


def matrix(*values):
    return lambda axes: axes.imshow(np.array(values).reshape(2, 2), cmap="Blues", vmin=0, vmax=100)


def test_equal_pixels_are_the_same_picture_however_they_are_stored():
    a, b = drawn(roc(0.3)), drawn(roc(0.3), metadata={"Comment": "x"}, pil_kwargs={"compress_level": 1})
    assert a != b
    assert likeness(a, b).alike is Alike.SAME
    assert likeness(a, b).share == 0


NEARLY = {
    "a model hardly better": (roc(0.3), roc(0.31)),
    "one bar hardly longer": (bars(3, 2, 1, 0.5), bars(3.1, 2, 1, 0.5)),
    "a cell hardly darker": (matrix(90, 10, 5, 95), matrix(91, 9, 5, 95)),
}
ANOTHER = {
    "a much worse model": (roc(0.3), roc(0.8)),
    "bars in another order": (bars(3, 2, 1, 0.5), bars(0.5, 2, 1, 3)),
    "another kind of plot": (roc(0.3), bars(3, 2, 1)),
    "nothing in it": (roc(0.3), lambda axes: None),
    "a matrix turned over": (matrix(90, 10, 5, 95), matrix(10, 90, 95, 5)),
}


@pytest.mark.parametrize(("a", "b"), NEARLY.values(), ids=NEARLY)
def test_small_changes_are_nearly_the_same_picture(a, b):
    found = likeness(drawn(a), drawn(b))
    assert found.alike is Alike.NEARLY
    assert 0 < found.share < 0.5


@pytest.mark.parametrize(("a", "b"), ANOTHER.values(), ids=ANOTHER)
def test_other_plots_are_other_pictures(a, b):
    assert likeness(drawn(a), drawn(b)).alike is Alike.ANOTHER


def test_another_size_is_nearly_the_same_picture_and_no_share_is_told():
    found = likeness(drawn(roc(0.3)), drawn(roc(0.3), dpi=150))
    assert found.alike is Alike.NEARLY
    assert found.share is None


def test_it_does_not_matter_which_is_first():
    a, b = drawn(roc(0.3)), drawn(bars(1, 2))
    assert likeness(a, b) == likeness(b, a)


def test_two_flat_pictures_of_other_colors_are_other_pictures():
    assert likeness(png(9, 9), png(9, 9, b"\xff\xff\xff")).alike is Alike.ANOTHER
    assert likeness(png(9, 9), png(9, 9, b"\1\1\1")).alike is Alike.NEARLY


def test_a_picture_of_a_pixel_is_looked_at_too():
    assert likeness(png(), png(pixel=b"\xff\xff\xff")).share == 1
    assert likeness(png(), png(2, 1)).share is None


def test_why_nothing_is_said_is_said():
    found = likeness(png(), b"\x89PNG\r\n\x1a\n")
    assert (found.alike, found.distance, found.share) == (None, None, None)
    assert found.note == "not a PNG"
