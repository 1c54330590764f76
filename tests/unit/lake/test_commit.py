import multiprocessing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mvlake.errors import DamagedObject
from mvlake.lake.lake import Lake
from mvlake.lake.open import parts_of
from mvlake.records.artifact import Omission, Role
from mvlake.records.facts import MetricSource, ParamSource
from mvlake.store.keys import OBJECTS
from mvlake.testing.stores import at_once

pytestmark = pytest.mark.forks

FORK = multiprocessing.get_context("fork")


def test_numbers_are_per_name_and_begin_at_one(lake, commit):
    refs = [commit(lake, name, depth=depth).ref for depth in (1, 2) for name in ("fraud", "churn", "fraud-2")]
    assert refs == ["fraud:v1", "churn:v1", "fraud-2:v1", "fraud:v2", "churn:v2", "fraud-2:v2"]


def test_a_version_keeps_all_that_the_draft_said(lake, new_draft):
    draft = new_draft(lake, params={"depth": 3}, metrics={"auc": 0.5}, outputs={"x": [1, 2]}, message="first")
    version = lake.commit(draft).version
    assert version == lake.show("fraud:v1").entry.version
    assert (version.name, version.number, version.parent, version.message) == ("fraud", 1, None, "first")
    assert (version.git, version.names, version.notebook) == (draft.git, draft.names, draft.notebook)
    assert (version.started_at, version.duration, version.origin) == (draft.started_at, draft.duration, draft.origin)
    assert (version.params, version.metrics) == (draft.params, draft.metrics)
    assert version.params[0].source is ParamSource.LITERAL
    assert version.metrics[0].source is MetricSource.COMPUTED
    dossier = lake.show("fraud:v1").dossier
    assert dossier.sources == tuple(cell.source for cell in draft.cells)
    assert dossier.environment == draft.environment
    assert dossier.summaries[version.artifacts[0].summary] == draft.artifacts[0].summary
    assert dossier.problems == ()


def test_the_parent_is_what_the_draft_says(lake, commit):
    commit(lake, depth=1)
    commit(lake, depth=2)
    assert commit(lake, depth=3).parent == 2
    assert commit(lake, depth=4, parent=1).parent == 1


def test_the_same_code_inputs_and_outputs_confirm_a_version(lake, new_draft):
    first = lake.commit(new_draft(lake, outputs={"x": 1}))
    again = lake.commit(replace(new_draft(lake, outputs={"x": 1}), started_at="2027-01-01T00:00:00.000000Z", duration=9.0))
    assert not first.is_confirmation
    assert again.is_confirmation
    assert again.version == first.version
    entry = lake.show("fraud:v1").entry
    assert entry.confirmations == 1
    assert lake.latest("fraud") == 1
    assert lake.status().records == 2


def test_an_older_version_can_be_confirmed(lake, commit, new_draft):
    commit(lake, depth=1)
    commit(lake, depth=2)
    again = lake.commit(new_draft(lake, params={"depth": 1}))
    assert again.is_confirmation
    assert again.version.ref == "fraud:v1"


def test_what_was_printed_or_installed_is_no_part_of_the_identity(lake, new_draft):
    draft = new_draft(lake, outputs={"x": 1})
    lake.commit(draft)
    other = replace(draft, environment=replace(draft.environment, cpus=64), notebook="other.ipynb", message="again", git=None)
    assert lake.commit(other).is_confirmation
    streamed = replace(draft, artifacts=(*draft.artifacts, replace(draft.artifacts[0], role=Role.STREAM, name="stdout")))
    assert lake.commit(streamed).is_confirmation


@pytest.mark.parametrize(
    "parts",
    [
        {"source": "model = fit(df, 2)"},
        {"params": {"depth": 2}},
        {"params": {"depth": 1.0}},
        {"params": {}},
        {"metrics": {"auc": 0.5}},
        {"outputs": {"x": 2}},
        {"outputs": {"y": 1}},
        {"models": {"x": 1}},
        {"inputs": {"x": 1}, "outputs": {"x": 1}},
        {"outputs": {}},
    ],
    ids=str,
)
def test_other_code_inputs_or_outputs_make_a_new_version(lake, new_draft, parts):
    common = {"params": {"depth": 1}, "outputs": {"x": 1}}
    lake.commit(new_draft(lake, **common))
    committed = lake.commit(new_draft(lake, **(common | parts)))
    assert not committed.is_confirmation
    assert committed.version.ref == "fraud:v2"


