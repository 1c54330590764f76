"""A ledger over chapters and a tail says what a plain fold of all records says."""

from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from mvlake.records.environment import Author
from mvlake.records.events import Attempt, Confirmation, LabelMove, Move, Note, Replayed, Tag, Verdict
from mvlake.records.record import Record, Unknown
from mvlake.records.version import Names, Origin, Version
from mvlake.registry.ledger import Ledger
from mvlake.registry.tail import Tail
from mvlake.store.chapter import Chapter, Place, chapter_bytes, held_in, merged
from mvlake.store.hashing import digest_of
from mvlake.store.table_file import PageCache

AT = "2026-03-{:02d}T12:00:00.000000Z"
NAMES = ("fraud", "churn", "ü" * 60)
LABELS = ("production", "staging")
NOTHING = digest_of(b"")


class Fold:
    """What a plain reading of all records gives."""

    def __init__(self, records):
        self.versions, self.said = defaultdict(list), defaultdict(list)
        self.moves, self.attempts, self.used = [], [], []
        for record, digest in records:
            body = record.body
            if isinstance(body, Version):
                self.versions[body.name].append((record, digest))
                self.used = [*(name for name in self.used if name != body.name), body.name]
            elif isinstance(body, LabelMove):
                self.moves.append(record)
            elif isinstance(body, Attempt):
                self.attempts.insert(0, (body, record.at, record.seq))
            elif not isinstance(body, Unknown) and 1 <= body.number <= len(self.versions[body.name]):
                self.said[body.name, body.number].append(record)

    def current(self, name):
        last = {record.body.label: record.body.to_number for record in self.moves if record.body.name == name}
        return {label: number for label, number in last.items() if number is not None}

    def held_at(self, moment):
        last = {(one.body.name, one.body.label): (one.body, one.at) for one in self.moves if one.at <= moment}
        return [last[key] for key in sorted(last)]

    def entry(self, name, number):
        said = self.said[name, number]
        tags = []
        for record in said:
            if isinstance(record.body, Tag):
                tags = [tag for tag in tags if tag != record.body.tag] + [record.body.tag] * (not record.body.is_removed)
        notes = [record.body.text for record in said if isinstance(record.body, Note)]
        replays = [record.body for record in said if isinstance(record.body, Replayed)]
        confirmations = sum(isinstance(record.body, Confirmation) for record in said)
        labels = sorted(label for label, at in self.current(name).items() if at == number)
        return self.versions[name][number - 1], sorted(tags), notes, replays, confirmations, labels


def bodies():
    names, numbers = st.sampled_from(NAMES), st.integers(0, 4)
    labels, places = st.sampled_from(LABELS), st.one_of(st.none(), st.integers(-1, 5))
    return st.one_of(
        st.tuples(st.just(Version), names, st.integers(0, 3)),
        st.tuples(st.just(Version), names, st.integers(0, 3)),
        st.builds(Note, names, numbers, st.sampled_from(["a", "b"])),
        st.builds(Tag, names, numbers, st.sampled_from(["x", "y"]), st.booleans()),
        st.builds(Confirmation, names, numbers, st.just(AT.format(1)), st.just(1.0)),
        st.builds(Replayed, names, numbers, st.sampled_from(Verdict), st.just(()), st.just(NOTHING), st.just(1.0), st.just("t")),
        st.builds(Attempt, names, st.just(()), st.just("E"), st.just(""), st.just(AT.format(1)), st.just(1.0)),
        st.builds(LabelMove, names, labels, st.none(), places, st.sampled_from(Move)),
        st.just(Unknown("moon-phase")),
    )


def records_of(said, days):
    found, counts = [], defaultdict(int)
    for seq, body in enumerate(said, 1):
        if isinstance(body, tuple):
            _, name, identity = body
            counts[name] += 1
            body = Version(
                name, counts[name], None, digest_of(b"%d" % identity), Origin.CELL, (), Names(), (), (), (), (), NOTHING, None, "", "",
                1.0,
            )  # fmt: skip
        found.append((Record(seq, NOTHING, AT.format(days[seq % len(days)]), Author("ana", "lab"), body), digest_of(b"r%d" % seq)))
    return found


def chapter_of(tail, cache):
    place = Place(tail.first, tail.last, digest_of(b"r%d" % (tail.first - 1)), digest_of(b"r%d" % tail.last))
    return Chapter(place, held_in(chapter_bytes(place, lambda table: tail.rows()[table])), cache, renew=None)


class Cut:
    """A log in chapters that end at these records, some of them joined, and a tail."""

    def __init__(self, records, ends, join):
        self.records, self.head = records, len(records)
        chapters, tail, cache = [], Tail(1), PageCache()
        for record, digest in records:
            tail.take(record, digest)
            if record.seq in ends:
                chapters.append(chapter_of(tail, cache))
                tail = Tail(record.seq + 1)
        if join and len(chapters) > 1:
            first, last = chapters[0].place, chapters[-1].place
            place = Place(first.first, last.last, first.prev, last.digest)
            chapters = [Chapter(place, held_in(merged(place, chapters)), cache, renew=None)]
        self.kept = (*chapters, tail)

    def parts(self):
        return self.kept

    def read(self, seq):
        return self.records[seq - 1]


@settings(max_examples=150, deadline=None)
@given(
    said=st.lists(bodies(), max_size=40),
    ends=st.sets(st.integers(1, 40), max_size=6),
    join=st.booleans(),
    days=st.lists(st.integers(1, 9), min_size=1, max_size=5),
)
def test_any_cut_into_chapters_and_tail_says_what_a_fold_says(said, ends, join, days):
    records = records_of(said, days)
    ledger, fold = Ledger(Cut(records, ends, join)), Fold(records)
    assert ledger.names() == tuple(fold.used)
    for name in (*NAMES, "nothing"):
        held = fold.versions[name]
        assert ledger.count(name) == len(held)
        assert ledger.labels.current(name) == fold.current(name)
        assert ledger.attempts(name) == tuple(one for one in fold.attempts if one[0].name == name)
        assert [row.move for row in ledger.labels.rows(name)] == [one.body for one in fold.moves if one.body.name == name]
        for number, (record, digest) in enumerate(held, 1):
            entry = ledger.entry(name, number)
            found = (
                ((entry.version, entry.digest), sorted(entry.tags), [note.text for note in entry.notes],
                 [replay.replayed for replay in entry.replays], entry.confirmations, list(entry.labels))
            )  # fmt: skip
            (_, _), *rest = fold.entry(name, number)
            assert found == ((record.body, digest), *rest)
            same = next(one for one, _ in held if one.body.identity == record.body.identity)
            assert ledger.same_as(name, record.body.identity) == same.body
        assert [one.seq for one in ledger.entries(name)] == [one.seq for one, _ in reversed(held)]
        assert ledger.same_as(name, digest_of(b"never")) is None
    every = sorted((one.seq for held in fold.versions.values() for one, _ in held), reverse=True)
    assert [one.seq for one in ledger.entries()] == every
    assert [one.seq for one in ledger.entries(limit=3)] == every[:3]
    assert ledger.attempts() == tuple(fold.attempts)
    for day in range(11):
        moment = AT.format(day)
        assert [(row.move, row.at) for row in ledger.labels.held_at(moment)] == fold.held_at(moment)
    for seq in every:
        assert ledger._by_digest(digest_of(b"r%d" % seq)).seq == seq
