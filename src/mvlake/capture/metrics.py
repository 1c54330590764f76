"""Metrics: the numbers that came out of a cell."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from mvlake.capture.cell_facts import Binding, BindingKind, CellFacts
from mvlake.capture.configs import is_settings
from mvlake.capture.facts.dictionaries import DICTIONARIES
from mvlake.capture.facts.measured import Measured, number, series
from mvlake.capture.facts.reports import REPORT, measured_in_report
from mvlake.capture.metric_names import (
    is_cross_validating,
    is_measuring,
    says_counted_mistakes,
    says_curve,
    says_folds,
    says_no_measure,
    says_scores,
    says_setting,
)
from mvlake.capture.numbers import by_label, curve_of, mean_of, number_of
from mvlake.records.facts import Metric, MetricSource
from mvlake.records.kinds import Kinds
from mvlake.records.plain import is_plain, to_plain

_MAX_ENTRIES = 100
_LISTED = Kinds(list, dict)
_KEYS = Kinds(str, int, float, bool)
_SIDE_BY_SIDE = ("evaluate", "precision_recall_fscore_support")  # lists of different measures, not courses of one
_EPOCHS = frozenset(("epoch", "ep", "e", "step", "it", "iteration", "_epoch"))
_name_of = type.__dict__["__name__"].__get__  # past what a metaclass may say
_HISTORY_LIBRARIES = ("keras", "tensorflow", "tf_keras")


def metrics_of(facts: CellFacts, namespace: Mapping[str, object], result: object = None) -> tuple[Metric, ...]:
    """Return the metrics of one cell without the values of series; `result` is what its last expression gave."""
    return tuple(one.metric for one in measured_of(facts, namespace, result))


def measured_of(
    facts: CellFacts,
    namespace: Mapping[str, object],
    result: object = None,
    *,
    imports: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Measured, ...]:
    """Return what one cell's names and its last expression measure; `imports` tell what functions are called elsewhere.

    What measuring functions returned comes first, then curves and what the cell computed, each in the order of binding.
    """
    found: dict[str, Measured] = {}
    for name, written in facts.bindings.items():
        binding = replace(written, function=imported_as(written.function, imports)) if written.function else written
        if name in namespace and not name.startswith("_") and name not in facts.clocks:
            if type(namespace[name]) is dict and is_settings(name, binding, facts.bindings, facts.items):
                continue
            for metric in _of_name(name, binding, namespace[name], facts):
                found.setdefault(metric.name, metric)
    for (name, key), binding in facts.items.items():
        if name not in facts.bindings and not name.startswith("_"):
            item = _stored(namespace.get(name), name, key, binding)
            if item is not None:
                found.setdefault(item.name, item)
    for item in _of_expression(facts, result, imports):
        name = item.name if item.name not in found else "result"
        found.setdefault(name, replace(item, metric=replace(item.metric, name=name)))
    return tuple(sorted(found.values(), key=_is_guess))


def imported_as(function: str, imports: Mapping[str, str]) -> str:
    """Return what a function is called where it comes from: after `import f1_score as q`, `f1_score` for `q`."""
    origin = imports.get(function, "").rpartition(".")[2]
    return origin if is_measuring(origin) else function


def _is_guess(one: Measured) -> bool:
    metric = one.metric
    is_measured = metric.source in (MetricSource.FUNCTION, MetricSource.SCORES) or is_measuring(metric.function)
    return metric.source is MetricSource.CURVE or not is_measured


def _of_name(name: str, binding: Binding, value: object, facts: CellFacts) -> Iterator[Measured]:
    if binding.kind is BindingKind.OTHER or (binding.kind is BindingKind.LITERAL and not _was_filled(binding, value)):
        return
    single = number_of(value)
    if single is not None:
        metric = _scalar(name, binding, single)
        if metric is not None:
            yield metric
        return
    if type(value) in DICTIONARIES:
        held: Any = value
        yield from _of_dict(name, binding, held)
        return
    by_group = by_label(value) if binding.is_grouped else None
    if by_group is not None:
        yield from _of_dict(name, replace(binding, function=""), by_group)
        return
    if type(value) is str and binding.function.rpartition(".")[2] == REPORT:
        yield from measured_in_report(name, value, binding.function, MetricSource.FUNCTION)
        return
    curve = curve_of(value)
    if curve is not None:
        yield from _of_curve(name, binding, value, curve, facts)
        return
    history = _history_of(value)
    if history is not None:
        yield from _of_dict(name, binding, history)


def _of_curve(name: str, binding: Binding, value: object, curve: list[float], facts: CellFacts) -> Iterator[Measured]:
    if binding.function.rpartition(".")[2] in _SIDE_BY_SIDE:
        for place, one in enumerate(curve):
            yield number(f"{name}.{place}", one, MetricSource.FUNCTION, binding.function)
    elif is_cross_validating(binding.function) or (says_folds(name) and _EPOCHS.isdisjoint(facts.bindings)):
        yield _mean(name, binding, value)
    elif says_curve(name) or is_measuring(binding.function) or _is_filled_by_epochs(binding, facts):
        yield series(name, curve, MetricSource.CURVE, binding.function)


def _mean(name: str, binding: Binding, value: object) -> Measured:
    """Return the mean of scores that stand side by side: those of folds, not of epochs."""
    source = MetricSource.FUNCTION if is_measuring(binding.function) else MetricSource.COMPUTED
    return number(f"{name}.mean", mean_of(value) or 0.0, source, binding.function)


def _is_filled_by_epochs(binding: Binding, facts: CellFacts) -> bool:
    """True for a list that was empty, in a cell that loops over epochs or steps."""
    return binding.kind is BindingKind.LITERAL and binding.literal == [] and not _EPOCHS.isdisjoint(facts.bindings)


def _was_filled(binding: Binding, value: object) -> bool:
    """True for a container that the cell bound to a literal, and that holds something else now."""
    if type(value) not in _LISTED:
        return False
    return not is_plain(value) or to_plain(value) != binding.literal


def _scalar(name: str, binding: Binding, value: float) -> Measured | None:
    if binding.kind is BindingKind.CALL and is_measuring(binding.function):
        return number(name, value, MetricSource.FUNCTION, binding.function)
    if type(value) is int:
        if not says_counted_mistakes(name) or binding.function.rpartition(".")[2] == "len":
            return None
    elif says_no_measure(name):
        return None
    return number(name, value, MetricSource.COMPUTED, binding.function)


def _of_dict(name: str, binding: Binding, value: Mapping[object, object]) -> Iterator[Measured]:
    """Yield the numbers and curves of a dictionary, nested dictionaries' too; none of one that holds anything else.

    What stands there under the name of a setting was put in beside the scores.
    """
    if len(value) > _MAX_ENTRIES:
        return
    found: list[Measured] = []
    is_folds = is_cross_validating(binding.function)
    is_report = binding.function.rpartition(".")[2] == REPORT
    for path, item in _entries(name, value, 0):
        key = path.rpartition(".")[2]
        if (is_folds and key.endswith("_time")) or (is_report and key == "support") or says_setting(key):
            continue
        single = number_of(item)
        curve = curve_of(item)
        if single is not None:
            found.append(number(path, single, MetricSource.SCORES, binding.function))
        elif curve is not None and is_folds:
            found.append(_mean(path, binding, item))
        elif curve is not None and (type(item) is list or says_curve(name) or says_curve(key)):
            found.append(series(path, curve, MetricSource.CURVE, binding.function))
        elif curve is None and type(item) is not str and type(item) is not list and item is not None and type(item) is not bool:
            return
    kinds = {one.metric.source for one in found}
    only_counts = all(type(one.metric.value) is int for one in found)
    is_named = says_scores(name) or says_curve(name) or is_measuring(binding.function)
    if not found or len(found) > _MAX_ENTRIES or (only_counts and not is_named):
        return
    if kinds == {MetricSource.CURVE} and not (is_named or any(says_curve(one.name.rpartition(".")[2]) for one in found)):
        return
    yield from found


def _entries(name: str, value: Mapping[object, object], depth: int) -> Iterator[tuple[str, object]]:
    for key, item in value.items():
        if type(key) not in _KEYS:
            continue
        path = f"{name}.{key}"
        if type(item) in DICTIONARIES and depth == 0:
            nested: Any = item
            yield from _entries(path, nested, depth + 1)
        else:
            yield path, item


def _history_of(value: object) -> dict[object, object] | None:
    """Return the curves of a Keras History, from its instance dictionary alone."""
    kind = type(value)
    module = type.__getattribute__(kind, "__module__")
    if _name_of(kind) != "History" or not isinstance(module, str) or module.partition(".")[0] not in _HISTORY_LIBRARIES:
        return None
    try:
        history = object.__getattribute__(value, "__dict__").get("history")
    except AttributeError:
        return None
    return history if type(history) is dict else None


def _stored(owner: object, name: str, key: str, binding: Binding) -> Measured | None:
    """Return what the cell stored under a text key of an earlier dictionary: `scores["auc"] = roc_auc_score(…)`."""
    if type(owner) is not dict or key not in owner or binding.kind is BindingKind.LITERAL:
        return None
    value = number_of(owner[key])
    if value is None or (type(value) is int and not is_measuring(binding.function)):
        return None
    if not (says_scores(name) or is_measuring(binding.function)):
        return None
    return number(f"{name}.{key}", value, MetricSource.SCORES, binding.function)


def _of_expression(facts: CellFacts, result: object, imports: Mapping[str, str]) -> Iterator[Measured]:
    last = facts.last_expression
    if last is None or last.is_clock or last.kind in (BindingKind.LITERAL, BindingKind.OTHER):
        return
    if last.name in facts.bindings or last.name.startswith("_") or says_no_measure(last.name):
        return  # a name that the cell bound has been judged under its own name
    function = imported_as(last.function, imports)
    short = function.rpartition(".")[2]
    wanted = last.name or (short if is_measuring(function) else "result")
    value = number_of(result)
    if value is not None:
        if type(value) is not int or is_measuring(function):
            yield number(wanted, value, MetricSource.EXPRESSION, last.function)
    elif is_measuring(function) or _history_of(result) is not None:
        name = wanted if is_measuring(function) else "history"
        yield from _of_name(name, Binding(last.kind, function), result, facts)
