from bisect import insort

import pytest

from mvlake.errors import DamagedRecord, FormatTooNew
from mvlake.records.canonical import canonical, parse
from mvlake.records.digest import Digest
from mvlake.records.environment import Author
from mvlake.records.events import Note
from mvlake.records.record import Record, Unknown, record_bytes
from mvlake.registry import tail
from mvlake.registry.tables import END, Table
from mvlake.store.hashing import digest_of, genesis
from mvlake.store.keys import HEAD_HINT, record_key
from mvlake.store.log import Log
from mvlake.store.memory import MemoryStore
from mvlake.store.seal import seal

AT = "2026-03-03T14:00:00.000000Z"
START = genesis("0" * 32)


def log_of(store, start=START):
    followed = []
    return Log(store, genesis=start, follow=lambda record, digest: followed.append((record, digest))), followed


def note(text, **changed):
    return lambda seq, prev: Record(
        **{"seq": seq, "prev": prev, "at": AT, "by": Author("ana", "lab"), "body": Note("a", 1, text)} | changed
    )


def written(count):
    store = MemoryStore()
    log, _ = log_of(store)
    for number in range(1, count + 1):
        log.append(note(f"n{number}"))
    return store


def replaced(store, seq, data):
    store.put_hint(record_key(seq), data)  # a hint may be replaced; a record that is, is an attack
    return store


def edited(store, seq, /, **changed):
    document = parse(store.get(record_key(seq)))
    del document["sum"]
    return replaced(store, seq, seal(canonical(document | changed)))


def test_an_empty_log_begins_at_nothing():
    log, followed = log_of(MemoryStore())
    log.refresh()
    assert (log.head, log.head_digest, followed) == (0, START, [])


def test_each_record_names_the_one_before_and_the_first_names_its_lake():
    store = written(3)
    log, followed = log_of(store)
    log.refresh()
    assert [record.prev for record, _ in followed] == [START, followed[0][1], followed[1][1]]
    assert [digest for _, digest in followed] == [digest_of(store.get(record_key(seq))) for seq in (1, 2, 3)]
    assert log.head_digest == followed[-1][1]


def test_every_record_is_followed_once_whoever_wrote_it():
    store = MemoryStore()
    (one, followed_by_one), (other, followed_by_other) = log_of(store), log_of(store)
    for number in range(5):
        one.append(note(f"one {number}"))
        other.append(note(f"other {number}"))
        other.refresh()
    one.refresh()
    assert followed_by_one == followed_by_other
    assert [record.seq for record, _ in followed_by_one] == list(range(1, 11))


def test_make_is_asked_again_when_somebody_else_commits_first():
    store = MemoryStore()
    (mine, followed), (theirs, _) = log_of(store), log_of(store)
    asked = []

    def make(seq, prev):
        asked.append(seq)
        if len(asked) == 1:
            theirs.append(note("first"))
        return note("second")(seq, prev)

    record, _ = mine.append(make)
    assert asked == [1, 2]
    assert record.seq == 2
    assert [one.body.text for one, _ in followed] == ["first", "second"]


def test_what_nobody_could_read_back_is_never_written():
    store = MemoryStore()
    log, followed = log_of(store)
    wrong = [
        note(5), note(None), note("x", at=5), note("x", at=None), note("x", by=Author(1, "x")), note("x", seq=2), note("x", seq=0),
        note("x", prev=digest_of(b"elsewhere")), note("x", prev="b3:00"), note("x", body=Note("a", True, "x")),
        note(float("nan")), note("x", body=Note("a", 2**70, "x")), note("x", packs=("nothing",)),
    ]  # fmt: skip
    for make in wrong:
        with pytest.raises((DamagedRecord, ValueError, TypeError)):
            log.append(make)
    assert list(store.keys("")) == []
    log.append(note("right"))
    assert [record.body.text for record, _ in followed] == ["right"]


def test_halves_of_characters_become_escapes():
    store = MemoryStore()
    log_of(store)[0].append(note("half \ud800"))
    log, followed = log_of(store)
    log.refresh()
    assert [record.body.text for record, _ in followed] == ["half \\ud800"]


