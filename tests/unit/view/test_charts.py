import math

import pytest
from markup import check_fragment, png

from mvlake.view.blocks import Axis, Bars, Curve, Curves, Line, Overlay, Paragraph, Parallel, Picture, Section, Span, Spark
from mvlake.view.charts import BARS, CURVES, LINES, POINTS
from mvlake.view.html import blocks_html
from mvlake.view.text import blocks_text

HOSTILE = "</title></svg><script>x</script>\u202e\ud800" + "<" * 1_000_000
WILD = (math.nan, math.inf, -math.inf, 1.7e308, -1.7e308, 5e-324, 0.0)


def curve(name="loss", tone="b", count=5):
    return Curve(name, tone, tuple((float(step), 1 / (step + 1)) for step in range(count)))


CHARTS = [
    Curves((Span("loss"),), (curve("v2", "a"), curve("v3", "b"))),
    Curves((), ()),
    Curves((), (Curve("none", "a", ()), Curve("one", "zz", ((1.0, 1.0),)), Curve("wild", "b", tuple((one, one) for one in WILD)))),
    Curves((Span(HOSTILE),), (Curve(HOSTILE, HOSTILE, ((0.0, 1.0),)),), x=HOSTILE),
    Curves((), tuple(curve(str(number), "c", 5000) for number in range(500))),
    Bars((Span("age"),), ("0", "1", "2"), (1.0, 2.0, 0.0), (3.0, 0.0, 2.0), names=("v2", "v3")),
    Bars((), (), (), ()),
    Bars((Span(HOSTILE),), (HOSTILE,) * 500, WILD[:1] * 500, WILD[1:2] * 500, names=(HOSTILE, HOSTILE)),
    Bars((), tuple("abcdefg"), WILD, WILD),
    Parallel((Span("runs"),), (Axis("depth", 1, 9), Axis("kind", categories=("a", "b"))), (Line("x:v1", (3, "b")), Line("x:v2", (None, "c")))),
    Parallel((), (), ()),
    Parallel((Span(HOSTILE),), (Axis(HOSTILE, math.nan, math.inf), Axis("k", categories=(HOSTILE,))) * 50, (Line(HOSTILE, (1.0, HOSTILE)),) * 900),
    Paragraph((Spark((1.0, None, 3.0)), Spark(()), Spark((math.nan,)), Spark(WILD), Spark((1.0,) * 100_000, low=0.0))),
]  # fmt: skip


@pytest.mark.parametrize("chart", CHARTS, ids=range(len(CHARTS)))
def test_a_chart_is_made_of_what_is_on_the_lists_and_of_bounded_size(chart):
    html = blocks_html([chart])
    check_fragment(html)
    assert len(html) < 120_000


@pytest.mark.parametrize("width", [20, 40, 100])
@pytest.mark.parametrize("chart", CHARTS, ids=range(len(CHARTS)))
def test_a_chart_in_text_keeps_to_the_page(chart, width):
    text = blocks_text([Section("s", (), (chart,))], width=width)
    assert all(len(line) <= width for line in text.split("\n"))
    assert len(text) < 20_000


def test_curves_of_both_sides_are_drawn_on_one_scale_and_told_in_words():
    chart = Curves((Span("loss"),), (curve("v2", "a", 3), Curve("v3", "b", ((0, 0.9), (1, 0.2), (4, 0.1)))), x="epoch")
    html = blocks_html([chart])
    assert html.count('class="mvl-curve mvl-') == 2
    said = " ".join("".join(check_fragment(html).texts).split())
    for word in ("v2 1 → 0.3333", "v3 0.9 → 0.1", "0 epoch 4"):
        assert word in said
    assert blocks_text([chart]).split("\n") == ["loss", "  v2  █▄▃   1 → 0.3333", "  v3  ▇▂ ▁  0.9 → 0.1"]


def test_what_is_no_number_breaks_a_curve():
    points = ((0.0, 1.0), (1.0, 2.0), (2.0, math.nan), (3.0, 1.0))
    html = blocks_html([Curves((), (Curve("x", "a", points),))])
    assert html.count("<path") == 2


def test_what_is_not_drawn_is_counted():
    html = blocks_html([Curves((), tuple(curve(str(number)) for number in range(CURVES + 3)))])
    assert "and 3 more curves" in html
    assert "and 5 more bars" in blocks_html([Bars((), ("x",) * (BARS + 5), (1.0,) * (BARS + 5), (1.0,) * (BARS + 5))])
    assert "and 7 more lines" in blocks_html([Parallel((), (Axis("x"),), (Line("x:v1", (0.5,)),) * (LINES + 7))])
    assert "and 3" in blocks_text([Curves((), tuple(curve(str(number)) for number in range(CURVES + 3)))])


def test_a_long_curve_is_thinned_and_keeps_its_ends():
    html = blocks_html([Curves((), (curve(count=100_000),))])
    assert html.count("L") < POINTS + 20
    assert "M0.0 4.0L" in html
    assert "L600.0 156.0" in html


def test_bars_stand_in_pairs_on_one_scale():
    chart = Bars((Span("age"),), ("young", "old"), (1.0, 2.0), (4.0, 0.0), names=("v2", "v3"))
    html = blocks_html([chart])
    assert html.count("<rect") == 3
    assert "young: 1, 4; old: 2, 0" in "".join(check_fragment(html).texts)
    assert blocks_text([chart]).split("\n") == ["age", "  v2  ▃▅", "  v3  █▁"]


def test_parallel_coordinates_put_the_first_line_on_top():
    html = blocks_html([CHARTS[9]])
    assert html.index("mvl-rest") < html.index("mvl-curve mvl-b")
    assert "depth 1 … 9" in html
    assert "kind a … b" in html
    assert blocks_text([CHARTS[9]]) == ""


def test_a_spark_is_a_drawing_in_html_and_a_line_in_text():
    block = Paragraph((Span("auc "), Spark((1.0, 2.0, None, 3.0))))
    assert blocks_text([block]) == "auc ▁▅ █"
    html = blocks_html([block])
    assert html.count("<rect") == 3
    assert "1 → 3, between 1 and 3" in check_fragment(html).texts


def test_pictures_on_one_another_are_embedded_once_and_need_no_script(make):
    block = Overlay((Span("roc"),), Picture("roc v2", make.digest(5)), Picture("roc v3", make.digest(6)))
    html = blocks_html([block], pictures={make.digest(5): png(), make.digest(6): png()})
    assert html.count("<img ") == 2
    assert "<summary>on one another</summary>" in html
    check_fragment(html)
    assert "on one another" not in blocks_html([block], pictures={make.digest(5): png()})
    assert blocks_text([block]) == "roc"
