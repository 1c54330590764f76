import pytest

from mvlake.errors import AmbiguousRef, DamagedRecord, VersionNotFound
from mvlake.records.environment import Author
from mvlake.records.events import Attempt, Confirmation, LabelMove, Move, Note, Replayed, Tag, Verdict
from mvlake.records.record import Record, Unknown
from mvlake.records.ref import parse_ref
from mvlake.registry.ledger import Ledger
from mvlake.store.hashing import digest_of

AT = "2026-03-03T14:00:00.000000Z"


def test_it_counts_versions_by_name(book):
    book.version()
    book.version("churn")
    book.version(number=2)
    assert (book.ledger.count("fraud"), book.ledger.count("churn"), book.ledger.count("other")) == (2, 1, 0)


def test_the_name_used_last_stands_last(book):
    book.version()
    book.version("churn")
    assert book.ledger.names() == ("fraud", "churn")
    book.version(number=2)
    assert book.ledger.names() == ("churn", "fraud")


@pytest.mark.parametrize("number", [-1, 0, 1, 3, 2**53])
def test_a_number_that_does_not_follow_is_damage(book, number):
    book.version()
    with pytest.raises(DamagedRecord) as raised:
        book.version(number=number)
    assert raised.value.seq == 2
    assert book.head == 1
    assert book.ledger.count("fraud") == 1


def test_remarks_are_kept_in_their_order(book):
    book.version()
    book.tell(Note("fraud", 1, "one"))
    book.tell(Note("fraud", 1, "two"))
    book.tell(Tag("fraud", 1, "base"))
    book.tell(Tag("fraud", 1, "best"))
    book.tell(Tag("fraud", 1, "base"))
    book.tell(Tag("fraud", 1, "best", is_removed=True))
    book.tell(Tag("fraud", 1, "never", is_removed=True))
    book.tell(Confirmation("fraud", 1, AT, 1.0))
    book.tell(Replayed("fraud", 1, Verdict.DRIFTED, (), digest_of(b"e"), 1.0, "mvlake 1"))
    entry = book.ledger.entry("fraud", 1)
    assert [note.text for note in entry.notes] == ["one", "two"]
    assert entry.tags == ("base",)
    assert entry.confirmations == 1
    assert [replay.replayed.verdict for replay in entry.replays] == [Verdict.DRIFTED]


@pytest.mark.parametrize("number", [0, -1, 2, 10**9])
def test_remarks_on_versions_that_do_not_exist_say_nothing(book, number):
    book.version()
    book.tell(Note("fraud", number, "lost"))
    book.tell(Tag("nowhere", number, "lost"))
    book.tell(Confirmation("fraud", number, AT, 1.0))
    assert book.ledger.entry("fraud", 1).notes == ()
    assert book.ledger.names() == ("fraud",)


def test_a_record_of_an_unknown_kind_says_nothing(book):
    book.version()
    book.tell(Unknown("approval"))
    assert len(book.ledger.entries()) == 1


def test_an_entry_shows_the_labels_that_it_holds_now(book):
    book.version()
    book.version(number=2, parent=1)
    book.tell(LabelMove("fraud", "production", None, 1, Move.PROMOTE))
    book.tell(LabelMove("fraud", "champion", None, 1, Move.PROMOTE))
    assert book.ledger.entry("fraud", 1).labels == ("champion", "production")
    book.tell(LabelMove("fraud", "production", 1, 2, Move.PROMOTE))
    assert book.ledger.entry("fraud", 1).labels == ("champion",)
    assert book.ledger.entry("fraud", 2).labels == ("production",)


def test_a_label_on_a_version_that_does_not_exist_finds_none(book):
    book.version()
    book.tell(LabelMove("fraud", "production", None, 99, Move.PROMOTE))
    with pytest.raises(VersionNotFound):
        book.ledger.find(parse_ref("fraud@production"))


def test_a_label_of_a_name_without_versions_is_passed_over(book):
    book.version()
    book.tell(LabelMove("ghost", "production", None, 1, Move.PROMOTE))
    book.tell(LabelMove("fraud", "production", None, 1, Move.PROMOTE))
    assert book.ledger.find(parse_ref("@production")).ref == "fraud:v1"


