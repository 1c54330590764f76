from dataclasses import replace

from mvlake.compare.diff import Change, EnvironmentDiff, Line, MetricDiff, StreamDiff, ValueDiff
from mvlake.records.answers import Committed
from mvlake.records.hint import Hint, HintCode
from mvlake.view.card import (
    card_html,
    card_text,
    failure_html,
    failure_text,
    waiting_html,
    waiting_text,
    writing_html,
    writing_text,
)

MINUS = "\N{MINUS SIGN}"


def quiet(make, **changes):
    return Committed(make.version(3, omitted=(), **changes), False)


def test_the_card_is_one_line_metrics_first(make):
    assert card_text(quiet(make), make.diff()) == (
        "fraud-detector:v3  auc 0.912 (+0.014 ▲ better) · log_loss 0.334 (+0.024 ▼ worse) · max_depth 4 → 6 · +11 more"
    )


def test_a_first_version_shows_its_metrics(make):
    assert (
        card_text(Committed(make.version(1, omitted=()), False), None)
        == "fraud-detector:v1  auc 0.898 · log_loss NaN · 4 parameters"
    )


def test_a_confirmation_says_of_what(make):
    committed = Committed(make.version(2), True)
    assert card_text(committed, None) == "confirms fraud-detector:v2: same code, inputs and outputs"
    assert "confirms" in card_html(committed, None)


def test_what_was_not_captured_takes_a_second_line(make):
    lines = card_text(Committed(make.version(), False), make.diff()).splitlines()
    assert lines[1:] == ["not captured: rows (reading it would consume it)"]


HINTS = (
    Hint(HintCode.HIDDEN_STATE, "it rests on In [2] as it was before it was changed and run again", cells=(1,)),
    Hint(HintCode.TIME_DEPENDENT, "df reads the clock", ("df",), (2,)),
)


def test_a_version_that_may_not_reproduce_says_so_in_one_line(make):
    lines = card_text(quiet(make, hints=HINTS[:1]), make.diff()).splitlines()
    assert lines[1:] == ["may not reproduce: it rests on In [2] as it was before it was changed and run again"]
    assert "may not reproduce: " in card_html(quiet(make, hints=HINTS[:1]), make.diff())


def test_of_several_hints_the_card_shows_one_and_says_that_there_are_more(make):
    lines = card_text(quiet(make, hints=HINTS), make.diff()).splitlines()
    assert lines[1:] == [
        "may not reproduce: it rests on In [2] as it was before it was changed and run again · +1 more hint in show"
    ]
    assert "may not reproduce" not in card_text(Committed(make.version(hints=HINTS), True), None)
    long = Hint(HintCode.HIDDEN_STATE, "x" * 1000)
    assert len(card_text(quiet(make, hints=(long,)), None).splitlines()[1]) < 200


def test_a_lost_column_is_told_with_one_metric(make):
    diff = replace(make.diff(), metrics=make.diff().metrics[:1], params=make.diff().params[:1])
    assert card_text(quiet(make), diff).startswith(
        f"fraud-detector:v3  auc 0.912 (+0.014 ▲ better) · max_depth 4 → 6 · X_train {MINUS}1 col +500 rows"
    )


def test_a_metric_that_did_not_move_is_said_to_be_the_same(make):
    same = MetricDiff("auc", Change.UNCHANGED, 0.9, 0.9, 0.0, 0.0, None, None)
    assert "auc 0.9 (same) · max_depth 4 → 6" in card_text(quiet(make), replace(make.diff(), metrics=(same,)))


def test_a_changed_module_is_told(make):
    lines = (Line("-", "SCALE = 1"), Line("+", "SCALE = 2"))
    diff = replace(make.diff(), params=(), data=(), models=(), code=(), modules=(StreamDiff("features", Change.CHANGED, lines),))
    assert "module features changed" in card_text(quiet(make), diff)


def test_nothing_but_the_packages_changed(make):
    diff = make.diff()
    bare = replace(diff, metrics=(), params=(), data=(), models=(), code=(), figures=(), streams=())
    assert card_text(quiet(make), bare) == "fraud-detector:v3  2 packages changed"
    empty = replace(bare, environment=EnvironmentDiff((), (), ()))
    assert card_text(quiet(make), empty) == "fraud-detector:v3  no differences"


def test_a_metric_that_became_infinite_is_just_changed(make):
    infinite = MetricDiff("auc", Change.CHANGED, 0.9, {"$": "float", "v": "inf"}, None, None, None, None)
    assert "auc Infinity (changed)" in card_text(quiet(make), replace(make.diff(), metrics=(infinite,)))


def test_added_and_removed_parameters_are_marked(make):
    params = (ValueDiff("seed", Change.ADDED, None, 7), ValueDiff("debug", Change.REMOVED, True, None))
    assert f"+ seed 7 · {MINUS} debug" in card_text(quiet(make), replace(make.diff(), metrics=(), params=params, data=()))


def test_the_rest_is_folded_in_html(make):
    html = card_html(quiet(make), make.diff())
    assert html.count("<details>") == 1
    assert "criterion" in html
    assert len(html) < 8_000


def test_hostile_names_stay_short_and_visible(make):
    payload = "\x1b[2J\n" + "x" * 1_000_000
    text = card_text(Committed(make.poisoned(make.version(), payload), False), make.poisoned(make.diff(), payload))
    assert len(text) < 1_000
    assert "\x1b" not in text
    assert len(text.splitlines()) == 2


def test_a_failure_is_one_line():
    assert failure_text("the disk is full\n(\x1b[31m28)") == "mvlake recorded nothing: the disk is full (\\x1b[31m28)"
    assert "the disk is &lt;full&gt;" in failure_html("the disk is <full>")


def test_a_huge_comparison_makes_a_small_card(make):
    params = tuple(ValueDiff(f"p{number}", Change.CHANGED, number, number + 1) for number in range(5000))
    html = card_html(quiet(make), replace(make.diff(), params=params))
    assert "more</p>" in html
    assert len(html) < 20_000


def test_a_version_under_way_has_no_number_yet():
    assert writing_text("fraud", 12_800_000).startswith("fraud  ")
    assert writing_text("fraud", 12_800_000).endswith(", writing…")
    assert "writing…" in writing_html("fraud", 12_800_000)
    assert "<b>" not in writing_html("<b>", 1)


def test_what_was_awaited_says_that_it_is_durable(make):
    first, *_ = card_text(Committed(make.version(), False), make.diff(), was_awaited=True).splitlines()
    assert first.endswith(" · durable")
    assert "durable" in card_html(Committed(make.version(), False), make.diff(), was_awaited=True)
    assert card_text(Committed(make.version(2), True), None, was_awaited=True).endswith("inputs and outputs · durable")
    assert "durable" in card_html(Committed(make.version(2), True), None, was_awaited=True)
    assert "durable" not in card_text(Committed(make.version(), False), make.diff())


def test_a_wait_shows_how_far_it_is_and_its_interruption_what_was_not_made():
    assert waiting_text("fraud", 50_000_000, 100_000_000, ()).count("█") == 10
    assert waiting_text("fraud", 2, 1, ()).count("█") == 20
    assert waiting_text("fraud", 0, 0, ()).count("█") == 0
    assert "fraud" in waiting_html("fraud", 1, 2, ())
    assert waiting_text("", 1, 1, ("a", "b")) == "mvlake was interrupted, and made no version of a, b"
    assert "made no version of" in waiting_html("", 1, 1, ("a", "b"))
