"""A comparison as a page without script, as a browser shows it: wide and narrow, light and dark, by keyboard, and on paper."""

import re

import pytest
import story
from chromium import FOUND, chromium, opened
from filled import Filler
from hostile import MARK, PAYLOADS

import mvlake
from mvlake.compare.diff import Diff
from mvlake.view.blocks import Paragraph, bad, good, muted
from mvlake.view.elements import ATTRIBUTES, TAGS
from mvlake.view.html import as_html, blocks_html, page

pytest.importorskip("playwright")
pytestmark = pytest.mark.skipif(FOUND is None, reason="no chromium is installed")

# Hosts as they are: a page of its own, and JupyterLab's themes, whose inks do not follow the desktop's.
LAB_LIGHT = "background:#fff;--jp-content-font-color1:rgba(0,0,0,.87);--jp-border-color2:#e0e0e0"
LAB_DARK = "background:#111;--jp-content-font-color1:#fff;--jp-border-color2:#424242"
LAB_GRAY = "background:#212121;--jp-content-font-color1:#fff;--jp-border-color2:#424242"
HOSTS = {
    "page, light": ("", "light"),
    "page, dark": ("", "dark"),
    "lab, light": (LAB_LIGHT, "light"),
    "lab, light theme on a dark desktop": (LAB_LIGHT, "dark"),
    "lab, dark theme on a light desktop": (LAB_DARK, "light"),
    "lab, dark gray": (LAB_GRAY, "dark"),
}

# Of each text that is seen, and each line that is drawn: its contrast with what is behind it, as WCAG 2 counts (1.4.3, 1.4.11).
CONTRASTS = """() => {
  const brush = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = color => { brush.clearRect(0, 0, 1, 1); brush.fillStyle = color; brush.fillRect(0, 0, 1, 1);
    return [...brush.getImageData(0, 0, 1, 1).data].map((one, place) => place < 3 ? one : one / 255) };
  const over = (top, under) => [0, 1, 2].map(place => top[place] * top[3] + under[place] * (1 - top[3]));
  const luminance = color => color.map(one => one / 255).map(one => one <= .04045 ? one / 12.92 : ((one + .055) / 1.055) ** 2.4)
    .reduce((sum, one, place) => sum + one * [.2126, .7152, .0722][place], 0);
  const path = node => node ? [...path(node.parentElement), node] : [];
  const behind = node => path(node).reduce((under, one) => over(rgba(getComputedStyle(one).backgroundColor), under), [255, 255, 255]);
  const strength = node => path(node).reduce((found, one) => found * getComputedStyle(one).opacity, 1);
  const contrast = (node, color) => {
    const under = behind(node), ink = rgba(color);
    const [a, b] = [luminance(over([...ink.slice(0, 3), ink[3] * strength(node)], under)), luminance(under)];
    return (Math.max(a, b) + .05) / (Math.min(a, b) + .05) };
  const found = [];
  for (const node of document.querySelectorAll('.mvl *')) {
    if (!node.checkVisibility()) continue;
    const said = [...node.childNodes].filter(one => one.nodeType === 3).map(one => one.data.trim()).join(' ').trim();
    const style = getComputedStyle(node);
    if (node.closest('svg')) {
      if (node.matches('.mvl-curve, rect') && !node.matches('.mvl-rest'))
        found.push(['drawing', node.getAttribute('class'), contrast(node, style.color)]);
    } else if (said && node.tagName !== 'STYLE') found.push(['text', said.slice(0, 40), contrast(node, style.color)]);
  }
  return found }"""


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    return mvlake.Lake.open(story.told(tmp_path_factory.mktemp("story")))


@pytest.fixture(scope="module")
def diff(lake):
    return lake.compare("fraud-detector:v1", "fraud-detector:v2")


