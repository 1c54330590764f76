"""What is said of several versions before any of them runs, and what becomes of those that cannot run."""

import pytest

from mvlake.errors import Invalid, UntrustedCode
from mvlake.records.events import Verdict
from mvlake.records.replays import Unanswered


def test_all_strangers_are_named_before_anything_runs(disk, commit, tmp_path, monkeypatch):
    for name in ("fraud", "churn"):
        commit(disk, name)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "somebody-else"))
    for jobs in (1, 2):
        with pytest.raises(UntrustedCode) as raised:
            disk.replay("fraud", "churn", jobs=jobs)
        assert list(raised.value.refs) == ["fraud:v1", "churn:v1"]
    assert not disk.show("fraud").entry.replays


def test_where_one_notebook_is_meant_several_want_a_folder(lake, commit, tmp_path):
    commit(lake)
    (tmp_path / "out.ipynb").write_text("{}")
    with pytest.raises(Invalid, match="is a file"):
        lake.replay("fraud", all_=True, output=tmp_path / "out.ipynb")
    with pytest.raises(Invalid, match="names another"):
        lake.replay("fraud", changed_env=True, env="exact")
    with pytest.raises(Invalid, match="-1 jobs"):
        lake.replay("fraud", jobs=-1)


def test_a_version_that_cannot_run_is_one_of_the_answers(lake, commit, forger):
    forged = forger(lake._parts.store)
    forged.version(cells=[])
    answer = lake.replay("fraud", all_=True, jobs=4, trust=True)
    assert [one.replayed.verdict for one in answer.answers] == [Verdict.NOT_RUN]
    assert answer.jobs == 1
    commit(lake, "churn")
    [unanswered] = lake.replay("churn", all_=True, runner="airflow").answers
    assert isinstance(unanswered, Unanswered)
    assert (unanswered.ref, unanswered.code) == ("churn:v1", "invalid-verb")
    assert 'no runner "airflow"' in unanswered.reason
