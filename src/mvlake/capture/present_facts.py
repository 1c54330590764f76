"""Present facts: what the parameters and metrics of a version are now, read off the namespace; and those that came since."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from mvlake.capture.configs import fields_of, settings_of_class
from mvlake.capture.facts.dictionaries import DICTIONARIES
from mvlake.capture.history import Executed
from mvlake.capture.metrics import measured_of
from mvlake.capture.numbers import curve_of, number_of
from mvlake.capture.params import params_of, plain_setting
from mvlake.records.facts import Metric, Param
from mvlake.records.plain import to_plain
from mvlake.records.summary import ModelSummary

T = TypeVar("T", Param, Metric)


def present_params(
    params: Iterable[Param], namespace: Mapping[str, Any], models: Mapping[str, ModelSummary], gone: frozenset[str]
) -> tuple[list[Param], frozenset[str]]:
    """Return the parameters as they are now, and the names of those of which that can be told.

    `gone` are variables that are no more.
    """
    now: list[Param] = []
    told: set[str] = set()
    for one in params:
        owner, _, rest = one.name.partition(".")
        if owner in gone:
            told.add(one.name)
        elif owner in models and rest:
            told.add(one.name)
            now += [replace(one, value=setting.value) for setting in models[owner].settings if setting.name == rest]
        elif (found := _value_of(one.name, namespace)) is not None:
            told.add(one.name)
            plain = plain_setting(found[0])
            now += [replace(one, value=plain[0])] if plain is not None else []
    return now, frozenset(told)


def present_metrics(
    metrics: Iterable[Metric], namespace: Mapping[str, Any], gone: frozenset[str]
) -> tuple[list[Metric], frozenset[str]]:
    """Return the metrics as they are now, and the names of those of which that can be told: those that a variable holds."""
    now: list[Metric] = []
    told: set[str] = set()
    for one in metrics:
        if one.name.partition(".")[0] in gone:
            told.add(one.name)
        elif (found := _value_of(one.name, namespace)) is not None:
            told.add(one.name)
            now += [same for same in [_as_now(one, found[0])] if same is not None]
    return now, frozenset(told)


def new_facts(
    made: Sequence[Executed], executed: Sequence[Executed], namespace: Mapping[str, Any], known: frozenset[str]
) -> tuple[list[Param], list[Metric]]:
    """Return the parameters and metrics of the cells that ran since, but for those whose names are `known`."""
    params: dict[str, Param] = {}
    metrics: dict[str, Metric] = {}
    imports = {name: path for one in executed for name, path in one.facts.imports.items()}
    for one in made:
        before = [earlier.facts for earlier in executed[: one.position]]
        params |= {param.name: param for param in params_of(one.facts, before, namespace)}
        metrics |= {found.metric.name: found.metric for found in measured_of(one.facts, namespace, imports=imports)}
    made_here = {name for one in made for name in one.bound}
    return (
        list(_fresh(params.values(), known, made_here)),
        [one for one in _fresh(metrics.values(), known, made_here) if one.name not in params],
    )


def _fresh(facts: Iterable[T], known: frozenset[str], made: set[str]) -> Iterator[T]:
    return (one for one in facts if one.name not in known and one.name.partition(".")[0] in made)


def _value_of(fact: str, namespace: Mapping[str, Any]) -> tuple[Any] | None:
    """Return what a variable holds, or a dictionary or a configuration under a key; None when there is nothing to ask."""
    if fact in namespace:
        return (namespace[fact],)
    owner, _, rest = fact.partition(".")
    if owner not in namespace or not rest:
        return None
    held = namespace[owner]
    if type(held) in DICTIONARIES:
        return _item_of(held, rest)
    fields = {**dict(fields_of(held)), **dict(settings_of_class(held))}
    return (fields[rest],) if rest in fields else None


def _item_of(held: Any, path: str) -> tuple[Any] | None:
    for key, item in list(held.items()):
        if str(key) == path if type(key) in (str, int, float, bool) else False:
            return (item,)
        if type(key) is str and path.startswith(f"{key}.") and type(item) in DICTIONARIES:
            return _item_of(item, path[len(key) + 1 :])
    return None


def _as_now(metric: Metric, value: Any) -> Metric | None:
    """Return a metric with the value that its variable has now; None where that is no number any more."""
    single, curve = number_of(value), curve_of(value)
    if metric.steps is None and single is not None:
        return replace(metric, value=to_plain(single))
    if metric.steps is not None and curve is not None:
        return replace(metric, value=to_plain(curve[-1]), steps=len(curve))
    if metric.steps is None and curve is not None:  # the mean of folds, say: how it came out of the curve is not known here
        return metric
    return None
