import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvlake.errors import InvalidName
from mvlake.records.names import check_label, check_name, check_tag, is_name, name_from

BAD = ["", ".", "..", ".a", "-a", "_a", "a/b", "a\\b", "a..b", "a b", "a\n", "a:b", "a@b", "a~b", "ä", "a\x00", "x" * 101, "\uff41"]


@pytest.mark.parametrize("text", BAD)
def test_a_name_that_could_lead_astray_is_refused(text):
    assert not is_name(text)
    for check in (check_name, check_label):
        with pytest.raises(InvalidName):
            check(text)


@pytest.mark.parametrize("text", ["a", "A9", "fraud-detector", "a.b_c-d", "0", "x" * 100, "a."])
def test_a_good_name_is_itself(text):
    assert check_name(text) == text
    assert check_label(f"@{text}") == text


def test_latest_is_no_label_because_it_moves_by_itself():
    with pytest.raises(InvalidName):
        check_label("latest")
    with pytest.raises(InvalidName):
        check_label("@latest")


def test_a_tag_may_say_more_than_a_name():
    assert check_tag("data=2026/03+fix") == "data=2026/03+fix"


@pytest.mark.parametrize("text", ["", "=a", "a b", "a\n", "x" * 101, "a:b", "é"])
def test_a_tag_that_is_none_is_refused(text):
    with pytest.raises(InvalidName):
        check_tag(text)


@given(st.text() | st.text("a.._- /\\é\n", max_size=300))
def test_a_name_made_from_any_text_is_a_name_or_nothing(text):
    made = name_from(text)
    assert made == "" or is_name(made)
