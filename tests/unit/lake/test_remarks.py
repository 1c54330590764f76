import pytest

from mvlake.errors import Invalid, InvalidName, VersionNotFound


@pytest.fixture
def one(lake, commit):
    commit(lake)
    return lake


def test_a_note_is_kept_with_who_and_when(one):
    assert one.note("fraud:v1", "  best yet\n").ref == "fraud:v1"
    one.note("fraud", "🐟 second")
    notes = one.show("fraud:v1").entry.notes
    assert [note.text for note in notes] == ["best yet", "🐟 second"]
    assert all(note.author and note.at.endswith("Z") for note in notes)


@pytest.mark.parametrize("text", ["", "  \n", "x" * 10_001, "half a \ud800 character"])
def test_a_note_that_says_nothing_or_too_much_is_refused(one, text):
    with pytest.raises(Invalid):
        one.note("fraud:v1", text)
    assert one.status().records == 1


def test_a_reason_that_cannot_be_written_is_refused(one):
    with pytest.raises(Invalid):
        one.promote("fraud:v1", "production", reason="half a \ud800 character")
    assert one.status().records == 1
    one.promote("fraud:v1", "production")
    with pytest.raises(Invalid):
        one.promote("fraud:v1", "staging", reason="x" * 10_001)


def test_tags_are_put_on_and_taken_off(one):
    one.tag("fraud:v1", ["base", "lr=0.1", "base"])
    assert one.show("fraud").entry.tags == ("base", "lr=0.1")
    one.tag("fraud:v1", "best")
    assert "removed base" in one.tag("fraud:v1", ["base"], remove=True).sentence
    assert one.show("fraud").entry.tags == ("lr=0.1", "best")


def test_a_tag_that_is_there_already_writes_nothing(one):
    one.tag("fraud:v1", "base")
    records = one.status().records
    assert "there already" in one.tag("fraud:v1", "base").sentence
    assert "not there" in one.tag("fraud:v1", "other", remove=True).sentence
    assert one.status().records == records


@pytest.mark.parametrize("tag", ["", " ", "a b", "🐟", "x" * 101, "-a", "a\n", "/etc"])
def test_a_word_that_is_no_tag_is_refused_with_all_others(one, tag):
    with pytest.raises(InvalidName):
        one.tag("fraud:v1", ["good", tag])
    assert one.show("fraud").entry.tags == ()


def test_remarks_need_a_version(one):
    with pytest.raises(VersionNotFound):
        one.note("fraud:v2", "x")
    with pytest.raises(VersionNotFound):
        one.tag("frod", "x")


def test_a_version_never_changes_by_what_is_said_of_it(one):
    before = one.show("fraud:v1").entry
    one.note("fraud:v1", "x")
    one.tag("fraud:v1", "x")
    one.promote("fraud:v1", "x")
    after = one.show("fraud:v1").entry
    assert (after.version, after.digest, after.seq, after.created_at) == (
        before.version,
        before.digest,
        before.seq,
        before.created_at,
    )