def test_the_head_hint_says_the_last_record():
    store = written(2)
    assert parse(store.get(HEAD_HINT)) == {"seq": 2, "digest": digest_of(store.get(record_key(2)))}


def test_a_log_needs_no_hint():
    store = written(2)
    store.remove_hint(HEAD_HINT)
    log, _ = log_of(store)
    log.refresh()
    assert log.head == 2


def test_a_record_is_verified_anew_whenever_it_is_read():
    store = written(3)
    log, followed = log_of(store)
    log.refresh()
    assert log.read(2) == followed[1]
    edited(store, 2, at="2020-01-01T00:00:00.000000Z")
    with pytest.raises(DamagedRecord, match="record 2"):
        log.read(2)
    store.remove_hint(record_key(3))
    with pytest.raises(DamagedRecord, match="missing"):
        log.read(3)


@pytest.mark.parametrize("seq", [-1, 0, 4, 10**9])
def test_a_number_that_no_record_has_is_missing(seq):
    log, _ = log_of(written(3))
    log.refresh()
    with pytest.raises(DamagedRecord, match="missing"):
        log.read(seq)


def swapped(store):
    one, other = store.get(record_key(2)), store.get(record_key(3))
    return replaced(replaced(store, 2, other), 3, one)


ATTACKS = {
    "an edit": lambda store: replaced(store, 2, store.get(record_key(2)).replace(b"n2", b"n9")),
    "an edit with a new seal": lambda store: edited(store, 2, at="2020-01-01T00:00:00.000000Z"),
    "two swapped": swapped,
    "one doubled": lambda store: replaced(store, 3, store.get(record_key(2))),
    "one from another lake": lambda store: replaced(store, 1, seal(record_bytes(note("x")(1, genesis("another"))))),
    "another number": lambda store: edited(store, 2, seq=3),
    "no seal": lambda store: replaced(store, 2, record_bytes(note("x")(2, digest_of(store.get(record_key(1)))))),
    "nothing": lambda store: replaced(store, 2, b""),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_log_that_was_tampered_with_is_damaged(attack):
    store = ATTACKS[attack](written(4))
    log, followed = log_of(store)
    with pytest.raises(DamagedRecord):
        log.refresh()
    assert len(followed) < 4
    with pytest.raises(DamagedRecord):
        log.append(note("on top of damage"))
    assert store.get(record_key(5)) is None


def test_a_log_of_another_lake_is_refused():
    log, _ = log_of(written(1), genesis("another"))
    with pytest.raises(DamagedRecord):
        log.refresh()


def test_a_record_of_a_later_format_stops_the_reader_who_then_writes_nothing():
    store = edited(written(2), 2, format=2)
    log, _ = log_of(store)
    with pytest.raises(FormatTooNew):
        log.refresh()
    with pytest.raises(FormatTooNew):
        log.append(note("x"))
    assert store.get(record_key(3)) is None


def test_a_record_of_an_unknown_kind_keeps_the_chain():
    store = edited(written(2), 2, kind="moon-phase")
    log, followed = log_of(store)
    log.append(note("after"))
    assert [record.kind for record, _ in followed] == ["note", "moon-phase", "note"]
    assert followed[1][0].body == Unknown("moon-phase")


def test_a_lake_id_makes_its_own_beginning():
    assert type(genesis("a")) is Digest
    assert genesis("a") != genesis("b")


def test_an_interrupt_while_a_record_is_taken_leaves_a_log_that_goes_on(monkeypatch):
    store = written(3)
    log, _ = log_of(store)
    log.refresh()

    def interrupted(rows, row):
        monkeypatch.undo()
        insort(rows, row)
        raise KeyboardInterrupt

    monkeypatch.setattr(tail, "insort", interrupted)
    with pytest.raises(KeyboardInterrupt):
        log.append(note("interrupted"))
    log.append(note("goes on"))
    again, _ = log_of(store)
    again.refresh()
    assert (again.head, again.head_digest) == (log.head, log.head_digest) == (5, digest_of(store.get(record_key(5))))
    assert [part.count(Table.REMARKS, b"", END) for part in log.parts()] == [5]