def test_the_same_under_another_name_is_another_version(lake, commit):
    assert commit(lake, "fraud").ref == "fraud:v1"
    draft = commit(lake, "fraud-b", source="model = fit(df)")
    assert draft.ref == "fraud-b:v1"


def test_the_order_of_artifacts_and_params_is_no_part_of_the_identity(lake, new_draft):
    lake.commit(new_draft(lake, params={"a": 1, "b": 2}, outputs={"x": 1, "y": 2}))
    assert lake.commit(new_draft(lake, params={"b": 2, "a": 1}, outputs={"y": 2, "x": 1})).is_confirmation


def test_a_version_gets_the_number_that_is_free_when_it_is_written(tmp_path, commit, new_draft):
    mine, theirs = Lake.open(tmp_path), Lake.open(tmp_path)
    draft = new_draft(mine, params={"depth": 1}, outputs={"x": list(range(100))})
    assert commit(theirs, depth=2).ref == "fraud:v1"
    assert mine.commit(draft).version.ref == "fraud:v2"
    assert [entry.ref for entry in theirs.log().entries] == ["fraud:v2", "fraud:v1"]
    assert theirs.load("fraud:v2", "x") == list(range(100))


def test_two_kernels_that_make_the_same_make_one_version(tmp_path, new_draft):
    mine, theirs = Lake.open(tmp_path), Lake.open(tmp_path)
    drafts = [new_draft(lake, outputs={"x": [1, 2, 3]}) for lake in (mine, theirs)]
    assert not mine.commit(drafts[0]).is_confirmation
    assert theirs.commit(drafts[1]).is_confirmation
    assert mine.verify().is_clean


def test_the_same_content_is_stored_once(disk, commit):
    frame = list(range(300_000))
    commit(disk, depth=1, outputs={"x": frame})
    before = disk.status().size
    commit(disk, depth=2, outputs={"x": frame}, inputs={"y": list(frame)})
    assert disk.status().size - before < 20_000
    assert disk.load("fraud:v2", "y") == frame


def test_content_that_is_held_is_not_encoded_again(lake, commit):
    commit(lake, outputs={"x": [1, 2, 3]})
    again = lake.preserve(Role.INPUT, "other", [1, 2, 3])
    assert again.content is None
    assert lake.preserve(Role.INPUT, "other", [1, 2, 4]).content is not None


def test_what_no_handler_takes_is_an_omission_with_a_reason(lake, new_draft):
    draft = new_draft(lake, outputs={"x": 1, "view": memoryview(b"x"), "stream": (item for item in [1])})
    assert [one.name for one in draft.artifacts] == ["x"]
    version = lake.commit(draft).version
    (omitted,) = version.omitted
    assert isinstance(omitted, Omission)
    assert (omitted.name, omitted.type) == ("view", "memoryview")
    assert omitted.reason
    (described,) = version.described
    assert (described.name, described.type, described.kind.value) == ("stream", "generator", "iterator")


def test_an_execution_that_raised_is_an_attempt_without_a_number(lake, commit, new_attempt):
    lake.record_attempt(new_attempt())
    assert lake.latest("fraud") is None
    assert commit(lake).ref == "fraud:v1"
    lake.record_attempt(new_attempt(error="KeyError"))
    history = lake.log("fraud")
    assert [entry.ref for entry in history.entries] == ["fraud:v1"]
    assert [attempt.error_type for attempt, _ in history.attempts] == ["KeyError", "ValueError"]
    assert lake.verify().is_clean


def test_a_name_with_attempts_alone_has_a_log(lake, new_attempt):
    lake.record_attempt(new_attempt("tried"))
    assert lake.log("tried").entries == ()
    assert len(lake.log("tried").attempts) == 1


def test_the_log_is_newest_first_and_as_long_as_asked(lake, commit):
    for depth in range(5):
        commit(lake, depth=depth)
        commit(lake, "churn", depth=depth)
    assert [entry.ref for entry in lake.log(limit=3).entries] == ["churn:v5", "fraud:v5", "churn:v4"]
    assert [entry.ref for entry in lake.log("fraud", limit=2).entries] == ["fraud:v5", "fraud:v4"]
    assert len(lake.log().entries) == 10
    assert len(lake.log(limit=1000).entries) == 10


