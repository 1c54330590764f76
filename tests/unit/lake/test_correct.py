import pytest

from mvlake.capture.facts.corrected import corrected_metrics, corrected_params
from mvlake.capture.facts.measured import number
from mvlake.compare.diff import Direction, Outcome
from mvlake.compare.leaderboard import KnownBy
from mvlake.compare.many import Aspect
from mvlake.errors import Invalid, InvalidName
from mvlake.lake.lake import Lake
from mvlake.records.events import Meaning
from mvlake.records.facts import MetricSource, Param, ParamSource
from mvlake.view.document import as_document
from mvlake.view.text import as_text


def test_what_is_said_holds_for_a_name_until_it_is_taken_back(lake, commit):
    commit(lake)
    assert lake.metric("uplift").sentence == "uplift is a metric from fraud:v2 on"
    lake.ignore("scores.support", "fraud")
    lake.param("w", "other")
    assert lake.meanings("fraud") == {"uplift": Meaning.METRIC, "scores.support": Meaning.NOTHING}
    assert lake.meanings("other") == {"w": Meaning.PARAM}
    assert "no change" in lake.metric("uplift", "fraud").sentence
    assert lake.param("uplift", "fraud").sentence.startswith("uplift is a parameter")
    assert lake.meanings("fraud")["uplift"] is Meaning.PARAM
    lake.ignore("uplift", "fraud", undo=True)
    assert lake.meanings("fraud") == {"scores.support": Meaning.NOTHING}
    rows = [(row.correction.name, row.correction.fact, row.correction.number) for row in lake.corrections().rows]
    assert rows == [("fraud", "scores.support", 1), ("other", "w", 0)]
    assert [row.correction.fact for row in lake.corrections("other").rows] == ["w"]


def test_which_values_are_better_is_said_once_and_holds_for_every_comparison(lake, commit):
    for depth in (1, 2, 3):
        commit(lake, depth=depth, metrics={"uplift": float(depth)})
    one = lake.compare("fraud:v1", "fraud:v2").metrics[0]
    assert (one.direction, one.outcome) == (None, None)
    assert (
        lake.metric("uplift", lower=True).sentence
        == "uplift is a metric from fraud:v4 on, of which lower values are the better ones"
    )
    one = lake.compare("fraud:v1", "fraud:v2").metrics[0]
    assert (one.direction, one.outcome) == (Direction.LOWER, Outcome.WORSE)
    assert "no change" in lake.metric("uplift").sentence
    (metrics,) = [one for one in lake.compare("fraud:v1", "fraud:v2", "fraud:v3").aspects if one.aspect is Aspect.METRICS]
    assert [had.is_best for had in metrics.rows[0].had] == [True, False, False]
    ranked = lake.leaderboard("fraud", by="uplift")
    assert ([row.entry.version.number for row in ranked.rows], ranked.known_by) == ([1, 2, 3], KnownBy.SAID)
    assert lake.leaderboard("fraud", by="uplift", highest=True).rows[0].entry.version.number == 3
    assert lake.metric("uplift", higher=True).sentence == "higher values of uplift are the better ones, in all versions of fraud"
    assert lake.compare("fraud:v1", "fraud:v2").metrics[0].outcome is Outcome.BETTER
    assert "higher is better" in as_text(lake.corrections())
    assert as_document(lake.corrections())[0]["better"] == "higher"
    lake.metric("uplift", undo=True)
    assert lake.compare("fraud:v1", "fraud:v2").metrics[0].direction is None
    with pytest.raises(Invalid, match="higher and lower"):
        lake.metric("uplift", higher=True, lower=True)


def test_what_is_said_of_a_metric_outweighs_its_name(lake, commit):
    for depth in (1, 2):
        commit(lake, depth=depth, metrics={"loss": float(depth)})
    assert lake.compare("fraud:v1", "fraud:v2").metrics[0].outcome is Outcome.WORSE
    lake.metric("loss", higher=True)
    assert lake.compare("fraud:v1", "fraud:v2").metrics[0].outcome is Outcome.BETTER


def test_another_process_sees_what_was_said(tmp_path, commit):
    lake = Lake.open(tmp_path / "lake")
    other = Lake.open(lake.path)
    commit(lake)
    assert other.meanings("fraud") == {}
    lake.ignore("n", "fraud")
    assert other.meanings("fraud") == {"n": Meaning.NOTHING}
    other.ignore("n", "fraud", undo=True)
    assert lake.meanings("fraud") == {}


def test_the_last_version_tells_what_was_said_since_and_stays_as_it_is(lake, commit):
    commit(lake)
    before = lake.show("fraud:v1").entry
    lake.ignore("n", "fraud")
    after = lake.show("fraud:v1").entry
    assert after.version == before.version
    assert after.digest == before.digest
    assert [(row.correction.fact, row.correction.meaning) for row in after.corrections] == [("n", Meaning.NOTHING)]


@pytest.mark.parametrize("fact", ["", " ", "a\nb", "x" * 301, "\ud800"])
def test_what_is_no_name_is_refused(lake, fact):
    with pytest.raises(Invalid):
        lake.metric(fact, "fraud")
    with pytest.raises(InvalidName):
        lake.metric("x", "no name")
    with pytest.raises(Invalid):
        lake.metric("x")
    assert lake.corrections().rows == ()


def test_facts_become_what_people_mean():
    meanings = {
        "scores": Meaning.NOTHING,
        "lift": Meaning.METRIC,
        "seed": Meaning.PARAM,
        "clf.C": Meaning.NOTHING,
        "auc": Meaning.METRIC,
    }
    params = [Param(name, 1, ParamSource.LITERAL) for name in ("scores", "lift", "depth", "clf.C", "clf.tol", "scoresheet")]
    namespace = {"lift": 0.5, "seed": 7, "auc": 0.75, "elsewhere": 1}
    names = frozenset(namespace)
    found = corrected_params(params, meanings, namespace, names)
    assert {one.name: (one.value, one.source.value) for one in found} == {
        "depth": (1, "literal"),
        "clf.tol": (1, "literal"),
        "scoresheet": (1, "literal"),
        "seed": (7, "stated"),
    }
    measured = [number(name, 0.25, MetricSource.COMPUTED) for name in ("scores.auc", "seed", "auc", "other")]
    metrics = corrected_metrics(measured, meanings, namespace, names)
    assert {one.name: (one.metric.value, one.metric.source.value) for one in metrics} == {
        "auc": (0.25, "stated"),
        "other": (0.25, "computed"),
        "lift": (0.5, "stated"),
    }


def test_what_the_cell_does_not_know_of_is_not_made_up():
    meanings = {"gone": Meaning.METRIC, "elsewhere": Meaning.METRIC, "model": Meaning.PARAM}
    namespace = {"elsewhere": 0.5, "model": object()}
    assert corrected_metrics([], meanings, namespace, frozenset()) == []
    assert corrected_params([], meanings, namespace, frozenset(namespace)) == []
