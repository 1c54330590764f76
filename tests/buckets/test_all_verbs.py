import os

import pytest

from mvlake.lake.lake import Lake
from mvlake.view.document import as_document
from mvlake.view.text import as_text


@pytest.fixture
def lake(server, commit):
    lake = Lake.open(server.url())
    for depth in (1, 2, 3):
        commit(lake, depth=depth, outputs={"x": [depth] * 50}, metrics={"auc": depth / 10})
    return Lake.open(server.url())


VERBS = {
    "log": lambda lake: lake.log(),
    "show": lambda lake: lake.show("fraud:v1"),
    "compare": lambda lake: lake.compare("fraud:v1", "fraud:v2"),
    "tag": lambda lake: lake.tag("fraud:v1", "good"),
    "note": lambda lake: lake.note("fraud:v1", "best yet"),
    "promote": lambda lake: lake.promote("fraud:v2", "production"),
    "labels": lambda lake: lake.labels(),
    "verify": lambda lake: lake.verify(data=True),
    "repair": lambda lake: lake.repair(),
    "repair --apply": lambda lake: lake.repair(apply=True),
    "forget": lambda lake: lake.forget("fraud:v1"),
    "gc": lambda lake: lake.gc(),
    "gc --apply": lambda lake: lake.gc(apply=True),
    "doctor": lambda lake: lake.doctor(),
    "rebuild": lambda lake: lake.rebuild(),
    "status": lambda lake: lake.status(),
    "replay": lambda lake: lake.replay("fraud:v1"),
    "sql": lambda lake: lake.sql("select ref from versions order by 1"),
}


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_does_in_a_bucket_what_it_does_in_a_folder(verb, lake):
    answer = VERBS[verb](lake)
    assert as_text(answer, width=100)
    assert as_document(answer)


def test_what_was_collected_in_a_bucket_is_gone_and_the_rest_is_whole(lake, server, commit):
    before = set(server.store().keys("objects/"))
    commit(lake, "other", models={"m": os.urandom(3_000_000)})
    large = max(set(server.store().keys("objects/")) - before, key=server.store().size)
    assert server.store().size(large) > 3_000_000
    lake.forget("other:v1")
    for _ in range(4):
        lake.gc(apply=True, grace="0d", hasty=True)
    lake = Lake.open(server.url())
    assert large not in set(server.store().keys(""))
    assert f"trash/{large}" not in set(server.store().keys(""))
    assert lake.verify(data=True).is_clean
    assert lake.load("fraud:v3", "x") == [3] * 50
