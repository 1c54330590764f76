"""Direction: which way a metric improves, as far as its name or the function that measured it tells.

What the two say together must fit: where they contradict each other, or a name contradicts itself, nothing is known.
"""

import re
from collections.abc import Iterable

from mvlake.compare.diff import Direction
from mvlake.records.events import Better

_LENGTH = 300
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

# Words that mean something together only, each as one word.
_PHRASES = {
    "adjusted_rand": "ari",
    "average_precision": "precision",
    "calinski_harabasz": "calinski",
    "cross_entropy": "crossentropy",
    "davies_bouldin": "dbi",
    "exact_match": "accuracy",
    "explained_variance": "r2",
    "false_discovery": "fpr",
    "false_negative": "fnr",
    "false_negatives": "fnr",
    "false_positive": "fpr",
    "false_positives": "fpr",
    "fowlkes_mallows": "ari",
    "hit_rate": "recall",
    "log_likelihood": "likelihood",
    "log_loss": "logloss",
    "mutual_info": "nmi",
    "negative_likelihood_ratio": "fnr",
    "negative_log_likelihood": "nll",
    "negative_predictive_value": "npv",
    "neg_log_likelihood": "nll",
    "positive_likelihood_ratio": "tpr",
    "positive_predictive_value": "ppv",
    "r_2": "r2",
    "r_squared": "r2",
    "rand_index": "ari",
    "rand_score": "ari",
    "true_negative": "tnr",
    "true_negatives": "tnr",
    "true_positive": "tpr",
    "true_positives": "tpr",
    "v_measure": "nmi",
    "win_rate": "reward",
}

_HIGHER = """
    acc accuracy ap auc aucpr auprc auroc cindex completeness concordance d2 dcg f1 f1score f2 fbeta fscore homogeneity jaccard
    kappa map matthews mcc mrr ndcg npv ppv prauc precision recall rocauc sensitivity specificity tnr tpr
    ami ari calinski nmi silhouette
    elbo likelihood pearson r2 r2score spearman
    bleu dice iou meteor miou psnr reward rewards rouge ssim
"""
_LOWER = """
    err error errors loss losses
    l1 l2 mae mape mase medae mse msle pinball rmse rmsle rmspe rss smape sse wape wmape
    bce brier crossentropy deviance divergence ece eer fnr fpr hamming hinge kl logloss merror mlogloss nll
    aic bic cer dbi fid inertia perplexity ppl regret wer
"""
# What is told is not the metric itself, but something about it.
_ABOUT = "alpha change ci delta diff drop gap iqr sem std stderr stdev threshold time var variance weight weights"
_IS_HIGHER, _IS_LOWER, _IS_ABOUT = frozenset(_HIGHER.split()), frozenset(_LOWER.split()), frozenset(_ABOUT.split())
# Nouns: at the end of a name they decide alone (`dice_loss` is a loss).
_NOUNS = frozenset(("loss", "losses", "error", "errors", "err"))
_VAGUE = frozenset(("score", "scores"))
_NEGATIONS = frozenset(("neg", "negative", "minus"))


def direction_of(name: str, function: str = "") -> Direction | None:
    """Return which way is better, None where that is not known.

    >>> direction_of("val_loss"), direction_of("neg_mean_squared_error"), direction_of("answer")
    (<Direction.LOWER: 'lower'>, <Direction.HIGHER: 'higher'>, None)
    """
    words = (_words(name), _words(function.rpartition(".")[2]))
    if any(_IS_ABOUT.intersection(some) for some in words):
        return None
    told = {direction for some in words for direction in _told(some)}
    if not told and any(_VAGUE.intersection(some) for some in words):
        told = {None if _NEGATIONS.intersection(words[0]) else Direction.HIGHER}
    return told.pop() if len(told) == 1 else None


def _words(name: str) -> list[str]:
    """Return the lower-case words of a name, phrases as one word, without the numbers that frameworks append (`auc_1`)."""
    spaced = _HUMP.sub("_", name[-_LENGTH:]).lower()
    text = "_" + "_".join(re.findall(r"[a-z0-9]+", spaced)) + "_"
    for phrase in sorted(_PHRASES, key=len, reverse=True):  # negative_log_likelihood before log_likelihood
        text = text.replace(f"_{phrase}_", f"_{_PHRASES[phrase]}_")
    return [word if word in _IS_HIGHER | _IS_LOWER else word.rstrip("0123456789") for word in text.split("_") if word]


def _told(words: list[str]) -> set[Direction | None]:
    """Return what the words say; None among it when they say that nothing can be known."""
    known = [place for place, word in enumerate(words) if word in _IS_HIGHER or word in _IS_LOWER]
    if not known:
        return set()
    if words[known[-1]] in _NOUNS and "d2" not in words:
        found = {Direction.LOWER}
    elif "d2" in words:  # the share of a loss that is explained: d2_log_loss_score
        found = {Direction.HIGHER}
    else:
        found = {Direction.HIGHER if words[place] in _IS_HIGHER else Direction.LOWER for place in known}
    if not _NEGATIONS.intersection(words[: known[0]]):
        return set(found)
    # A negated loss is a score; `negative_recall` is more likely the recall of the negative class.
    return {Direction.HIGHER if found == {Direction.LOWER} else None}


def agreed_direction(name: str, functions: Iterable[str], said: Iterable[Better | None] = ()) -> Direction | None:
    """Return the direction on which all agree: what people `said` of the metric, else what all measurements tell.

    Another version can have measured one name by another function.

    >>> agreed_direction("val_score", ["accuracy_score", "mean_squared_error"])
    >>> agreed_direction("uplift", [""], [Better.LOWER, None])
    <Direction.LOWER: 'lower'>
    """
    people = {one for one in said if one is not None}
    if people:
        return Direction(people.pop().value) if len(people) == 1 else None
    told = {direction_of(name, function) for function in functions}
    return told.pop() if len(told) == 1 else None
