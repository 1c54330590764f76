import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvlake.errors import InvalidRef
from mvlake.records.digest import digest_prefix
from mvlake.records.ref import Ref, parse_ref

NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True).filter(lambda name: ".." not in name) | st.just("b3")
BACK = st.integers(0, 999_999_999)
REFS = st.one_of(
    st.builds(Ref, name=NAMES, number=st.integers(1, 10**12 - 1), back=BACK),
    st.builds(Ref, name=NAMES, is_latest=st.just(True), back=BACK),
    st.builds(Ref, name=NAMES | st.just(""), label=NAMES.filter(lambda label: label != "latest"), back=BACK),
    st.builds(Ref, digest=st.from_regex(r"b3:[0-9a-f]{6,64}", fullmatch=True), back=BACK),
)


@given(REFS)
def test_a_ref_that_was_printed_is_read_as_itself(ref):
    assert parse_ref(str(ref)) == ref


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("fraud", Ref("fraud", is_latest=True)),
        ("  fraud  ", Ref("fraud", is_latest=True)),
        ("fraud:latest", Ref("fraud", is_latest=True)),
        ("fraud@latest", Ref("fraud", is_latest=True)),
        ("fraud:v47", Ref("fraud", number=47)),
        ("fraud:47", Ref("fraud", number=47)),
        ("fraud~", Ref("fraud", is_latest=True, back=1)),
        ("fraud:v47~3", Ref("fraud", number=47, back=3)),
        ("fraud@production~2", Ref("fraud", label="production", back=2)),
        ("@production", Ref(label="production")),
        ("00ff00", Ref(digest="b3:00ff00")),
        ("b3:00ff00~", Ref(digest="b3:00ff00", back=1)),
        ("deadbeef:v1", Ref("deadbeef", number=1)),
        ("b3:v47", Ref("b3", number=47)),
        ("b3", Ref("b3", is_latest=True)),
        ("b3@x", Ref("b3", label="x")),
    ],
)
def test_every_form_of_a_ref_is_understood(text, ref):
    assert parse_ref(text) == ref


def test_a_name_that_exists_wins_over_a_digest():
    assert parse_ref("deadbeef") == Ref(digest="b3:deadbeef")
    assert parse_ref("deadbeef", existing=("deadbeef",)) == Ref("deadbeef", is_latest=True)


@pytest.mark.parametrize(
    "text",
    ["", " ", ":", "@", "~", ":v1", "fraud:", "fraud@", "fraud:v0", "fraud:v01", "fraud:v-1", "fraud:V1", "fraud:v1:v2", "a@b@c",
     "fraud:v1@x", "fraud~~", "fraud~x", "fraud~1234567890", "a/b", "../x", "a..b", "fräud", "a b", "a\nb", "fraud:v1\x00", "@a..b",
     "b3:00ff0", "b3:" + "0" * 65, "fraud:v1234567890123", "x" * 101, "x" * 10_000, "fraud:v\uff14"],
)  # fmt: skip
def test_what_cannot_name_a_version_is_an_invalid_ref(text):
    with pytest.raises(InvalidRef):
        parse_ref(text)


@given(st.text(max_size=40) | st.text("abv:@~.3-\n 0", max_size=12))
def test_any_text_is_a_ref_or_an_invalid_ref(text):
    try:
        ref = parse_ref(text)
    except InvalidRef:
        return
    assert parse_ref(str(ref), existing=(ref.name,)) == ref


@pytest.mark.parametrize("text", ["00ff0", "00ff0g", "00FF00", "b3:", "b3:xyz", "b3:" + "0" * 65, "c3:00ff00", "00ff00\n"])
def test_what_cannot_begin_a_digest_is_none(text):
    assert digest_prefix(text) is None
