"""How alike the figures of two versions of a lake are."""

import dataclasses
from pathlib import Path

import pytest
from markup import png

from mvlake.compare.diff import Change
from mvlake.compare.likeness import Alike
from mvlake.handlers.picture import Picture
from mvlake.lake.preserve import preserve_medium
from mvlake.records.summary import MediaSummary
from mvlake.view.html import as_html
from mvlake.view.text import as_text

WHITE, BLACK = png(8, 8, b"\xff\xff\xff"), png(8, 8)


@pytest.fixture
def both(disk, new_draft):
    def both(a, b, displays=((), ()), **asked):
        for number, (figures, shown) in enumerate(zip((a, b), displays, strict=True)):
            draft = new_draft(disk, "t", source=f"x = {number}", figures={name: Picture(data) for name, data in figures.items()})
            disk.commit(dataclasses.replace(draft, artifacts=(*draft.artifacts, *shown)))
        return disk.compare("t:v1", "t:v2", **asked)

    return both


def test_figures_that_differ_are_looked_at(both, disk):
    diff = both({"roc": WHITE, "same": WHITE, "gone": WHITE}, {"roc": BLACK, "same": WHITE, "new": BLACK})
    found = {one.name: one.likeness for one in diff.figures}
    assert (found["roc"].alike, found["roc"].share) == (Alike.ANOTHER, 1.0)
    assert (found["same"], found["gone"], found["new"]) == (None, None, None)
    assert "roc · another picture, distance 0 of 256, 100% of the pixels differ · 8 \N{MULTIPLICATION SIGN} 8" in as_text(diff)
    html = as_html(diff, pictures=disk.pictures(diff))
    assert html.count("<img ") == 4
    assert html.count("on one another</summary>") == 1


def test_a_quick_look_looks_at_no_picture(both):
    assert [one.likeness for one in both({"roc": WHITE}, {"roc": BLACK}, quick=True).figures] == [None]


def test_pictures_of_other_media_types_are_said_not_to_be_looked_at(both):
    svg = [preserve_medium("plot.svg", f"<svg>{n}</svg>", MediaSummary("display", "image/svg+xml", 1)) for n in range(2)]
    jpeg = [preserve_medium("plot.jpg", b"\xff\xd8" + bytes([n]), MediaSummary("display", "image/jpeg", 2)) for n in range(2)]
    text = as_text(both({}, {}, tuple(zip(svg, jpeg, strict=True))), width=200)
    assert "plot.svg, image/svg+xml, compared as text, no picture" in text
    assert "plot.jpg, image/jpeg, not looked at: of pictures PNG alone is read" in text


def test_a_damaged_picture_says_so_and_the_others_are_looked_at(both, disk, tmp_path):
    both({"roc": WHITE}, {"roc": BLACK})
    store = tmp_path / "project" / ".mvlake" / "objects"
    for pack in store.rglob("*"):
        if pack.is_file():
            pack.chmod(0o644)
            Path(pack).write_bytes(pack.read_bytes().replace(BLACK, BLACK[:-1] + b"x"))
    diff = disk.compare("t:v1", "t:v2")
    (roc,) = diff.figures
    assert roc.change is Change.CHANGED
    assert roc.likeness.alike is None
    assert "damaged" in roc.likeness.note
    assert "damaged" in as_text(diff, width=300)
