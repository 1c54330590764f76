"""Redactor: texts in, texts without secrets out, and a list of what was replaced."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from mvlake.records.redaction import Redaction
from mvlake.redaction.assignments import NAMED
from mvlake.redaction.known import Known
from mvlake.redaction.marker import Marker, keyed_hash
from mvlake.redaction.rule import RuleSet
from mvlake.redaction.scan import Secret, scan
from mvlake.redaction.values import can_be_secret

_MOST_HASHES = 20


@dataclass(frozen=True, slots=True)
class Allowed:
    """What stays as it is. The user allows rules and hashes; a lake allows hashes alone, and of no value that is surely secret."""

    by_user: frozenset[str] = frozenset()
    by_lake: frozenset[str] = frozenset()

    def allows(self, marker: Marker, *, is_sure: bool) -> bool:
        """True when what the marker would stand for is to be kept."""
        return marker.hash in self.by_user or marker.rule in self.by_user or (not is_sure and marker.hash in self.by_lake)


@dataclass(slots=True)
class Tally:
    """What has been replaced so far, by rule and place."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    hashes: dict[tuple[str, str], set[str]] = field(default_factory=dict)

    def add(self, marker: Marker, place: str) -> None:
        """Count one more."""
        self.merge(Redaction(marker.rule, place, 1, hashes=(marker.hash,)))

    def merge(self, one: Redaction) -> None:
        """Count what was counted elsewhere."""
        key = one.rule, one.place
        self.counts[key] += one.count
        self.hashes.setdefault(key, set()).update(one.hashes)

    def redactions(self) -> tuple[Redaction, ...]:
        """Return all of it, sorted by place and rule."""
        return tuple(
            Redaction(*key, count, hashes=tuple(sorted(self.hashes[key])[:_MOST_HASHES]))
            for key, count in sorted(self.counts.items(), key=lambda one: one[0][::-1])
        )


class Redactor:
    """Replaces secrets by markers. `key` is asked for when the first one has been found."""

    def __init__(self, rules: Iterable[RuleSet], known: Known, *, key: Callable[[], bytes], allowed: Allowed) -> None:
        self._rules, self._known, self._key, self._allowed = tuple(rules), known, key, allowed

    def is_clean(self, texts: Iterable[str]) -> bool:
        """True when none of many short texts holds a secret: one look at all of them, which takes a fraction of many looks."""
        return not self._scan("\n".join(texts), is_code=False)

    def text(self, text: str, place: str, tally: Tally, *, is_code: bool = False) -> str:
        """Return a text with markers in place of its secrets; the very same text when it has none."""
        parts: list[str] = []
        done = 0
        for one in self._learned(text, self._scan(text, is_code=is_code), is_code=is_code):
            marker = self._marker(one, text)
            if marker is not None:
                parts += [text[done : one.start], str(marker)]
                done = one.end
                tally.add(marker, place)
        return "".join([*parts, text[done:]]) if parts else text

    def known_in(self, texts: Iterable[str], *, only_sure: bool = False) -> str:
        """Return the rule of a value that is known, and stands in one of these texts in any encoding; "" where none does."""
        for text in texts:
            for start, end, rule, is_sure in self._known.find(text):
                if (is_sure or not only_sure) and self._marker(Secret(start, end, rule, is_sure=is_sure), text) is not None:
                    return rule
        return ""

    def named(self, text: str, place: str, tally: Tally) -> str:
        """Return what stands for a value that a name calls a secret: a marker for all of it, unless it can be no secret."""
        changed = self.text(text, place, tally)
        if changed != text or not can_be_secret(text):
            return changed
        marker = self._marker(Secret(0, len(text), NAMED), text)
        if marker is None:
            return text
        tally.add(marker, place)
        self._known.learn(NAMED, text)
        return str(marker)

    def learn(self, code: str) -> None:
        """Remember the secrets that stand in code: what the code prints, and what becomes of it, may hold them in another form."""
        self._learned(code, self._scan(code, is_code=True), is_code=True)

    def _learned(self, text: str, found: list[Secret], *, is_code: bool) -> list[Secret]:
        """Return the secrets of a text once more, when values that were found in one place of it may stand in others."""
        before = len(self._known)
        for one in found:
            if not one.is_known:
                self._known.learn(one.rule, text[one.start : one.end])
        return found if len(self._known) == before else self._scan(text, is_code=is_code)

    def _scan(self, text: str, *, is_code: bool) -> list[Secret]:
        return scan(text, rules=self._rules, known=self._known, is_code=is_code)

    def _marker(self, secret: Secret, text: str) -> Marker | None:
        """Return what is to stand there, None when it is allowed to stay."""
        marker = Marker(secret.rule, keyed_hash(self._key(), text[secret.start : secret.end]))
        return None if self._allowed.allows(marker, is_sure=secret.is_sure) else marker
