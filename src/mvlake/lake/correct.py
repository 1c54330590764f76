"""Correct: `metric`, `param`, `ignore` and `corrections`, what people say of the guesses that capture makes, name by name."""

import re

from mvlake.errors import Invalid
from mvlake.lake.parts import Parts
from mvlake.records.answers import CorrectionRow, Corrections, Done
from mvlake.records.events import Better, Correction, Meaning
from mvlake.records.names import check_name

_LONGEST = 300
_SAID = {
    Meaning.METRIC: "a metric",
    Meaning.PARAM: "a parameter",
    Meaning.NOTHING: "neither",
    Meaning.GUESS: "what it is taken for",
}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def correct(parts: Parts, fact: str, name: str | None, meaning: Meaning, better: Better | None = None) -> Done:
    """Record what a variable, or a metric or parameter, is from now on under a name: without one, that of the latest version.

    Of a metric, also which values are the `better` ones; without a word, what was said of that before still holds.
    """
    parts.log.refresh()
    fact, name = _check_fact(fact), _name(parts, name)
    known, before = parts.ledger.meanings(name).get(fact, Meaning.GUESS), parts.ledger.directions(name).get(fact)
    better = better or (before if meaning is Meaning.METRIC else None)
    if (known, before) == (meaning, better):
        return Done(f"{name}: no change, {fact} is {_SAID[meaning]} already{_which_way(better)}")
    number = parts.ledger.count(name)
    parts.append(Correction(name, number, fact, meaning, better))
    ref = f"{name}:v{number}" if number else ""
    if known is meaning and better is not None:
        return Done(f"{better.value} values of {fact} are the better ones, in all versions of {name}", ref)
    since = f"from {name}:v{number + 1} on" if meaning is not Meaning.GUESS else f"again, from {name}:v{number + 1} on"
    return Done(f"{fact} is {_SAID[meaning]} {since}{_which_way(better)}", ref)


def better_of(*, higher: bool, lower: bool) -> Better | None:
    """Return which values are said to be better; Invalid for both."""
    if higher and lower:
        raise Invalid("higher and lower values are both said to be better", hint="one of them: --higher or --lower")
    return Better.HIGHER if higher else Better.LOWER if lower else None


def _which_way(better: Better | None) -> str:
    return f", of which {better.value} values are the better ones" if better is not None else ""


def corrections(parts: Parts, name: str | None) -> Corrections:
    """Return what has been said of names, or of one, and still holds, in the order in which it was said."""
    parts.log.refresh()
    if name is not None:
        check_name(name, existing=parts.ledger.names())
    last: dict[tuple[str, str], CorrectionRow] = {}
    for record in parts.ledger.corrections():
        body = record.body
        assert isinstance(body, Correction)
        last.pop((body.name, body.fact), None)
        if body.meaning is not Meaning.GUESS and name in (None, body.name):
            last[body.name, body.fact] = CorrectionRow(body, record.at, record.by.user)
    return Corrections(tuple(last.values()))


def _name(parts: Parts, name: str | None) -> str:
    if name is not None:
        return check_name(name)
    names = parts.ledger.names()
    if not names:
        raise Invalid("a correction for no name: this lake has no versions yet", hint="metric VARIABLE NAME")
    return names[-1]


def _check_fact(fact: str) -> str:
    """Return the name of a variable, metric or parameter; Invalid for what can be none."""
    fact = fact.strip()
    if not fact or len(fact) > _LONGEST or _CONTROL.search(fact):
        raise Invalid(f"{fact[:40]!r} is no name of a variable", hint="`show` lists them: auc, scores.auc, clf.max_depth")
    try:
        fact.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Invalid("a name with half a character", hint="text must be valid Unicode (UTF-8)") from error
    return fact
