import pytest

from mvlake.records.answers import Synced, Way
from mvlake.view.document import as_document
from mvlake.view.html import page
from mvlake.view.text import as_text

SENT = Synced(Way.PUSHED, "s3://team/lakes/fraud", True, 42, 3, 5, 1_200_000)


def test_it_says_what_was_sent_where():
    text = as_text(SENT, width=100)
    assert "3 records and 5 files" in text
    assert "sent to s3://team/lakes/fraud" in text
    assert "would be" not in text


def test_a_dry_run_says_would():
    assert "would be fetched from ../copy" in as_text(Synced(Way.PULLED, "../copy", False, 42, 3, 5, 10), width=100)


def test_nothing_to_do_is_said():
    text = as_text(Synced(Way.PUSHED, "s3://team/lakes/fraud", True, 42, 0, 0, 0), width=100)
    assert "nothing to do" in text
    assert "42 records" in text


def test_what_had_been_collected_is_said():
    assert "without the content of fraud:v2" in as_text(Synced(Way.PUSHED, "x", True, 4, 4, 2, 9, ("fraud:v2",)), width=100)


def test_a_program_reads_all_of_it():
    assert as_document(SENT) == {
        "way": "pushed",
        "place": "s3://team/lakes/fraud",
        "is_applied": True,
        "head": 42,
        "records": 3,
        "files": 5,
        "size": 1_200_000,
        "gone": [],
    }


@pytest.mark.parametrize("payload", ["<script>alert(1)</script>", "\x1b[31mred", "two\nlines", "\u202ereversed"])
def test_a_hostile_place_is_shown_as_text(payload):
    answer = Synced(Way.PUSHED, payload, True, 1, 1, 1, 1, (payload,))
    assert "<script>" not in page(answer, "push", pictures={})
    assert "\x1b" not in as_text(answer, width=100, color=False)
