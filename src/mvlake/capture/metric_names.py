"""Metric names: which functions measure, which names hold curves, and which numbers are anything but a metric."""

import re

from mvlake.capture.purity import words

_MEASURING = re.compile(
    r"(?ix) (?:^|_)(?:score|scores|error|loss|auc|accuracy|deviance|corrcoef|kappa|f1|fbeta|precision|recall|rmse|mse|mae|mape|"
    r"msle|r2|logloss|perplexity|bleu|rouge|iou|dice|ndcg|specificity|sensitivity|gini|silhouette|brier|aucpr|auroc|mcc|"
    r"concordance|c_?index|effect_size|rsquared|rsquared_adj|prsquared)$"
)
_MEASURING_WHOLE = words("""
    score evaluate cross_val_score cross_validate eval_metric compute pearsonr spearmanr kendalltau hit_rate top_k_accuracy
    concordance_index precision_recall_fscore_support permutation_importance classification_report test validate bic aic
    balanced_accuracy_score r2_score coverage_error
""")
_CROSS_VALIDATING = frozenset(("cross_val_score", "cross_validate"))
_WITHIN_CAMELS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_CURVE = re.compile(
    r"(?ix) (?:^|_)(?:loss|losses|history|hist|curve|curves|scores?|accs?|accuracy|accuracies|errors?|aucs?|rewards?|returns?|"
    r"evals?|evals_?result|results?|metrics?|f1s?|rmses?|maes?|mses?|perplexity|lrs?|inertias?|distortions?|silhouettes?|r2s?)(?:_|$)"
)
_SCORES = re.compile(r"(?i)(?:^|_)(?:results?|scores?|metrics?|report|summary|stats|eval|evaluation|evals)(?:_|$)")
_CONFIG = re.compile(
    r"(?i)(?:^|_)(?:h?params?|parameters?|config(?:uration)?|conf|cfg|hps?|hyper[a-z]*|settings?|options?|opts?|kwargs|kw|args|"
    r"grid|space|defaults|arguments)\d*(?:_|$)"
)
_FOLDS = re.compile(r"(?i)(?:^|_)(?:scores|cv|folds?)(?:_|\d*$)")
_EPOCHS = re.compile(r"(?i)(?:^|_)(?:loss|losses|history|hist|curves?|epochs?)(?:_|$)")
_COUNTED = re.compile(
    r"(?i)(?:^|_)(?:errors?|correct|wrong|mistakes|hits|misses|tp|fp|tn|fn|"
    r"true_positives?|"
    r"false_positives?|true_negatives?|false_negatives?|misclassified|violations)(?:_|$)"
)
_NO_MEASURE = re.compile(
    r"(?ix) (?:^|_)(?:seed|random_state|size|sizes|count|counts|len|length|num|idx|epoch|epochs|step|steps|"
    r"iteration|iterations|"
    r"batch|dim|dims|shape|rows|cols|columns|offset|lr|learning_rate|alpha|beta|gamma|lambda_?|eps|epsilon|"
    r"weight|weights|"
    r"elapsed|duration|seconds|secs|minutes|time|timestamp|start|end|began|tic|toc|t0|t1|rng|memory|mb|gb|nbytes|threshold|split|tol|"
    r"dropout|temperature|tmp|temp|budget)(?:_|$) | ^(?:n|i|j|k|m|x|y|z|index|n_.*|num_.*|.*_n)$"
)


_NO_SETTING = re.compile(
    r"(?i)^(?:verbose|verbosity|verbose_eval|silent|n_jobs|n_?threads?|num_threads|ax|axis|figsize|copy|dtype|device|output_dict|"
    r"zero_division|return_\w+|evals_result|as_frame|inplace|ascending|index|columns|dim|keepdims?|path|filename|label|title|color)$"
)


_SETTING = re.compile(
    r"(?i)^(?:(?:max_|min_|num_|n_)?(?:depth|leaves|leaf|estimators|trees|iter|iterations|rounds|epochs|layers|units|neighbors|"
    r"clusters|components|features|samples|bins|splits|folds|workers)|eta|lr|rate|learning_rate|alpha|beta|gamma|lambda|c|k|"
    r"subsample|colsample\w*|dropout|momentum|weight_decay|batch_size|hidden\w*|width|kernel\w*|seed|random_state|patience|"
    r"temperature|optimizer|threshold|max_\w+|min_(?:child|samples|data)\w*|reg_\w+)$"
)


def says_setting(key: str) -> bool:
    """True for a key that reads as a setting of a model or of its training, wherever it stands."""
    return _SETTING.search(key) is not None


def says_no_setting(keyword: str) -> bool:
    """True for a keyword that has no influence on what is learned: how much is printed, on how many processors."""
    return _NO_SETTING.search(keyword) is not None


def is_measuring(function: str) -> bool:
    """True for a function that measures a model: `accuracy_score`, `metrics.f1_score`, `model.score`."""
    last = function.rpartition(".")[2]
    return last in _MEASURING_WHOLE or _MEASURING.search(last) is not None


def says_curve(name: str) -> bool:
    """True for a name that reads as a training curve."""
    return _CURVE.search(name) is not None


def says_scores(name: str) -> bool:
    """True for a name that reads as a collection of results."""
    return _SCORES.search(name) is not None


def is_cross_validating(function: str) -> bool:
    """True for a function that gives one score for each fold, of data that the fold's model has not seen."""
    return function.rpartition(".")[2] in _CROSS_VALIDATING


def says_config(name: str) -> bool:
    """True for a name that reads as a collection of settings; of `eval_params` and `params_scores`, the last word tells."""
    found = list(_CONFIG.finditer(_WITHIN_CAMELS.sub("_", name)))
    return bool(found) and (found[-1].end() == found[-1].endpos or not says_scores(name))


def says_folds(name: str) -> bool:
    """True for a name that reads as one score for each of many folds or models, not as a curve over epochs."""
    return _FOLDS.search(name) is not None and _EPOCHS.search(name) is None


def says_counted_mistakes(name: str) -> bool:
    """True for a count that measures: `n_errors`, `true_positives`."""
    return _COUNTED.search(name) is not None


def says_no_measure(name: str) -> bool:
    """True for a name that reads as a setting, a size, a counter or a duration."""
    return _NO_MEASURE.search(name) is not None and not _MEASURING.search(name)
