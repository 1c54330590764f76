import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvlake.view.clean import lines_of, visible, without_ansi

anything = st.text(st.characters(exclude_categories=()), max_size=60)


@given(anything)
def test_no_unseen_character_is_left(text):
    assert not {unicodedata.category(character) for character in visible(text)} & {"Cc", "Cs", "Zl", "Zp"}
    assert "\u202e" not in visible(text)
    visible(text).encode("utf-8")


@given(st.text(st.characters(categories=("L", "N", "P", "S")), max_size=50))
def test_ordinary_text_of_any_language_stays_as_it_is(text):
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", r"a\x1b[31mb"),
        ("\x00", r"\x00"),
        ("\u202egnp", r"\u202egnp"),
        ("\ud800", r"\ud800"),
        ("a\nb", r"a\nb"),
        ("\x9b", r"\x9b"),
    ],
)
def test_what_cannot_be_seen_is_written_as_its_escape(text, shown):
    assert visible(text) == shown


def test_joiners_that_scripts_are_written_with_stay():
    assert visible("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645") == "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"


def test_a_megabyte_is_clipped():
    assert visible("x" * 1_000_000, limit=10) == "x" * 9 + "…"


def test_prose_keeps_its_lines_and_nothing_else():
    assert visible("one\r\ntwo\tthree\x07", keeps_lines=True) == "one\ntwo three\\x07"


@pytest.mark.parametrize(
    "ansi", ["\x1b[1;31mred\x1b[0m", "\x1b]0;title\x07red", "\x1b]8;;http://x\x1b\\red\x1b]8;;\x1b\\", "\x9b31mred", "\x1bMred"]
)
def test_terminal_sequences_are_taken_out_of_outputs(ansi):
    assert without_ansi(ansi) == "red"


def test_lines_left_out_of_an_output_are_counted():
    assert lines_of("\n".join("abcde") + "\n", limit=2) == (("a", "b"), 3)
    assert lines_of("", limit=2) == (("",), 0)


def test_lines_far_down_a_huge_output_are_counted_too():
    shown, more = lines_of("line\n" * 1_000_000, limit=3)
    assert shown == ("line",) * 3
    assert more == 1_000_000 - 3
