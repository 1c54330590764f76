import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from steps import steps

from mvlake.compare.diff import Line
from mvlake.compare.lines import diff_lines
from mvlake.compare.segments import Segment
from mvlake.compare.words import segments_of, with_segments, words_of

CODE = st.lists(st.sampled_from(["lr", " ", "  ", "=", "0.1", "0.25", "fit", "(", ")", ",", "é", "\t", '"a"']), max_size=12).map(
    "".join
)
TEXTS = st.one_of(st.lists(CODE, max_size=6).map("\n".join), st.text(max_size=30))


def changed(line):
    return [one.text for one in line.segments if one.is_changed]


def test_of_an_edited_line_the_word_that_is_another_one_is_told():
    removed, added = diff_lines("model.fit(X, lr=0.1, depth=3)", "model.fit(X, lr=0.25, depth=3)")
    assert (changed(removed), changed(added)) == (["0.1"], ["0.25"])
    assert added.segments[0] == Segment("model.fit(X, lr=")


def test_words_that_came_to_a_line_are_changed_on_its_side_alone():
    removed, added = diff_lines("fit(X, y)", "fit(X, y, weights)")
    assert (changed(removed), changed(added)) == ([], [", weights"])


def test_a_line_with_hardly_a_word_in_common_has_no_partner():
    assert [line.segments for line in diff_lines("import numpy as np", "frame.dropna(inplace=True)")] == [(), ()]


def test_of_several_lines_those_that_are_alike_are_partners_in_order():
    lines = diff_lines("a = load(1)\nb = clean(a)\nc = 3", "b = clean(a, 0)\nc = 4\nprint(a)")
    assert [(line.op, changed(line)) for line in lines if line.segments] == [("-", []), ("-", ["3"]), ("+", [", 0"]), ("+", ["4"])]


def test_a_space_between_two_changed_words_is_changed_with_them():
    removed, added = segments_of(words_of("x = old name"), words_of("x = new title"))
    assert [one.text for one in removed if one.is_changed] == ["old name"]
    assert [one.text for one in added if one.is_changed] == ["new title"]


def test_another_indentation_is_told_and_nothing_else_of_the_line():
    removed, added = diff_lines("  return total", "      return total")
    assert (changed(removed), changed(added)) == (["  "], ["      "])


@given(text=st.text(max_size=40))
def test_the_words_of_a_text_are_the_text(text):
    assert "".join(words_of(text)) == text


@given(a=TEXTS, b=TEXTS)
def test_the_segments_of_a_line_are_the_line(a, b):
    for line in diff_lines(a, b):
        assert not line.segments or "".join(one.text for one in line.segments) == line.text
        assert line.op != " " or not line.segments
        assert all(one.is_changed != other.is_changed for one, other in pairwise(line.segments))


@given(a=TEXTS, b=TEXTS)
def test_partners_are_equal_in_what_is_not_changed(a, b):
    stretch = []
    for line in [*diff_lines(a, b), Line(" ", "")]:
        if line.op != " ":
            stretch.append(line)
            continue
        kept = {
            op: [
                "".join(one.text for one in some.segments if not one.is_changed)
                for some in stretch
                if some.op == op and some.segments
            ]
            for op in "-+"
        }
        assert kept["-"] == kept["+"]
        stretch = []


@given(a=CODE, b=CODE)
def test_read_backwards_the_segments_are_those_of_the_other_side(a, b):
    there, back = segments_of(words_of(a), words_of(b)), segments_of(words_of(b), words_of(a))
    assert there == back[::-1]


@given(a=TEXTS, b=TEXTS)
def test_read_backwards_the_same_lines_have_segments(a, b):
    def told(lines, op):
        return [(line.text, line.segments) for line in lines if line.op == op]

    assert told(diff_lines(a, b), "-") == told(diff_lines(b, a), "+")


@given(text=CODE)
def test_a_line_and_itself_have_one_segment_that_is_not_changed(text):
    assert segments_of(words_of(text), words_of(text)) == (((Segment(text),) if text else ()),) * 2


def _scattered(seed, words):
    chosen = random.Random(seed)
    return " ".join(chosen.choice("abcdefgh") for _ in range(words))


HOSTILE = {
    "a thousand lines against as many": (
        "\n".join(f"x{i} = f({i})" for i in range(1000)),
        "\n".join(f"x{i} = g({i})" for i in range(1000)),
    ),
    "long lines at random": ("\n".join(_scattered(i, 900) for i in range(30)), "\n".join(_scattered(-i, 900) for i in range(30))),
    "a line of a megabyte": ("x " * 500_000, "y " + "x " * 500_000),
    "lines of one sign": ("(" * 1900 + "\n" + "(" * 1900, ")" + "(" * 1800 + "\n" + "(" * 1850),
    "many small edits": ("\n".join(f"a{i}\nx = {i}" for i in range(4000)), "\n".join(f"a{i}\nx = {i}.5" for i in range(4000))),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_words_of_hostile_texts_are_work_within_a_bound(name):
    a, b = (text.split("\n") for text in HOSTILE[name])
    lines = [line for one, other in zip(a, b, strict=True) for line in (Line("-", one), Line("+", other))]
    told, count = steps(with_segments, lines)
    assert count < 6_000_000
    assert [(line.op, line.text) for line in told] == [(line.op, line.text) for line in lines]


def test_after_the_bound_lines_are_told_as_a_whole():
    texts = [_scattered(seed, 150) for seed in range(80)]
    spread = [Line(op, text) for place in range(0, 80, 2) for op, text in zip("-+ ", (*texts[place : place + 2], ""), strict=True)]
    told = with_segments(spread)
    assert told[0].segments
    assert not told[-2].segments
    assert not told[-3].segments
