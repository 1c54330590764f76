"""Known: secrets whose very values are known, from the environment, from files of credentials, from variables, from code."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from mvlake.redaction.encodings import forms_of, widened
from mvlake.redaction.marker import SUPPLIED
from mvlake.redaction.secret_names import is_secret_name
from mvlake.redaction.values import can_be_secret, looks_random

_NAMES = re.compile(r"(?i)key|token|secret|passw|pwd|cred|auth|dsn|conn")
_USERINFO = re.compile(r"://[^\s:/@]*:([^\s/@]+)@")
_SOURCES = ("environment", "file", "variable")
_MOST = 500
_MOST_GUESSED = 100  # each costs a look through all text
_LONGEST = 20_000
_SIGNS = re.compile(r"[^A-Za-z0-9._-]")
_CUT = "…"
_TELLING = 4  # characters of a secret


def secrets_in(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield (name, value) of the variables that hold secrets, by their names and by what they hold; of URLs the password too.

    Where a name says so surely, any value counts that is no common word; else only one that no words are made of.
    """
    for name, value in environment.items():
        if name.startswith(SUPPLIED):
            continue  # it is known by its mark
        if _NAMES.search(name) and can_be_secret(value) and (is_secret_name(name) or looks_random(value)):
            yield name, value
        if "://" in value and (found := _USERINFO.search(value)) is not None:
            yield name, found[1]


def _rank(rule: str) -> int:
    return next((rank for rank, source in enumerate(_SOURCES, 1) if rule.startswith(f"{source}.")), 0)


def rule_of(source: str, name: str) -> str:
    """Return the rule that stands for the value of something that has a name: `variable.password`."""
    return f"{source}.{_SIGNS.sub('_', name)[:60]}"


@dataclass(frozen=True, slots=True)
class _Form:
    """One form of a known value. `is_sure`: it is surely a secret, not only for its form or its name."""

    text: str
    rule: str
    is_sure: bool
    is_base64: bool


class Known:
    """Values that are to be found wherever they stand, in each of their encodings. Threads may share it: it only grows."""

    def __init__(self) -> None:
        self._values: dict[str, tuple[str, bool, tuple[tuple[str, str], ...]]] = {}
        self._forms: tuple[_Form, ...] = ()

    def learn(self, rule: str, value: str, *, is_sure: bool = False) -> None:
        """Remember a value and the rule that stands for it, unless it is too short, or a word that stands everywhere.

        Of several rules the one is kept that depends least on the machine: a form or a name, then the environment, then files.
        """
        seen = self._values.get(value)
        if seen is not None:
            if _rank(rule) < _rank(seen[0]) or is_sure > seen[1]:
                self._values[value] = (min(rule, seen[0], key=_rank), is_sure or seen[1], seen[2])
                self._order()
            return
        most = _MOST if is_sure else _MOST_GUESSED
        if len(self._values) < most and len(value) <= _LONGEST and can_be_secret(value):
            self._values[value] = (rule, is_sure, tuple(forms_of(value)))
            self._order()

    def _order(self) -> None:
        """Make the forms anew, the longest first: a URL before the password in it."""
        forms = [
            _Form(text, f"{rule}.{encoding}" if encoding else rule, is_sure, encoding == "base64")
            for rule, is_sure, texts in list(self._values.values())
            for encoding, text in texts
        ]
        self._forms = tuple(sorted(forms, key=lambda form: -len(form.text)))

    def learn_all(self, source: str, values: Iterable[tuple[str, str]]) -> None:
        """Remember values of which each has a name: `environment.HF_TOKEN` then stands for that variable's value."""
        for name, value in values:
            self.learn(rule_of(source, name), value, is_sure=True)

    def find(self, text: str) -> Iterator[tuple[int, int, str, bool]]:
        """Yield (start, end, rule, is_sure) of each known value in a text; also of one that `…` at the text's end cuts off."""
        for form in self._forms:
            at = text.find(form.text)
            while at >= 0:
                start, end = widened(text, at, at + len(form.text)) if form.is_base64 else (at, at + len(form.text))
                yield start, end, form.rule, form.is_sure
                at = text.find(form.text, end)
        if text.endswith(_CUT):
            yield from self._cut_off(text)

    def _cut_off(self, text: str) -> Iterator[tuple[int, int, str, bool]]:
        end = len(text) - len(_CUT)
        for form in self._forms:
            for length in range(min(len(form.text) - 1, end), _TELLING - 1, -1):
                if text.endswith(form.text[:length], 0, end):
                    yield end - length, end, form.rule, form.is_sure
                    break

    def __len__(self) -> int:
        return len(self._values)
