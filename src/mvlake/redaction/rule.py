"""Rule: one documented form of a secret, as data, and how it is found."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,60}")
_LEAST = 2  # characters of a start, by which rules are looked up
_GROUP = "secret"


@dataclass(frozen=True, slots=True)
class Rule:
    """A form of secrets. Each match begins with one of the `starts`, at the beginning of a word of letters, digits and signs.

    Of signs, `_`, `-` and `.` are part of a word. With `is_anywhere` the starts are looked for in all of the text, and `reach` is
    how many characters before them belong to the match. Where `pattern` has a group `secret`, that part alone is replaced. `since`
    is the day on which the form was looked up at `source`.
    """

    id: str
    starts: tuple[str, ...]
    pattern: str
    since: str
    source: str
    is_anywhere: bool = False
    reach: int = 0
    _compiled: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Compile the pattern; ValueError for a rule that cannot be used."""
        if not _ID.fullmatch(self.id):
            raise ValueError(f"{self.id!r} names no rule: small letters, digits, '.', '_' and '-'")
        if not self.starts or any(len(start) < _LEAST for start in self.starts):
            raise ValueError(f"rule {self.id}: `starts` are texts of {_LEAST} characters at least")
        try:
            object.__setattr__(self, "_compiled", re.compile(self.pattern))
        except re.error as error:
            raise ValueError(f"rule {self.id}: {error}") from error

    def match(self, text: str, at: int) -> tuple[int, int] | None:
        """Return where the secret begins and ends that one of the starts, at a place, belongs to; None when there is none."""
        for first in range(max(at - self.reach, 0), at + 1):
            found = self._compiled.match(text, first)
            if found is not None and found.end() > at:
                return found.span(_GROUP) if _GROUP in self._compiled.groupindex else found.span()
        return None


class RuleSet:
    """Rules, by the first characters of their starts."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self.anywhere = tuple((start, rule) for rule in self.rules if rule.is_anywhere for start in rule.starts)
        self._words: dict[str, list[tuple[str, Rule]]] = {}
        for rule in self.rules:
            for start in () if rule.is_anywhere else rule.starts:
                self._words.setdefault(start[:_LEAST], []).append((start, rule))

    def at(self, text: str, place: int) -> Iterator[Rule]:
        """Yield the rules of which a start stands at a place, where a word begins."""
        for start, rule in self._words.get(text[place : place + _LEAST], ()):
            if text.startswith(start, place):
                yield rule
