"""Anything that people do, in any order, with crashes, damage and wrong clocks between: the lake says what a plain model says.

`MVLAKE_FAULTS_EXAMPLES` asks for more stories than usual, `MVLAKE_FAULTS_SEED` for others; without it they are the same each time.
"""

import copy
import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from harness import sizes
from harness.checks import check_clean, story_of
from harness.drafts import failed_draft, make_draft, noise
from harness.fragile import CutOff, FragileStore
from harness.model import Model
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from mvlake.errors import Damaged, MissingObject, NothingToRollBack, Refused
from mvlake.lake.lake import Lake
from mvlake.lake.open import create_lake, parts_of
from mvlake.lake.progress import tell_nobody
from mvlake.lake.repair import mend
from mvlake.lake.transfer import Transfer
from mvlake.records.moment import to_text
from mvlake.store.keys import SETTINGS
from mvlake.store.memory import MemoryStore

EXAMPLES = int(os.environ.get("MVLAKE_FAULTS_EXAMPLES", "250"))
STEPS = 50
START = datetime(2026, 3, 3, 14, tzinfo=UTC)
steps = 0

names = st.sampled_from(["fraud", "other"])
values = st.integers(0, 5)
labels = st.sampled_from(["production", "staging"])
words = st.sampled_from(["baseline", "old"])
actors = st.integers(0, 1)
picks = st.integers(0, 1000)


