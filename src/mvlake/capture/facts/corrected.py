"""Corrected: parameters and metrics after what people have said of them: `%mv metric x`, `%mv param y`, `%mv ignore z`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from mvlake.capture.facts.dictionaries import DICTIONARIES
from mvlake.capture.facts.measured import Measured, number, series
from mvlake.capture.numbers import curve_of, number_of
from mvlake.capture.params import plain_setting
from mvlake.records.events import Meaning
from mvlake.records.facts import MetricSource, Param, ParamSource

_MOST = 100
Meanings = Mapping[str, Meaning]
Fact = TypeVar("Fact", Param, Measured)


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
    return _corrected(params, Meaning.PARAM, meanings, names, _as_stated, lambda fact: _stated_param(fact, _value(fact, namespace)))


def corrected_metrics(
    measured: Iterable[Measured], meanings: Meanings, namespace: Mapping[str, Any], names: frozenset[str]
) -> list[Measured]:
    """Return the metrics as people mean them."""
    return _corrected(
        measured, Meaning.METRIC, meanings, names, Measured.stated, lambda fact: _measured(fact, _value(fact, namespace))
    )


def _corrected(
    found: Iterable[Fact],
    wanted: Meaning,
    meanings: Meanings,
    names: frozenset[str],
    stated: Callable[[Fact], Fact],
    read: Callable[[str], Iterable[Fact]],
) -> list[Fact]:
    """Return what was found and nobody has called anything else, and what was said to be of this kind and was not found."""
    kept = []
    for one in found:
        said = meaning_of(one.name, meanings)
        if said is None or said is wanted:
            kept.append(one if said is None else stated(one))
    known = {one.name for one in kept}
    for fact, meaning in meanings.items():
        if meaning is wanted and fact.partition(".")[0] in names:
            kept += [one for one in read(fact) if one.name not in known]
    return kept


def _as_stated(param: Param) -> Param:
    return replace(param, source=ParamSource.STATED)


def _stated_param(fact: str, value: Any) -> Iterator[Param]:
    plain = plain_setting(value)
    if plain is not None:
        yield Param(fact, plain[0], ParamSource.STATED)


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
