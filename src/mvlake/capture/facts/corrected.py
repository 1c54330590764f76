"""Corrected: parameters and metrics after what people have said of them: `%mv metric x`, `%mv param y`, `%mv ignore z`."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mvlake.capture.facts.dictionaries import DICTIONARIES
from mvlake.capture.facts.measured import Measured, number, series
from mvlake.capture.numbers import curve_of, number_of
from mvlake.capture.params import plain_setting
from mvlake.records.events import Meaning
from mvlake.records.facts import MetricSource, Param, ParamSource

_MOST = 100
Meanings = Mapping[str, Meaning]


def meaning_of(name: str, meanings: Meanings) -> Meaning | None:
    """Return what was said of a fact, or of the variable that it is a part of: of `clf.C` also of `clf`. None: nothing.

    >>> meaning_of("scores.auc", {"scores": Meaning.NOTHING}), meaning_of("scores", {"scores.auc": Meaning.METRIC})
    (<Meaning.NOTHING: 'nothing'>, None)
    """
    if not meanings:
        return None
    parts = [place for place, character in enumerate(name) if character in ".["] + [len(name)]
    return next((meanings[name[:end]] for end in reversed(parts) if name[:end] in meanings), None)


def corrected_params(
    params: Iterable[Param], meanings: Meanings, namespace: Mapping[str, Any], names: frozenset[str]
) -> list[Param]:
    """Return the parameters as people mean them; `names` are the variables of which the cell knows."""
    kept = []
    for one in params:
        said = meaning_of(one.name, meanings)
        if said is None:
            kept.append(one)
        elif said is Meaning.PARAM:
            kept.append(Param(one.name, one.value, ParamSource.STATED))
    known = {one.name for one in kept}
    for fact, meaning in meanings.items():
        if meaning is Meaning.PARAM and fact not in known and fact.partition(".")[0] in names:
            found = plain_setting(_value(fact, namespace))
            if found is not None:
                kept.append(Param(fact, found[0], ParamSource.STATED))
    return kept


def corrected_metrics(
    measured: Iterable[Measured], meanings: Meanings, namespace: Mapping[str, Any], names: frozenset[str]
) -> list[Measured]:
    """Return the metrics as people mean them."""
    kept = []
    for one in measured:
        said = meaning_of(one.name, meanings)
        if said is None:
            kept.append(one)
        elif said is Meaning.METRIC:
            kept.append(one.stated())
    known = {one.name for one in kept}
    for fact, meaning in meanings.items():
        if meaning is Meaning.METRIC and fact.partition(".")[0] in names:
            kept += [one for one in _measured(fact, _value(fact, namespace)) if one.name not in known]
    return kept


def _value(fact: str, namespace: Mapping[str, Any]) -> Any:
    """Return what a variable, or an item of a dictionary, holds; None when there is nothing."""
    if fact in namespace:
        return namespace[fact]
    name, _, key = fact.partition(".")
    held: Any = namespace.get(name)
    return held.get(key) if type(held) in DICTIONARIES else None


def _measured(fact: str, value: Any) -> Iterator[Measured]:
    single, curve = number_of(value), curve_of(value)
    if single is not None:
        yield number(fact, single, MetricSource.STATED)
    elif curve is not None:
        yield series(fact, curve, MetricSource.STATED)
    elif type(value) in DICTIONARIES:
        for key, item in list(value.items())[:_MOST]:
            if type(key) is str and type(item) not in DICTIONARIES:
                yield from _measured(f"{fact}.{key}", item)
