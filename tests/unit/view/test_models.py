"""Models in a comparison: what stands there in text and in HTML."""

from dataclasses import replace

import pytest
from hostile import PAYLOADS
from markup import check_fragment
from model_parts import LABELS, NONE, NUMBERS, PREDICTIONS, WEIGHTS

from mvlake.compare.diff import Change, ModelDiff, ValueDiff
from mvlake.compare.learned import WeightKind
from mvlake.compare.predicted import Agreement, EvaluatedOn
from mvlake.view.html import blocks_html
from mvlake.view.outline.models import models_section
from mvlake.view.text import blocks_text

SIDES = ("v2", "v3")
NONE_SAID = "\N{EN DASH}"
KIND = "sklearn.ensemble.RandomForestClassifier"
SETTINGS = (
    ValueDiff("max_depth", Change.CHANGED, None, 6, "", True, False),
    ValueDiff("n_jobs", Change.UNCHANGED, 2, 2, "", False, False),
    ValueDiff("bootstrap", Change.UNCHANGED, True, True, "", True, True),
)


def model(*, predictions=PREDICTIONS, weights=WEIGHTS, settings=SETTINGS, change=Change.CHANGED):
    return ModelDiff("clf", change, KIND, KIND, settings, (), weights=weights, predictions=predictions)


def text(*models):
    return blocks_text([models_section(models, SIDES)], width=100)


def html(*models):
    return blocks_html([models_section(models, SIDES)])


def words(markup):
    return " ".join("".join(check_fragment(markup).texts).split())


def test_flips_are_told_with_what_they_do_to_accuracy():
    found = " ".join(text(model()).split())
    assert "predictions for X_test · 37 of 2,000 labels flipped (1.85%) · accuracy 0.9125 → 0.9185 ▲ better" in found
    assert "24 mended, 12 broken · only v2 knows unsure" in found
    assert "the first 2,000 of 5,000 rows · held against y_test · as the column policy left it" in found


def test_the_agreement_of_few_labels_is_a_square():
    lines = [line.split() for line in text(model()).splitlines()]
    at = lines.index(["v2", "↓", "v3", "→", "fine", "fraud"])
    assert lines[at + 1 : at + 3] == [["fine", "1,500", "12"], ["fraud", "25", "463"]]


def test_the_agreement_of_many_labels_is_a_list_of_pairs_that_differ():
    pairs = tuple(Agreement(f"k{n}", f"k{n + 1}", 100 - n) for n in range(30))
    found = text(model(predictions=(replace(LABELS, labels=replace(LABELS.labels, agreement=pairs, more=5)),)))
    assert ["k0", "k1", "100"] in [line.split() for line in found.splitlines()]
    assert "… and 25 more" in found


def test_the_first_rows_that_flipped_say_which_side_is_right():
    found = text(model())
    assert ["12", "✗", "fraud", "0.61", "✓", "fine", "0.44", "fine"] in [line.split() for line in found.splitlines()]
    assert "… and 35 more" in found


def test_numbers_that_moved_are_told_with_what_they_do_to_the_error():
    found = " ".join(text(model()).split())
    assert (
        "predictions for X_valid · output 2 · 590 of 600 predictions moved by 1.75 on average · RMSE 4.5 → 4.25 ▲ better" in found
    )
    assert "rows of both · held against df[price]" in found
    assert ["7", "101.5", "105.5", "+4", "104"] in [line.split() for line in text(model()).splitlines()]
    assert ["3", NONE_SAID, "5", NONE_SAID, NONE_SAID] in [line.split() for line in text(model()).splitlines()]


def test_why_nothing_was_predicted_is_said():
    found = " ".join(text(model(predictions=(NONE,))).split())
    assert "predictions for X_more · data of v2 · in b, a LogisticRegression could not predict: ValueError" in found


def test_details_are_folded_below_lines_that_tell_the_most():
    found = text(model())
    assert "… expected calibration error 0.031 → 0.018 of the probability of fraud" in found
    assert "… probability of fraud · mean 0.24 → 0.26 · PSI 0.004, KS 0.021, JS 0.013" in found
    assert "… furthest apart where country: DE, 7.5% flipped" in found
    assert "… furthest apart where rooms: 5, 3.5 on average" in found
    assert "… how predictions are spread · mean 90 → 90.25" in found


def test_what_was_learned_is_told_kind_by_kind():
    found = " ".join(text(model(predictions=())).split())
    assert "importances of clf · 2 of 12 differ · amount 0.5 → 0.25 · average gain of the splits on a feature" in found
    assert "trees of clf · 1 of 4 differ · 90 of 120 trees split alike" in found
    assert "layers · 1 of 2 differ · 0.weight 3.5 → 3.75" in found
    assert "coefficients · only in v2" in found
    assert "equal: intercepts" in found


def test_html_draws_calibration_scores_and_importances_and_folds_them():
    found = html(model())
    said = words(found)
    assert found.count("<svg") >= 4
    assert "as it says" in said
    assert "of slices of 20 rows or more" in said
    assert "only in v2" in said
    assert "norm v2" in said


def test_settings_say_which_is_the_default_and_the_others_stand_out():
    found = html(model(predictions=(), weights=()))
    assert '<bdi>None</bdi><span class="mvl-muted"> (default)</span>' in found
    assert "<strong>6</strong>" in found
    assert "2 unchanged, 1 of them other than default" in words(found)


def test_a_model_that_one_side_has_alone_tells_what_is_not_default():
    settings = (
        ValueDiff("C", Change.ADDED, None, 0.5, "", None, False),
        ValueDiff("tol", Change.ADDED, None, 1e-4, "", None, True),
    )
    found = text(model(change=Change.ADDED, settings=settings, predictions=(), weights=()))
    assert "other than default: C 0.5" in found
    assert "tol" not in found


def test_nothing_differs_in_what_equal_models_say():
    same = replace(
        LABELS, labels=replace(LABELS.labels, flipped=0, share=0.0, flips=(), mended=0, broken=0, b_accuracy=0.9125), slices=()
    )
    still = replace(NUMBERS, numbers=replace(NUMBERS.numbers, moved=0, most=(), b_residuals=NUMBERS.numbers.a_residuals), slices=())
    found = " ".join(text(model(predictions=(same, still))).split())
    assert "no label of 2,000 rows flipped · accuracy 0.9125 → 0.9125" in found
    assert "no prediction of 600 rows moved · RMSE 4.5 → 4.5" in found
    assert "better" not in found


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_hostile_text_in_predictions_and_weights_stays_text(make, payload):
    hostile = make.poisoned(model(), payload)
    check_fragment(html(hostile))
    assert "\x1b" not in text(hostile)


def test_every_kind_and_every_origin_has_its_words():
    every = tuple(replace(WEIGHTS[0], kind=kind) for kind in WeightKind)
    found = words(html(model(weights=every, predictions=tuple(replace(LABELS, on=on) for on in EvaluatedOn))))
    assert all(kind.value in found for kind in WeightKind)
    assert all(one in found for one in ("rows of both", "data of v2", "data of v3"))
