import re

import pytest
from hostile import PAYLOADS
from markup import check_fragment, png, read

from mvlake.compare.segments import Segment
from mvlake.errors import VersionNotFound
from mvlake.records.answers import Committed
from mvlake.view.blocks import Listing, Row
from mvlake.view.card import card_html, failure_html
from mvlake.view.elements import ATTRIBUTES, TAGS, element, markup
from mvlake.view.html import as_html, blocks_html, page


def rendered(make, payload):
    for answer in make.answers().values():
        if not isinstance(answer, Exception):
            yield as_html(make.poisoned(answer, payload))
    yield as_html(VersionNotFound(payload, existing=[payload], wanted=payload))
    yield card_html(Committed(make.poisoned(make.version(), payload), False), make.poisoned(make.diff(), payload))
    yield card_html(Committed(make.poisoned(make.version(), payload), True), None)
    yield failure_html(payload)


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_hostile_text_in_every_field_stays_text(make, payload):
    for html in rendered(make, payload):
        check_fragment(html)
        assert len(html) < 2_000_000


def test_hostile_text_is_shown_not_dropped(make):
    reader = check_fragment(as_html(make.poisoned(make.answers()["Done"], "<b>bold</b> & \"quoted\" 'text'")))
    assert "<b>bold</b> & \"quoted\" 'text'" in reader.texts


def test_every_answer_is_well_formed_and_on_the_lists(make):
    for answer in make.answers().values():
        check_fragment(as_html(answer))


def test_no_fragment_can_reach_out_or_be_reached(make):
    forbidden = {"id", "name", "href", "style", "onclick", "srcset", "action", "data-commandlinker-command"}
    assert not forbidden & set(ATTRIBUTES)
    assert (
        not {
            "script",
            "a",
            "iframe",
            "form",
            "input",
            "button",
            "link",
            "math",
            "use",
            "image",
            "foreignobject",
            "animate",
            "object",
            "base",
            "meta",
        }
        & TAGS
    )
    for answer in make.answers().values():
        html = as_html(answer)
        assert "http:" not in html
        assert "https:" not in html
        assert "url(" not in html
        assert "@import" not in html


def test_dollars_are_left_alone_by_both_mathjaxes(make):
    for html in (as_html(make.diff()), card_html(Committed(make.version(), False), make.diff()), failure_html("$x$")):
        classes = re.match(r'<div class="([^"]+)"', html)[1].split()
        assert {"mathjax_ignore", "tex2jax_ignore"} <= set(classes)


def test_no_heading_enters_a_notebooks_table_of_contents(make):
    for answer in make.answers().values():
        assert not {f"h{level}" for level in range(1, 7)} & read(as_html(answer)).tags


@pytest.mark.parametrize(
    ("tag", "attributes"),
    [
        ("script", {}),
        ("p", {"onclick": "x"}),
        ("img", {"src": "https://evil/x.png"}),
        ("img", {"src": "data:image/svg+xml;base64,AA"}),
        ("p", {"kind": "jp-Cell"}),
    ],
)
def test_an_element_off_the_lists_cannot_be_made(tag, attributes):
    with pytest.raises(ValueError, match="of ours"):
        element(tag, **attributes)


def test_text_is_escaped_in_content_and_in_attributes():
    assert markup(element("img", alt='"><script>')) == '<img alt="&quot;&gt;&lt;script&gt;">'
    assert markup(element("p", "<&>")) == "<p>&lt;&amp;&gt;</p>"


def test_figures_stand_side_by_side(make):
    html = as_html(make.diff(), pictures={make.digest(5): png(), make.digest(6): png()})
    assert check_fragment(html)
    assert html.count('src="data:image/png;base64,') == 2
    assert html.index("roc v2") < html.index("roc v3")


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"", b"\x89PNG\r\n\x1a\n" + bytes(9_000_000)])
def test_only_pngs_of_sensible_size_are_embedded(make, content):
    html = as_html(make.diff(), pictures={make.digest(5): content, make.digest(6): png()})
    assert html.count("<img ") == 1


def test_folded_parts_are_there_to_unfold(make):
    html = as_html(make.diff())
    assert '<summary><span class="mvl-muted">12 unchanged</span></summary>' in html
    assert "p11" in html


def test_changed_lines_have_signs_without_any_style(make):
    texts = "".join(read(as_html(make.diff())).texts)
    assert "- model = RandomForestClassifier(max_depth=4)\n+ model = RandomForestClassifier(max_depth=6)\n" in texts


def test_judgements_are_words_and_marks_not_color_alone(make):
    texts = read(as_html(make.diff())).texts
    assert "▲ better" in texts
    assert "▼ worse" in texts


def test_a_page_forbids_scripts_and_requests(make):
    html = page(make.diff(), "</title><script>alert(1)</script>\x1b")
    reader = read(html)
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in {value for _, value in reader.attributes}
    assert ("charset", "utf-8") in reader.attributes
    assert ("name", "viewport") in reader.attributes
    assert "script" not in reader.tags


def test_style_sheets_are_scoped(make):
    sheet = re.search(r"<style>(.*?)</style>", as_html(make.diff()), re.DOTALL)[1]
    selectors = re.findall(r"([^{}]+)\{", re.sub(r"@(?:media|supports) [^{]+\{|@keyframes mvl-.*\}\}", "", sheet))
    assert selectors
    for selector in selectors:
        assert all(one.strip().startswith(".mvl") for one in selector.split(","))


CHANGED_LINE = Listing(
    (),
    (
        Row("-", "x = f(4)", (Segment("x = f("), Segment("4", True), Segment(")"))),
        Row("+", "x = f(<6>)", (Segment("x = f("), Segment("<6>", True), Segment(")"))),
    ),
    is_diff=True,
)


def test_words_that_changed_within_a_line_stand_out_without_any_style():
    html = blocks_html([CHANGED_LINE])
    assert "- x = f(<strong" in html
    assert '<strong class="mvl-word">&lt;6&gt;</strong>)' in html
    assert "".join(check_fragment(html).texts) == "- x = f(4)\n+ x = f(<6>)"


def test_segments_of_any_length_are_clipped_as_a_line_is():
    row = Row("+", "x" * 2_000_000, (Segment("x" * 1_000_000), Segment("x" * 1_000_000, True)))
    assert "".join(read(blocks_html([Listing((), (row,), is_diff=True)])).texts) == f"+ {'x' * 299}…"