def test_a_version_that_is_its_own_parent_has_an_end(book):
    book.version(number=1, parent=1)
    assert book.ledger.find(parse_ref("fraud:v1~5")).ref == "fraud:v1"


@pytest.mark.parametrize("parent", [0, -1, 7, 2**53])
def test_a_parent_that_does_not_exist_is_not_found(book, parent):
    book.version(parent=parent)
    with pytest.raises(VersionNotFound):
        book.ledger.find(parse_ref("fraud:v1~1"))


def test_the_first_version_of_an_identity_is_the_one_confirmed(book):
    book.version(identity=b"same")
    book.version(number=2, identity=b"same")
    assert book.ledger.same_as("fraud", digest_of(b"same")).number == 1
    assert book.ledger.same_as("churn", digest_of(b"same")) is None


def test_a_beginning_of_two_digests_is_ambiguous(book):
    book.version()
    book.version(number=2)
    book.cut()
    with pytest.raises(AmbiguousRef) as raised:
        book.ledger._by_digest("b3:")  # refs take six digits at least, and equal ones are rare
    assert len(raised.value.candidates) == 2


def test_attempts_are_newest_first(book):
    book.tell(Attempt("fraud", (), "KeyError", "", AT, 1.0))
    book.tell(Attempt("churn", (), "ValueError", "", AT, 1.0))
    assert [attempt.error_type for attempt, _, _ in book.ledger.attempts()] == ["ValueError", "KeyError"]
    assert [seq for _, _, seq in book.ledger.attempts("fraud")] == [1]
    assert book.ledger.names() == ()
    assert book.ledger.has_attempts("churn")
    assert not book.ledger.has_attempts("other")


def test_attempts_behind_a_record_are_all_that_is_read(book):
    for number in range(100):
        book.tell(Attempt("fraud", (), f"E{number}", "", AT, 1.0), cut=number % 30 == 0)
    book.reads = 0
    assert [seq for _, _, seq in book.ledger.attempts(after=97)] == [100, 99, 98]
    assert [seq for _, _, seq in book.ledger.attempts("fraud", limit=2)] == [100, 99]
    assert book.reads == 0  # what was read or written last is at hand


def test_a_list_of_the_newest_reads_no_more_than_it_shows(book):
    for number in range(1, 301):
        book.version("fraud" if number % 2 else "churn", (number + 1) // 2)
        if number % 100 == 0:
            book.cut()
    book.reads = 0
    assert [entry.seq for entry in book.ledger.entries(limit=3)] == [300, 299, 298]
    assert [entry.seq for entry in book.ledger.entries("fraud", limit=100)] == list(range(299, 99, -2))
    assert book.reads <= 100
    assert len(book.ledger.entries()) == 300


def test_a_name_too_long_for_its_row_is_read_from_its_record(book):
    name = "ü" * 60
    book.version(name)
    book.version("x" * 100)
    book.cut()
    book.version(name, 2)
    assert book.ledger.names() == ("x" * 100, name)
    assert book.ledger.entry(name, 2).seq == 3


def test_a_remark_made_before_its_version_says_nothing(book):
    book.tell(Note("fraud", 1, "too early"), cut=True)
    book.version()
    book.cut()
    book.tell(Note("fraud", 1, "in time"))
    assert [note.text for note in book.ledger.entry("fraud", 1).notes] == ["in time"]


def test_what_is_said_of_a_version_can_be_asked_by_kind(book):
    book.version()
    book.tell(Note("fraud", 1, "one"), cut=True)
    book.tell(Tag("fraud", 1, "base"))
    book.tell(Note("fraud", 1, "two"))
    assert [record.seq for record in book.ledger.said_of("fraud", 1, Note)] == [2, 4]
    assert list(book.ledger.said_of("fraud", 2, Note)) == []


def test_rows_that_speak_of_another_record_are_damage(book):
    book.version()
    book.records[1] = (Record(1, digest_of(b"before"), AT, Author("ana", "lab"), Note("fraud", 1, "x")), digest_of(b"record 1"))
    with pytest.raises(DamagedRecord, match="rebuild"):
        Ledger(book).entry("fraud", 1)