@pytest.fixture(scope="module")
def comparison(lake, diff, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "comparison.html"
    path.write_text(page(diff, "comparison", pictures=lake.pictures(diff)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1400])
def test_a_page_fits_its_window_and_asks_for_nothing(browser, comparison, tmp_path, width, scheme):
    with opened(browser, comparison, width=width, scheme=scheme) as seen:
        shot = tmp_path / f"comparison-{width}-{scheme}.png"
        seen.screenshot(path=shot, full_page=True)
        assert shot.stat().st_size > 20_000
        assert seen.evaluate("document.documentElement.scrollWidth") <= width
        seen.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert seen.evaluate("document.documentElement.scrollWidth") <= width
        cut = "[...document.querySelectorAll('pre, p, summary, .mvl-chart')].filter(one => one.scrollWidth > one.clientWidth + 1).length"
        assert seen.evaluate(cut) == 0


@pytest.mark.parametrize(("host", "scheme"), HOSTS.values(), ids=HOSTS)
def test_what_is_written_and_drawn_stands_out_from_what_is_behind_it(browser, lake, diff, comparison, tmp_path, host, scheme):
    judged = blocks_html([Paragraph((good("▲ better"), bad("▼ worse"), muted("and so on")))])
    whole = comparison.read_text(encoding="utf-8")
    if host:
        whole = f'<!DOCTYPE html><meta charset="utf-8"><body style="{host}">{as_html(diff, pictures=lake.pictures(diff))}</body>'
    path = tmp_path / "host.html"
    path.write_text(whole.replace("</body>", f"{judged}</body>"), encoding="utf-8")
    with opened(browser, path, scheme=scheme) as seen:
        seen.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found = seen.evaluate(CONTRASTS)
    assert {kind for kind, _, _ in found} == {"text", "drawing"}
    assert [one for one in found if one[2] < (4.5 if one[0] == "text" else 3)] == []


def test_what_differs_is_seen_and_what_does_not_is_a_keystroke_away(browser, comparison):
    with opened(browser, comparison) as seen:
        words = "document.querySelector('.mvl').innerText"
        shown = seen.evaluate(words)
        for said in ("▲ better", "devices", "l2_regularization=1.0", "nearly the same picture", "validation_loss"):
            assert said in shown
        assert (
            shown.index("Parameters") < shown.index("Metrics") < shown.index("Data") < shown.index("Code") < shown.index("Figures")
        )
        assert "cells unchanged" in shown
        assert "import matplotlib.pyplot as plt" not in shown
        seen.locator("summary", has_text="cells unchanged").focus()
        seen.keyboard.press("Enter")
        assert "import matplotlib.pyplot as plt" in seen.evaluate(words)
        folds = seen.locator("summary").count()
        reached = set()
        for _ in range(folds * 2 + 5):
            seen.keyboard.press("Tab")
            reached.add(seen.evaluate("document.activeElement.innerText"))
        assert len({one for one in reached if one}) > 3


def _border(page, *, until):
    """Return where the border between two pictures is, in percent: the browser moves it with one of the next pictures that it draws."""
    border = "getComputedStyle(document.querySelectorAll('.mvl-slide')[0].querySelectorAll('img')[1]).clipPath"
    for _ in range(100):
        told = re.search(r"([\d.]+)%?\)", page.evaluate(border))
        found = round(float(told[1])) if told else None
        if until(found):
            break
        page.wait_for_timeout(50)
    return found


def test_pictures_are_laid_on_one_another_by_keyboard_and_a_bar_moves_the_border(browser, comparison):
    with opened(browser, comparison, width=1000) as seen:
        places = (
            "[...document.querySelectorAll('.mvl-slide')[0].querySelectorAll('img')].map(one => one.getBoundingClientRect().left)"
        )
        a, b = seen.evaluate(places)
        assert b > a + 200
        seen.locator("summary", has_text="on one another").first.focus()
        seen.keyboard.press("Enter")
        a, b = seen.evaluate(places)
        assert a == b
        for share in (0, 50, 100):
            seen.evaluate(
                f"(one => one.scrollLeft = {share / 100} * (one.scrollWidth - one.clientWidth))(document.querySelector('.mvl-slide'))"
            )
            assert _border(seen, until=lambda at, share=share: at == share) == share
        assert seen.evaluate(places) == [a, b]
        seen.locator(".mvl-slide").first.focus()
        for _ in range(5):
            seen.keyboard.press("ArrowLeft")
        assert _border(seen, until=lambda at: at not in (None, 100)) < 100


def test_paper_has_every_difference_and_no_window_to_scroll(browser, comparison, tmp_path):
    with opened(browser, comparison, media="print") as seen:
        seen.locator("summary", has_text="on one another").first.evaluate("one => one.parentElement.open = true")
        a, b = seen.evaluate("[...document.querySelectorAll('.mvl-slide')[0].querySelectorAll('img')].map(one => one.offsetLeft)")
        assert a != b
        inside = (
            "[...document.querySelectorAll('.mvl-scroll, .mvl-slide')].every(one => getComputedStyle(one).overflowX === 'visible')"
        )
        assert seen.evaluate(inside)
        assert seen.evaluate("getComputedStyle(document.querySelector('.mvl')).color") == "rgb(0, 0, 0)"
        printed = seen.pdf(path=tmp_path / "comparison.pdf", format="A4")
        assert printed.startswith(b"%PDF")
        assert 1 < len(re.findall(rb"/Type\s*/Page\b", printed)) < 30


def test_what_sanitizers_leave_still_reads(lake, diff, browser, tmp_path):
    bleach = pytest.importorskip("bleach")
    # What JupyterLab (untrusted) and GitHub keep is on these lists; style and drawings are not.
    kept = {"bdi", "code", "details", "div", "figcaption", "figure", "img", "p", "pre", "small", "span", "strong", "summary"}
    kept |= {"table", "tbody", "td", "th", "thead", "tr"}
    html = re.sub(r"<style>.*?</style>", "", as_html(diff, pictures=lake.pictures(diff)), flags=re.DOTALL)
    path = tmp_path / "stripped.html"
    left = bleach.clean(html, tags=kept, attributes={"*": ["hidden"], "img": ["src", "alt"]}, protocols=["data"], strip=True)
    path.write_text(f'<!DOCTYPE html><meta charset="utf-8"><title>x</title>{left}', encoding="utf-8")
    with opened(browser, path, width=900) as seen:
        text = " ".join(seen.evaluate("document.body.innerText").split())
        assert "on one another" not in text
        assert seen.locator("img").count() == 4
    assert re.search(r"validation_loss · 40 → 60 steps v1 0\.\d+ → 0\.\d+ v2 0\.\d+ → 0\.\d+", text)
    assert "- depth, rate, rounds = 2, 0.1, 40" in text
    assert "▲ better" in text


def test_hostile_text_in_every_field_is_only_text_to_a_browser(browser, tmp_path):
    path = tmp_path / "hostile.html"
    for seed, payload in enumerate(PAYLOADS):
        answer = Filler(payload, seed).filled(Diff)
        path.write_text(page(answer, payload[:1000]), encoding="utf-8")
        with opened(browser, path, width=400) as seen:
            seen.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            assert seen.evaluate(f"window.{MARK}") is None
            tags = set(seen.evaluate("[...new Set([...document.querySelectorAll('.mvl *')].map(one => one.localName))]"))
            assert tags <= TAGS
            given = "[...new Set([...document.querySelectorAll('.mvl *')].flatMap(one => one.getAttributeNames()))]"
            assert {one.lower() for one in seen.evaluate(given)} <= set(ATTRIBUTES) | {"open"}
            assert seen.evaluate("document.documentElement.scrollWidth") <= 400