class LakeMachine(RuleBasedStateMachine):
    """Two processes on one store, each with its own clock."""

    def __init__(self):
        super().__init__()
        self.store = FragileStore()
        self.clocks = [START, START]
        self.model = Model()
        create_lake(self.store, START)
        self.lakes = [self.opened(0), self.opened(1)]
        self.copy = MemoryStore()
        self.copy.put_new(SETTINGS, self.store.get(SETTINGS))

    def opened(self, actor):
        return Lake(parts_of(self.store, clock=lambda: self.clocks[actor]))

    def draft(self, actor, name, value):
        result = noise(value, sizes.LARGE) if value == 5 else {"value": value, "text": "x" * 400}
        return make_draft(self.lakes[actor], name, value, result=result)

    def some_version(self, pick):
        all_of_them = [(name, number) for name, some in sorted(self.model.versions.items()) for number in range(1, len(some) + 1)]
        return all_of_them[pick % len(all_of_them)]

    def commit_once(self, actor, name, value):
        made = self.lakes[actor].commit(self.draft(actor, name, value)).version
        assert made.number == self.model.commit(name, value)

    # What each actor does.

    @initialize(value=values)
    def begin(self, value):
        self.commit_once(0, "fraud", value)

    @rule(actor=actors, name=names, value=values)
    def commit(self, actor, name, value):
        try:
            self.commit_once(actor, name, value)
        except MissingObject:  # the other one collected what this one remembers to have written
            self.commit_once(actor, name, value)

    @rule(actor=actors)
    def attempt(self, actor):
        self.lakes[actor].record_attempt(failed_draft("fraud"))
        self.model.attempts += 1

    @rule(actor=actors, pick=picks, label=labels)
    def promote(self, actor, pick, label):
        self.promote_once(actor, pick, label)

    def promote_once(self, actor, pick, label):
        name, number = self.some_version(pick)
        if self.model.versions[name][number - 1].is_forgotten:
            with pytest.raises(Refused):
                self.lakes[actor].promote(f"{name}:v{number}", label)
            return
        self.lakes[actor].promote(f"{name}:v{number}", label)
        self.model.promote(name, number, label)

    @precondition(lambda self: self.model.labels)
    @rule(actor=actors, pick=picks)
    def rollback(self, actor, pick):
        name, label = sorted(self.model.labels)[pick % len(self.model.labels)]
        if not self.model.can_roll_back(name, label):
            with pytest.raises(NothingToRollBack):
                self.lakes[actor].rollback(f"{name}@{label}")
            return
        self.lakes[actor].rollback(f"{name}@{label}")
        self.model.roll_back(name, label)

    @rule(actor=actors, pick=picks, word=words, remove=st.booleans())
    def tag(self, actor, pick, word, remove):
        name, number = self.some_version(pick)
        self.lakes[actor].tag(f"{name}:v{number}", word, remove=remove)
        tags = self.model.versions[name][number - 1].tags
        if remove and word in tags:
            tags.remove(word)
        elif not remove and word not in tags:
            tags.append(word)

    @rule(actor=actors, pick=picks, text=st.sampled_from(["good", "bad"]))
    def note(self, actor, pick, text):
        name, number = self.some_version(pick)
        self.lakes[actor].note(f"{name}:v{number}", text)
        self.model.versions[name][number - 1].notes.append(text)

    @rule(actor=actors, pick=picks)
    def forget(self, actor, pick):
        name, number = self.some_version(pick)
        version = self.model.versions[name][number - 1]
        if version.was_promoted and not version.is_forgotten:
            with pytest.raises(Refused):
                self.lakes[actor].forget(f"{name}:v{number}")
            return
        self.lakes[actor].forget(f"{name}:v{number}")
        version.is_forgotten = True

    @rule(actor=actors, pick=picks)
    def unforget(self, actor, pick):
        name, number = self.some_version(pick)
        with suppress(MissingObject):  # it was collected: it stays forgotten
            self.lakes[actor].unforget(f"{name}:v{number}")
            self.model.versions[name][number - 1].is_forgotten = False

    @rule(actor=actors, days=st.sampled_from([0, 1, 20]), repack=st.booleans())
    def collect(self, actor, days, repack):
        self.clocks[actor] += timedelta(days=days)
        log = self.opened(actor)._parts.log
        newest = max(log.read(seq)[0].at for seq in range(1, log.head + 1))
        if to_text(self.clocks[actor]) < newest:
            with pytest.raises(Refused):
                self.lakes[actor].gc(apply=True)
            return
        self.lakes[actor].gc(apply=True, grace="24h", repack=repack)

    # What goes wrong.

    @rule(actor=actors, days=st.sampled_from([-400, -1, 1, 400]))
    def jump(self, actor, days):
        self.clocks[actor] += timedelta(days=days)

    @rule(actor=actors)
    def reopen(self, actor):
        self.lakes[actor] = self.opened(actor)

    @rule(actor=actors, calls=st.integers(0, 8), name=names, value=values)
    def crash_in_commit(self, actor, calls, name, value):
        self.crash(actor, calls, lambda: self.commit_once(actor, name, value))

    @rule(actor=actors, calls=st.integers(0, 3), pick=picks, label=labels)
    def crash_in_promote(self, actor, calls, pick, label):
        self.crash(actor, calls, lambda: self.promote_once(actor, pick, label))

    @rule(actor=actors, calls=st.integers(0, 10))
    def crash_in_collect(self, actor, calls):
        with suppress(Refused):
            self.crash(actor, calls, lambda: self.lakes[actor].gc(apply=True, grace="24h", repack=True))

    def crash(self, actor, calls, work):
        """Cut an actor off in the middle of something that writes one record: the log then says all of it, or nothing."""
        before, head = copy.deepcopy(self.model), self.head()
        self.store.cut_off_after(calls)
        try:
            work()
        except (CutOff, MissingObject):
            pass
        finally:
            self.store.revive()
            self.lakes[actor] = self.opened(actor)
        if self.head() == head:
            self.model = before
        elif self.model == before:
            self.catch_up()

    def head(self):
        other = parts_of(self.store, clock=lambda: START)
        return other.log.head

    def catch_up(self):
        """Tell the model of the record that was written before the cut came."""
        record = parts_of(self.store, clock=lambda: START).log
        body = record.read(record.head)[0].body
        kind = type(body).__name__
        if kind == "Version":
            value = next(param.value for param in body.params if param.name == "depth")
            assert self.model.commit(body.name, value) == body.number
        elif kind == "Confirmation":
            self.model.versions[body.name][body.number - 1].confirmations += 1
        elif kind != "Repacked":  # of which no answer tells
            self.model.promote(body.name, body.to_number, body.label)

    @rule(pick=picks, place=picks, bit=st.integers(0, 7))
    def damage(self, pick, place, bit):
        """Flip a bit of a file that is true: reading gives what was written, or says that it cannot. `repair` puts it right again."""
        backup = MemoryStore()
        for one in self.store.keys(""):
            backup.put_hint(one, self.store.get(one))
        files = [key for key in self.store.keys("") if key.startswith(("log/", "objects/"))]
        key = files[pick % len(files)]
        data = self.store.get(key)
        flipped = bytearray(data)
        flipped[place % len(data)] ^= 1 << bit
        MemoryStore.put_hint(self.store, key, bytes(flipped))
        with suppress(Damaged):
            lake = self.opened(0)
            for entry in lake.log():
                self.check_content(lake, entry.version, may_fail=True)
        if key.startswith("log/"):
            self.store.remove(key)  # a record that is there is never touched: whoever has another one takes it away
        mended = mend(parts_of(self.store, clock=lambda: START), backup, apply=True)
        assert mended.left == ()
        check_clean(self.opened(0))
        if self.store.get(key) == bytes(flipped):  # nobody wants it: it is left alone, until somebody does
            MemoryStore.put_hint(self.store, key, data)

    @rule()
    def lose_what_is_derived(self):
        for key in list(self.store.keys("index/")):
            self.store.remove_hint(key)

    @rule(actor=actors)
    def push(self, actor):
        there = parts_of(self.copy, clock=lambda: START)
        Transfer(self.lakes[actor]._parts, there, near=self.lakes[actor]._parts, is_dry=False, tell=tell_nobody).run()
        copied = Lake(parts_of(self.copy, clock=lambda: START))
        assert story_of(copied) == story_of(self.opened(0))
        check_clean(copied)

    # What always holds.

    @rule(actor=actors)
    def check_everything(self, actor):
        check_clean(self.lakes[actor])
        check_clean(self.opened(actor))

    @invariant()
    def the_lake_says_what_the_model_says(self):
        global steps
        steps += 1
        said = self.model.said()
        for lake in self.lakes:
            entries = lake.log().entries
            assert {
                entry.ref: {
                    "tags": list(entry.tags),
                    "notes": [note.text for note in entry.notes],
                    "confirmations": entry.confirmations,
                    "is_forgotten": entry.forgotten is not None,
                    "labels": sorted(entry.labels),
                }
                for entry in entries
            } == said["versions"]
            assert len(lake._parts.ledger.attempts()) == said["attempts"]

    @rule(actor=actors, pick=picks)
    def load(self, actor, pick):
        name, number = self.some_version(pick)
        lake = self.lakes[actor]
        self.check_content(lake, lake._parts.ledger.entry(name, number).version, may_fail=False)

    def check_content(self, lake, version, *, may_fail):
        known = self.model.versions[version.name][version.number - 1]
        try:
            found = lake.load(version.ref, "result")
        except Damaged:
            assert may_fail or known.is_forgotten
            return
        assert found == (noise(5, sizes.LARGE) if known.value == 5 else {"value": known.value, "text": "x" * 400})

    def teardown(self):
        check_clean(self.opened(0))


def test_whatever_happens_in_whatever_order_the_lake_says_what_the_model_says(record_property):
    given = os.environ.get("MVLAKE_FAULTS_SEED")
    machine = LakeMachine if given is None else seed(int(given))(LakeMachine)
    before = sizes.make_small()
    try:
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                derandomize=given is None,
                deadline=None,
                database=None,
                phases=(Phase.generate, Phase.shrink),
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        sizes.restore(before)
    record_property("faults: steps of the state machine", steps)
    print(f"{steps} steps in {EXAMPLES} stories")
    assert steps >= min(10_000, EXAMPLES * STEPS // 2)
