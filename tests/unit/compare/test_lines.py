import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from steps import steps

from mvlake.compare.alignment import aligned
from mvlake.compare.diff import Line
from mvlake.compare.lines import diff_lines

WORDS = st.lists(st.sampled_from("abcdef"), max_size=14)
TEXTS = st.one_of(WORDS.map("\n".join), st.text(max_size=20))
MANY = 10_000


@given(a=TEXTS, b=TEXTS)
def test_a_line_diff_holds_both_texts(a, b, before, after):
    lines = diff_lines(a, b)
    assert before(lines) == a
    assert after(lines) == b


@given(a=WORDS, b=WORDS)
def test_aligned_items_are_equal_and_in_order_on_both_sides(a, b):
    pairs = aligned(a, b)
    assert all(a[i] == b[j] for i, j in pairs)
    assert all(i < next_i and j < next_j for (i, j), (next_i, next_j) in pairwise(pairs))


@given(a=WORDS, b=WORDS)
def test_an_alignment_read_backwards_is_the_same_alignment(a, b):
    assert [(j, i) for i, j in aligned(b, a)] == aligned(a, b)


@given(a=st.lists(st.sampled_from("ab"), max_size=12).map(lambda x: x * 2), b=WORDS.map(lambda x: x * 2))
def test_where_no_line_stands_once_the_shortest_script_is_found(a, b):
    longest = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, one in enumerate(a):
        for j, other in enumerate(b):
            longest[i + 1][j + 1] = longest[i][j] + 1 if one == other else max(longest[i][j + 1], longest[i + 1][j])
    once = {x for x in a if a.count(x) == 1} & {x for x in b if b.count(x) == 1}
    assert once or len(aligned(a, b)) == longest[-1][-1]


@given(text=TEXTS)
def test_a_text_and_itself_differ_in_no_line(text):
    assert all(line.op == " " for line in diff_lines(text, text))


def test_removed_lines_stand_before_those_that_took_their_place():
    assert [line.op for line in diff_lines("a\nb\nc\nd", "a\nx\ny\nd")] == [" ", "-", "-", "+", "+", " "]


def test_an_empty_text_has_no_line():
    assert diff_lines("", "x") == (Line("+", "x"),)
    assert diff_lines("", "") == ()


def test_a_final_newline_is_a_difference():
    assert diff_lines("a", "a\n") == (Line(" ", "a"), Line("+", ""))


def test_a_carriage_return_is_content_of_its_line():
    assert [(line.op, line.text) for line in diff_lines("10%\r20%", "10%\r30%")] == [("-", "10%\r20%"), ("+", "10%\r30%")]


def test_an_inserted_line_leaves_every_other_line_alone():
    lines = [f"line {place}" for place in range(MANY)]
    told = diff_lines("\n".join(lines), "\n".join([*lines[:5000], "new", *lines[5000:]]))
    assert [line.text for line in told if line.op != " "] == ["new"]


def _noise(seed, symbols):
    chosen = random.Random(seed)
    return "\n".join(chosen.choice(symbols) for _ in range(MANY))


HOSTILE = {
    "two symbols at random": (_noise(1, "ab"), _noise(2, "ab")),
    "nothing in common": (
        "\n".join(f"a{place}" for place in range(MANY)),
        "\n".join(f"b{place}" for place in range(MANY)),
    ),
    "backwards": (
        "\n".join(map(str, range(MANY))),
        "\n".join(map(str, reversed(range(MANY)))),
    ),
    "one line again and again": ("x\n" * MANY, "x\n" * (MANY // 2) + "y\n" * MANY),
    "every line twice, shuffled": (
        "\n".join(str(place // 2) for place in range(MANY)),
        "\n".join(str(place * 7919 % MANY // 2) for place in range(MANY)),
    ),
    "one line of a megabyte": ("x" * 1_000_000, "x" * 999_999 + "y"),
    "every third line edited": (
        "\n".join(f"a{place}\n}}\n" for place in range(MANY // 3)),
        "\n".join(f"a{place}\n}}\n" if place % 3 else "q\n}\n" for place in range(MANY // 3)),
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_work_for_their_length_and_not_for_its_square(name, before, after):
    a, b = HOSTILE[name]
    lines, count = steps(diff_lines, a, b)
    assert count < 300 * MANY, count / MANY
    assert (before(lines), after(lines)) == (a, b)


def test_a_search_that_is_too_long_ends_in_one_coarse_block():
    lines = diff_lines("a\nb\n" * 2000 + "z", "b\na\nc\n" * 1500 + "w")
    assert sum(line.op == " " for line in lines) < 10
