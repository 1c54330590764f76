"""Whatever HTML a lake holds, what is left of it is ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvlake.view.elements import element, markup
from mvlake.view.foreign import foreign_nodes


def left_of(html):
    return markup(element("div", *foreign_nodes(html)))[len("<div>") : -len("</div>")]


@pytest.mark.parametrize(
    ("html", "left"),
    {
        "<table border=1><tr><td>a</td></tr></table>": "<table><tr><td>a</td></tr></table>",
        "<b>bold</b> & <i>so on</i>": "<strong>bold</strong> &amp; so on",
        "<script>alert(1)</script>x": "x",
        "<style>p {}</style><p>x": "<p>x</p>",
        "<svg><p onload=x>y</p></svg>": "",
        "<img src=x onerror=alert(1)>": "",
        '<a href="javascript:x">link</a>': "link",
        "<p>a</b></p></p>b": "<p>a</p>b",
        "&lt;script&gt;": "&lt;script&gt;",
        "<td><tr><table>": "<td><tr><table></table></tr></td>",
        "<iframe srcdoc='<p>x'>": "",
    }.items(),
)
def test_what_is_left(html, left):
    assert left_of(html) == left


@given(st.text(alphabet="<>/!-&;='\" abpscriptdv\x00\ud800") | st.text())
def test_nothing_that_scripts_or_loads_is_ever_left(html):
    left = left_of(html)
    assert "<script" not in left
    assert "=" not in "".join(part.split(">")[0] for part in left.split("<")[1:])


def test_deep_and_long_pages_are_bounded():
    assert len(left_of("<div>" * 100_000)) < 1000
    assert len(left_of("<p>x</p>" * 100_000)) < 400_000
