import pytest

from mvlake.errors import Refused
from mvlake.records.events import Forgotten


@pytest.fixture
def three(lake, commit):
    for depth in (1, 2, 3):
        commit(lake, depth=depth, outputs={"x": {"a": depth}})
    return lake


def test_a_forgotten_version_keeps_its_number_its_row_and_its_content_until_it_is_collected(three, commit):
    done = three.forget("fraud:v2", reason="leaked rows")
    assert "fraud:v2" in done.sentence
    assert [entry.ref for entry in three.log()] == ["fraud:v3", "fraud:v2", "fraud:v1"]
    said = three.show("fraud:v2").entry.forgotten
    assert said.text == "leaked rows"
    assert said.at
    assert said.author
    assert three.show("fraud:v1").entry.forgotten is None
    assert three.load("fraud:v2", "x") == {"a": 2}
    assert three.checkout("fraud:v2", into={}).names[0].problem == ""
    assert commit(three, depth=4).ref == "fraud:v4"


def test_forgetting_twice_is_said_and_recorded_once(three):
    three.forget("fraud:v2")
    records = three.status().records
    assert "already" in three.forget("fraud:v2").sentence
    assert three.status().records == records
    assert "not forgotten" in three.unforget("fraud:v1").sentence


def test_it_can_be_taken_back_as_often_as_one_likes(three):
    for reason in ("a", "b"):
        three.forget("fraud:v2", reason=reason)
        assert three.show("fraud:v2").entry.forgotten.text == reason
        three.unforget("fraud:v2")
        assert three.show("fraud:v2").entry.forgotten is None


def test_a_version_that_was_ever_promoted_is_not_forgotten(three):
    three.promote("fraud:v1", "production")
    three.promote("fraud:v2", "production")
    three.rollback("production")
    for ref in ("fraud:v1", "fraud:v2"):
        with pytest.raises(Refused, match="@production"):
            three.forget(ref)
    three.forget("fraud:v3")


def test_a_version_that_is_promoted_at_that_very_moment_is_not_forgotten(disk, commit):
    from mvlake.lake.lake import Lake

    commit(disk)
    other = Lake.open(disk.path)
    real = disk._parts.log.append

    def late(make):
        other.promote("fraud:v1", "production")  # between our look at the labels and our record
        return real(make)

    disk._parts.log.append = late
    with pytest.raises(Refused, match="@production"):
        disk.forget("fraud:v1")


def test_a_forgotten_version_is_not_promoted(three):
    three.forget("fraud:v2")
    with pytest.raises(Refused, match="was forgotten"):
        three.promote("fraud:v2", "production")
    three.unforget("fraud:v2")
    three.promote("fraud:v2", "production")


def test_the_same_execution_again_confirms_no_forgotten_version(three, commit):
    three.forget("fraud:v3")
    assert commit(three, depth=3, outputs={"x": {"a": 3}}).ref == "fraud:v4"
    assert commit(three, depth=3, outputs={"x": {"a": 3}}).ref == "fraud:v4"
    assert three.show("fraud:v4").entry.confirmations == 1


def test_history_and_questions_tell_of_it(three, as_json):
    from mvlake.view.html import page
    from mvlake.view.text import as_text

    three.forget("fraud:v2", reason="leaked <rows>")
    assert "forgotten" in as_text(three.log())
    assert "leaked <rows>" in as_text(three.show("fraud:v2"))
    assert "leaked &lt;rows&gt;" in page(three.show("fraud:v2"), "v2")
    assert as_json(three.show("fraud:v2"))["forgotten"]["reason"] == "leaked <rows>"
    assert as_json(three.show("fraud:v1"))["forgotten"] is None
    assert three.sql("select name, number from events where kind = 'forgotten'").rows == (("fraud", 2),)


@pytest.mark.parametrize("number", [0, -1, 99, 2**52])
def test_a_record_that_forgets_what_there_is_not_changes_nothing(three, forger, number):
    forger(three._parts.store).write("forgotten", {"name": "fraud", "number": number})
    assert [entry.forgotten for entry in three.log()] == [None, None, None]
    assert three.verify(data=True).is_clean
    assert three.gc().files == ()


def test_what_is_forgotten_before_it_was_made_is_wanted(lake, forger, commit):
    forger(lake._parts.store).write("forgotten", {"name": "fraud", "number": 1})
    commit(lake)
    assert lake.show("fraud:v1").entry.forgotten is None
    assert lake.gc().files == ()


def test_a_reason_is_optional_in_the_record():
    assert Forgotten("a", 1) == Forgotten("a", 1, "", is_undone=False)
