"""The page in the README, wide and narrow: `make picture` runs a notebook in a real kernel, compares its versions, and looks at the page.

Those of JupyterLab and Notebook 7 are taken by tests/ui/test_pictures_of_the_widget.py.
"""

import tempfile
from pathlib import Path

import story
from chromium import chromium, opened

import mvlake
from mvlake.view.html import page

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"

WIDTH = 1400
NARROW = 400
SECTIONS = 2


def main() -> None:
    """Make `compare.png` and `narrow.png` anew."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        lake = mvlake.Lake.open(story.told(Path(folder) / "fraud"))
        diff = lake.compare("fraud-detector:v1", "fraud-detector:v2")
        path = Path(folder) / "comparison.html"
        path.write_text(page(diff, "comparison", pictures=lake.pictures(diff)), encoding="utf-8")
        with opened(browser, path, width=WIDTH) as seen:
            height = seen.locator(".mvl-section").nth(SECTIONS).bounding_box()["y"]  # the first sections, whole
            seen.screenshot(path=IMAGES / "compare.png", clip={"x": 0, "y": 0, "width": WIDTH, "height": height}, full_page=True)
        with opened(browser, path, width=NARROW, scheme="dark") as seen:
            seen.screenshot(path=IMAGES / "narrow.png")


if __name__ == "__main__":
    main()
