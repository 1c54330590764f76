import pytest

from mvlake.errors import AmbiguousRef, InvalidName, InvalidRef, LabelNotFound, VersionNotFound


@pytest.fixture
def three(lake, commit):
    for depth in (1, 2, 3):
        commit(lake, depth=depth)
    commit(lake, "churn", depth=1)
    lake.promote("fraud:v2", "production")
    return lake


@pytest.mark.parametrize(
    ("ref", "meant"),
    [
        ("fraud", "fraud:v3"),
        ("fraud:latest", "fraud:v3"),
        ("fraud@latest", "fraud:v3"),
        ("fraud:v1", "fraud:v1"),
        ("fraud:1", "fraud:v1"),
        (" fraud:v1 ", "fraud:v1"),
        ("fraud@production", "fraud:v2"),
        ("@production", "fraud:v2"),
        ("fraud:v3~1", "fraud:v2"),
        ("fraud:v3~", "fraud:v2"),
        ("fraud:v3~2", "fraud:v1"),
        ("fraud:v3~0", "fraud:v3"),
        ("fraud~1", "fraud:v2"),
        ("fraud@production~1", "fraud:v1"),
        ("@production~", "fraud:v1"),
    ],
)
def test_every_form_of_a_ref_names_its_version(three, ref, meant):
    assert three.show(ref).entry.ref == meant


def test_a_digest_or_its_beginning_names_a_version(three):
    entry = three.show("fraud:v2").entry
    for ref in (entry.digest, entry.digest.hex, entry.digest[:12], entry.digest.hex[:8]):
        assert three.show(ref).entry.ref == "fraud:v2"
    assert three.show(f"{entry.digest.hex[:8]}~1").entry.ref == "fraud:v1"


def test_a_name_that_looks_like_a_digest_is_a_name_once_it_exists(lake, commit):
    commit(lake, "abcdef")
    assert lake.show("abcdef").entry.ref == "abcdef:v1"


@pytest.mark.parametrize("ref", ["fraud:v4", "fraud:v0004", "fraud:v999999999999"])
def test_a_number_that_does_not_exist_lists_those_that_do(three, ref):
    with pytest.raises((VersionNotFound, InvalidRef)) as raised:
        three.show(ref)
    assert "fraud" in str(raised.value.hint)


def test_a_wrong_number_lists_the_newest_first(three):
    with pytest.raises(VersionNotFound) as raised:
        three.show("fraud:v9")
    assert raised.value.existing == ("fraud:v3", "fraud:v2", "fraud:v1")
    assert "fraud:v3, fraud:v2, fraud:v1" in str(raised.value)


def test_a_wrong_name_lists_the_names(three):
    with pytest.raises(VersionNotFound) as raised:
        three.show("frod:v1")
    assert set(raised.value.existing) == {"fraud", "churn"}
    assert "frod" in str(raised.value)


def test_a_wrong_label_lists_the_labels(three):
    with pytest.raises(LabelNotFound) as raised:
        three.show("fraud@prod")
    assert "@production" in str(raised.value)
    with pytest.raises(LabelNotFound) as raised:
        three.show("@prod")
    assert "@production" in str(raised.value)


def test_a_name_without_labels_says_how_to_set_one(three):
    with pytest.raises(LabelNotFound) as raised:
        three.show("churn@production")
    assert "churn has no @production" in str(raised.value)


def test_a_label_of_two_names_is_ambiguous_without_the_name(three):
    three.promote("churn:v1", "production")
    with pytest.raises(AmbiguousRef) as raised:
        three.show("@production")
    assert set(raised.value.candidates) == {"fraud@production", "churn@production"}
    assert three.show("churn@production").entry.ref == "churn:v1"


def test_a_parent_beyond_the_first_says_which_has_none(three):
    with pytest.raises(VersionNotFound) as raised:
        three.show("fraud:v3~3")
    assert "fraud:v1 has no parent" in str(raised.value)


@pytest.mark.parametrize(
    "ref",
    [
        "",
        " ",
        ":",
        "@",
        "~",
        ":v1",
        "fraud:",
        "fraud@",
        "fraud:v",
        "fraud:v0",
        "fraud:v-1",
        "fraud:v1.5",
        "fraud:vv1",
        "fraud:v1@x",
        "a/b",
        "a/b:v1",
        "../x",
        "..",
        "a..b:v1",
        "/etc/passwd",
        "-rf",
        ".hidden",
        "🐟",
        "fraud:v🐟",
        "fraud@🐟",
        "fraud:v\uff11",
        "fraud\n:v1",
        "fraud:v1\x00",
        "fraud~~1",
        "fraud:v1~-1",
        "x" * 500,
        "x" * 101,
        "fraud:" + "9" * 500,
        "@" + "y" * 500,
    ],
)
def test_a_text_that_is_no_ref_is_refused_with_what_exists(three, ref):
    with pytest.raises((InvalidRef, LabelNotFound)) as raised:
        three.show(ref)
    message = str(raised.value)
    assert "fraud" in message
    assert len(message) < 600
    assert "\x00" not in message


@pytest.mark.parametrize(
    "name", ["", "a/b", "..", "a..b", "../../etc", "🐟", "x" * 101, "x" * 500, "-x", ".x", "a b", "a:v1", "a@b", "a\n"]
)
def test_a_name_that_is_no_name_commits_nothing(lake, commit, name):
    commit(lake, depth=1)
    with pytest.raises(InvalidName) as raised:
        commit(lake, name)
    assert "wanted" in str(raised.value)
    assert lake.status().records == 1


@pytest.mark.parametrize("name", ["a", "0", "fraud-detector_2.1", "A" * 100])
def test_ordinary_names_are_taken(lake, commit, name):
    assert commit(lake, name).ref == f"{name}:v1"
    assert lake.show(name).entry.ref == f"{name}:v1"


def test_an_unknown_name_in_the_log_lists_the_names(three):
    with pytest.raises(VersionNotFound) as raised:
        three.log("frod")
    assert set(raised.value.existing) == {"fraud", "churn"}
    with pytest.raises(InvalidName) as invalid:
        three.log("a/b")
    assert "fraud" in str(invalid.value)


def test_an_empty_lake_says_how_to_make_a_version(lake):
    with pytest.raises(VersionNotFound) as raised:
        lake.show("fraud")
    assert "%%track" in str(raised.value)
