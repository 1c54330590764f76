import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvlake.compare.diff import Direction
from mvlake.compare.direction import direction_of

HIGHER = """
    accuracy acc val_acc val_accuracy test_auc roc_auc ROC_AUC rocAuc auc_1 auroc f1 F1 F1Score f1_macro
    test_f1_weighted f2 precision recall recall@5 precision_at_10 average_precision AP mAP map50 r2 R2
    r2_score R_squared r_2 explained_variance balanced_accuracy top_5_accuracy top1_acc score test_score
    best_score oob_score_ neg_mean_squared_error neg_log_loss neg_root_mean_squared_error negative_mse
    val_neg_brier_score log_likelihood mcc matthews_corrcoef cohen_kappa jaccard iou dice bleu rouge_l rougeL
    ndcg@10 mrr sensitivity specificity true_positive_rate true_negative_rate negative_predictive_value
    silhouette_score adjusted_rand_score mutual_info_score v_measure_score calinski_harabasz_score
    d2_absolute_error_score d2_log_loss_score psnr ssim mean_reward eval_accuracy validAUC
    neg_negative_likelihood_ratio neg_max_error average_precision_score win_rate exact_match aucpr
"""
LOWER = """
    loss val_loss valLoss train_loss_step test_loss_epoch losses error err max_error error_rate n_errors rmse
    RMSE rmse_test mse mae mape smape mean_squared_error root_mean_squared_error
    mean_absolute_percentage_error median_absolute_error logloss log_loss logLoss brier brier_score
    brier_score_loss perplexity ppl cross_entropy crossentropy binary_crossentropy categorical_cross_entropy
    hinge_loss hamming_loss zero_one_loss dice_loss iou_loss accuracy_error nll negative_log_likelihood
    neg_log_likelihood kl_divergence mean_pinball_loss mean_poisson_deviance false_positive_rate
    false_negative_rate fpr fnr wer cer fid aic bic inertia davies_bouldin_score ece multi_logloss
    binary_error merror mlogloss l1 l2 eval_loss positive_error_loss
"""
UNKNOWN = """
    answer x n rows total accuracy_std loss_std auc_ci_low accuracy_drop loss_weight precision_threshold
    training_time negative_recall neg_score one_minus_auc learning_rate epochs lossy aucs_of_things count
    loss_accuracy_trend_delta precision_mse
"""


@pytest.mark.parametrize("name", HIGHER.split())
def test_a_known_score_is_better_when_higher(name):
    assert direction_of(name) is Direction.HIGHER


@pytest.mark.parametrize("name", LOWER.split())
def test_a_known_loss_is_better_when_lower(name):
    assert direction_of(name) is Direction.LOWER


@pytest.mark.parametrize("name", UNKNOWN.split())
def test_of_an_unknown_or_doubtful_name_nothing_is_said(name):
    assert direction_of(name) is None


@pytest.mark.parametrize(
    ("name", "function", "wanted"),
    [
        ("result", "sklearn.metrics.accuracy_score", Direction.HIGHER),
        ("result", "mean_squared_error", Direction.LOWER),
        ("score", "mean_squared_error", Direction.LOWER),
        ("rmse", "model.score", Direction.LOWER),
        ("result", "RandomForestLoss.score", Direction.HIGHER),
        ("accuracy", "log_loss", None),
        ("result", "sum", None),
    ],
)
def test_the_function_that_measured_has_a_say(name, function, wanted):
    assert direction_of(name, function) is wanted


@given(st.text(max_size=50), st.text(max_size=50))
def test_no_text_is_too_odd_for_a_name(name, function):
    assert direction_of(name, function) in (None, *Direction)


def test_a_name_of_a_megabyte_is_read_at_its_end():
    assert direction_of("_x" * 500_000 + "_loss") is Direction.LOWER
