"""A floor under what is found in cells as data scientists write them: the printed figures are those of `python -m benchmarks facts`."""

import pytest
from benchmarks.facts import rates, scores
from benchmarks.labelled import cases

METRICS = {"precision": 0.95, "recall": 0.95}
PARAMS = {"precision": 0.94, "recall": 0.95}


@pytest.fixture(scope="module")
def scored():
    return scores()


def test_at_least_a_hundred_cells_are_labelled():
    found = list(cases())
    assert len(found) == len({one.name for one in found}) >= 100
    assert sum(len(one.metrics) for one in found) > 90
    assert sum(len(one.params) for one in found) > 130


@pytest.mark.parametrize(("which", "floor"), [(0, METRICS), (1, PARAMS)], ids=["metrics", "parameters"])
def test_precision_and_recall_do_not_fall(scored, which, floor):
    precision, recall = rates(scored[which])
    wrong = {one.case.name: (one.missed, one.wrong) for one in scored[which] if one.missed or one.wrong}
    assert precision >= floor["precision"], wrong
    assert recall >= floor["recall"], wrong