def test_a_short_log_leaves_out_attempts_older_than_its_versions(lake, commit, new_attempt):
    lake.record_attempt(new_attempt(error="Old"))
    commit(lake, depth=1)
    commit(lake, depth=2)
    lake.record_attempt(new_attempt(error="New"))
    assert [attempt.error_type for attempt, _ in lake.log(limit=1).attempts] == ["New"]
    assert [attempt.error_type for attempt, _ in lake.log(limit=2).attempts] == ["New", "Old"]


def test_a_negative_limit_is_refused(lake):
    with pytest.raises(ValueError, match="limit"):
        lake.log(limit=-1)


@pytest.mark.parametrize("shared", [True, False], ids=["one lake", "a lake each"])
def test_threads_that_commit_to_one_name_lose_nothing(lake, new_draft, shared):
    def work(thread):
        mine = lake if shared else Lake(parts_of(lake._parts.store, clock=lake._parts.clock))
        return [mine.commit(new_draft(mine, params={"thread": thread, "run": run})).version.number for run in range(25)]

    numbers = at_once(work, threads=4)
    assert sorted(number for mine in numbers for number in mine) == list(range(1, 101))
    assert [entry.version.number for entry in lake.log().entries] == list(range(100, 0, -1))
    assert lake.verify().is_clean


def test_a_reader_beside_a_writer_never_misses_a_name(lake, commit, new_draft):
    commit(lake, "fraud", depth=-1)
    commit(lake, "churn", depth=-1)

    def work(thread):
        if thread == 0:
            for run in range(150):
                lake.commit(new_draft(lake, ("fraud", "churn")[run % 2], params={"depth": run}))
                lake.promote("fraud:latest", f"label-{run}")
            return True
        seen = [(lake.latest("fraud"), lake.latest("churn"), len(lake.log(limit=1).entries), lake.labels()) for _ in range(150)]
        return all(fraud and churn and count for fraud, churn, count, _ in seen)

    assert at_once(work, threads=3) == [True, True, True]


def test_four_processes_commit_to_one_name_and_lose_nothing(tmp_path, new_draft):
    Lake.open(tmp_path)
    gate = FORK.Barrier(4)

    def work(writer):
        mine = Lake.open(tmp_path)
        gate.wait()
        for run in range(100):
            draft = new_draft(mine, params={"writer": writer, "run": run}, outputs={"x": [writer, run]})
            assert not mine.commit(draft).is_confirmation

    children = [FORK.Process(target=work, args=(writer,)) for writer in range(4)]
    for child in children:
        child.start()
    for child in children:
        child.join(120)
    assert [child.exitcode for child in children] == [0] * 4
    lake = Lake.open(tmp_path)
    entries = lake.log("fraud").entries
    assert [entry.version.number for entry in entries] == list(range(400, 0, -1))
    made = {tuple(param.value for param in entry.version.params) for entry in entries}
    assert made == {(writer, run) for writer in range(4) for run in range(100)}
    assert lake.load("fraud:v400", "x") == [param.value for param in entries[0].version.params]
    findings = lake.verify()
    assert findings.is_clean
    assert findings.records == 400
    assert [remark for remark in findings.remarks if OBJECTS in remark] == []


def test_what_was_found_damaged_is_written_again_by_whoever_has_it(disk, commit):
    frame = pd.DataFrame({"a": np.random.default_rng(1).normal(size=60_000)})
    first = commit(disk, outputs={"df": frame})
    pack = max(Path(disk.path).rglob("*.pack"), key=lambda file: file.stat().st_size)
    data = bytearray(pack.read_bytes())
    data[len(data) // 2] ^= 255
    pack.chmod(0o644)
    pack.write_bytes(data)
    with pytest.raises(DamagedObject):
        disk.load(first.ref, "df")
    second = commit(disk, outputs={"df": frame}, depth=2)
    again = Lake.open(disk.path)
    assert again.load(second.ref, "df").equals(frame)
    assert again.load(first.ref, "df").equals(frame)
