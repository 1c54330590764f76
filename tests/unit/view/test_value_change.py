import pytest

from mvlake.records.plain import to_plain
from mvlake.view.quantities import MINUS
from mvlake.view.text import as_text
from mvlake.view.value_change import change_words

FEATURES = ["mean radius", "mean texture", "mean smoothness"]


def told(a, b, limit=24):
    return "".join(word.text for word in change_words("x", to_plain(a), to_plain(b), limit=limit))


@pytest.mark.parametrize(
    ("a", "b", "text"),
    [
        (4, 6, "x 4 → 6"),
        ("gini", "entropy", "x gini → entropy"),
        (0.1, 0.1 + 1e-16, "x 0.1 → 0.1000000000000001"),
        ([1, 2], [1, 3], "x [1, 2] → [1, 3]"),
        ((64, 32), [64, 32], "x (64, 32) → [64, 32]"),
        (None, FEATURES, "x None → ['mean radius', 'mean t…"),
        (FEATURES, [*FEATURES, "mean concave points"], "x + 'mean concave points'"),
        ([*FEATURES, "mean concave points"], FEATURES, f"x {MINUS} 'mean concave points'"),
        (FEATURES, ["mean area", *FEATURES], "x + 'mean area'"),
        (FEATURES, [*FEATURES, "a", "b"], "x: 3 → 5 items"),
        (FEATURES, FEATURES[::-1], "x: 2 of 3 items differ"),
        (FEATURES, ["mean area", *FEATURES[1:], "other"], "x: 3 → 4 items"),
        (FEATURES, [], "x: 3 → 0 items"),
        ([1], [1, True], "x + True"),
        ({"lr": 0.1, "momentum": 0.9}, {"lr": 0.1, "momentum": 0.9, "nesterov": True}, "x + 'nesterov'"),
        ({"lr": 0.1, "momentum": 0.9}, {"lr": 0.2, "momentum": 0.9}, "x: 1 of 2 items differ"),
        ({1: "first of two classes", 2: "b"}, {1: "first of two classes"}, f"x {MINUS} 2"),
        (set(FEATURES), {*FEATURES, "mean area"}, "x + 'mean area'"),
        (set(FEATURES), {*FEATURES[1:], "mean area"}, "x: 1 of 3 items differ"),
        (["y" * 100], ["y" * 100, "z" * 100], "x + 'zzzzzzzzzzzzzzzzzzzzzz…"),
        (list(range(100_000)), list(range(100_001)), "x: 100,000 → 100,001 items"),
    ],
)
def test_a_change_fits_in_a_cell(a, b, text):
    assert told(a, b) == text


def test_a_damaged_collection_is_changed_and_breaks_nothing():
    pairs = {"$": "dict", "v": [1, [2]]}
    assert [word.text for word in change_words("x", pairs, {"$": "dict", "v": []}, limit=24)] == ["x ", "changed"]


def test_the_log_and_the_card_name_the_feature_that_was_added(make):
    from dataclasses import replace

    from mvlake.compare.diff import Change, ValueDiff
    from mvlake.records.answers import Committed, History
    from mvlake.records.facts import Param, ParamSource
    from mvlake.view.card import card_text

    more = [*FEATURES, "mean area"]
    entries = [
        replace(make.entry(number), notes=(), version=make.version(number, message="", params=(Param("features", value, source),)))
        for number, value, source in ((3, more, ParamSource.LITERAL), (2, FEATURES, ParamSource.LITERAL))
    ]
    assert "features + 'mean area'" in as_text(History(tuple(entries)), width=160)
    diff = replace(make.diff(), params=(ValueDiff("features", Change.CHANGED, FEATURES, more),))
    assert "features + 'mean area' ·" in card_text(Committed(make.version(), False), diff)
