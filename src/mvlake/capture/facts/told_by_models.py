"""Told by models: what fitted models say of their own training, read from their attributes alone."""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mvlake.capture.facts.dictionaries import DICTIONARIES
from mvlake.capture.facts.fits import attributes, is_estimator
from mvlake.capture.facts.lineage import word_of
from mvlake.capture.facts.measured import Measured, number, series
from mvlake.capture.numbers import curve_of, number_of
from mvlake.records.facts import Metric, MetricSource, Param, ParamSource
from mvlake.records.kinds import Kinds
from mvlake.records.plain import is_plain, to_plain

_CURVES = ("loss_curve_", "validation_scores_", "train_score_", "validation_score_", "oob_scores_")
_PLAIN = Kinds(int, float, bool, str)
_SCALARS = ("best_score_", "oob_score_")
_EVALUATIONS = ("evals_result_", "_evals_result")
_TIMES = ("_fit_time", "_score_time")
_MOST_CANDIDATES = 100_000


def measured_by_models(names: Iterable[str], namespace: Mapping[str, Any], known: Iterable[Metric]) -> Iterator[Measured]:
    """Yield the scores and curves that the estimators of these names hold, those of a pipeline's last step among them.

    A number that is a metric already, because a variable was given it, is not told twice.
    """
    taken = {one.value for one in known if type(one.value) is float}
    for name in sorted(names):
        obj = namespace.get(name)
        if not is_estimator(obj):
            continue
        for model in _with_last_step(obj):
            for one in _told(name, type(model).__name__, attributes(model)):
                if one.values or one.metric.value not in taken:
                    yield one


def tables_of_searches(names: Iterable[str], namespace: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, list[Any]]]]:
    """Yield the candidates of searches, as columns by name: a row is a candidate."""
    for name in sorted(names):
        obj = namespace.get(name)
        results = attributes(obj).get("cv_results_") if is_estimator(obj) else None
        if results is not None and type(results) in DICTIONARIES:
            columns = dict(_columns(results))
            if columns:
                yield f"{name}.candidates", columns


def best_params(names: Iterable[str], namespace: Mapping[str, Any]) -> Iterator[Param]:
    """Yield the settings that searches found to be best."""
    for name in sorted(names):
        obj = namespace.get(name)
        found = attributes(obj).get("best_params_") if is_estimator(obj) else None
        for key, value in found.items() if type(found) is dict else ():
            single = number_of(value)
            plain = value if single is None else single
            if type(key) is str and is_plain(plain):
                yield Param(f"{name}.best_params.{key}", to_plain(plain), ParamSource.ESTIMATOR)


def _with_last_step(obj: Any) -> Iterator[Any]:
    yield obj
    steps = attributes(obj).get("steps")
    last = steps[-1] if type(steps) is list and steps else None
    if type(last) is tuple and len(last) == 2 and is_estimator(last[1]):
        yield last[1]


def _told(name: str, kind: str, own: Mapping[str, Any]) -> Iterator[Measured]:
    function = f"{kind}.fit"
    for key in _SCALARS:
        single = number_of(own.get(key))
        if single is not None and not math.isnan(single):
            yield number(f"{name}.{key.rstrip('_')}", single, MetricSource.MODEL, function)
    for key in _CURVES:
        curve = curve_of(own.get(key))
        if curve is not None:
            at = word_of(key)
            yield series(f"{name}.{key.rstrip('_')}", curve, MetricSource.MODEL, function).of(at)
    for key in _EVALUATIONS:
        evaluated = own.get(key)
        for data, scores in evaluated.items() if type(evaluated) in DICTIONARIES else ():  # type: ignore[union-attr]
            for metric, values in scores.items() if type(scores) in DICTIONARIES else ():
                curve = curve_of(values)
                if curve is not None:
                    yield series(f"{name}.{data}.{metric}", curve, MetricSource.MODEL, function).of(word_of(str(data)) or str(data))


def _columns(results: Mapping[Any, Any]) -> Iterator[tuple[str, list[Any]]]:
    """Yield the columns of `cv_results_`: numbers as they are, settings as numbers or as text; masked ones are missing.

    How long a fit took is none: a search that is made again alike has the same candidates.
    """
    length = None
    for key, values in results.items():
        if type(key) is not str or key == "params" or key.endswith(_TIMES) or not hasattr(type(values), "tolist"):
            continue
        if str(type(values).__module__).partition(".")[0] != "numpy":
            continue
        items = [None if one is None else _cell(one) for one in values.tolist()[:_MOST_CANDIDATES]]
        if length is None:
            length = len(items)
        if len(items) == length:
            texts = any(isinstance(one, str) for one in items)
            yield key, [None if one is None else str(one) for one in items] if texts else items


def _cell(value: Any) -> Any:
    kind = type(value)
    if kind in _PLAIN:
        return value
    return str(value) if is_plain(value) else kind.__name__
