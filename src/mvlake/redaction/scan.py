"""Scan: where the secrets of a text are. Its cost grows with the text, whatever stands in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from mvlake.redaction.assignments import Found, assignments
from mvlake.redaction.known import Known
from mvlake.redaction.marker import BEGINS, FORM
from mvlake.redaction.rule import RuleSet

# Text is looked through as bytes, one for each character: letters, digits and `_ - .` become `a`. Finding where twenty of them
# stand together takes a tenth of the time that looking for what each rule starts with would take.
_WORD = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-."
_AS_WORDS = bytes(97 if byte in _WORD else 32 for byte in range(256))
_RUN = b"a" * 20
_ESCAPES = frozenset("nrtbf")
_SIGN = 2  # digits behind `%`


@dataclass(frozen=True, slots=True)
class Secret:
    """Where a secret begins and ends in a text, and the rule by which it was found.

    `is_known`: by its value. `is_sure`: that value is a secret, whatever it looks like.
    """

    start: int
    end: int
    rule: str
    is_known: bool = False
    is_sure: bool = False


def scan(text: str, *, rules: Iterable[RuleSet], known: Known, is_code: bool) -> list[Secret]:
    """Return the secrets of a text, from left to right; those that overlap are one."""
    found = [Secret(start, end, rule, is_known=True, is_sure=is_sure) for start, end, rule, is_sure in known.find(text)]
    found += [Secret(*one) for rule_set in rules for one in _by_rules(text, rule_set)]
    found += [Secret(*one) for one in assignments(text, _lowered(text), is_code=is_code)]
    if found and BEGINS in text:
        markers = [marker.span() for marker in FORM.finditer(text)]
        found = [one for one in found if not any(one.start < end and start < one.end for start, end in markers)]
    return _joined(found)


def _lowered(text: str) -> str:
    """Return a text in small letters, and as long: of one Turkish letter Python makes two."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(small if len(small := one.lower()) == 1 else one for one in text)


def _by_rules(text: str, rules: RuleSet) -> Iterator[Found]:
    for place in _words(text):
        for rule in rules.at(text, place):
            span = rule.match(text, place)
            if span is not None:
                yield (*span, rule.id)
                break
    for start, rule in rules.anywhere:
        at = text.find(start)
        while at >= 0:
            span = rule.match(text, at)
            if span is not None:
                yield (*span, rule.id)
            at = text.find(start, at + len(start) if span is None else max(span[1], at + 1))


def _words(text: str) -> list[int]:
    r"""Return where words begin that are long enough for a secret; also behind `\n` as JSON writes it, `%3D`, and `://`."""
    mask = text.encode("latin-1", "replace").translate(_AS_WORDS)
    found: list[int] = []
    at = mask.find(_RUN)
    while at >= 0:
        found.append(at)
        before = text[at - 1] if at else ""
        if before == "\\" and text[at] in _ESCAPES:
            found.append(at + 1)
        elif before == "%":
            found.append(at + _SIGN)
        end = mask.find(b" ", at)
        at = mask.find(_RUN, end) if end >= 0 else -1
    at = text.find("://")
    while at >= 0:
        found.append(at + 3)
        at = text.find("://", at + 3)
    return found


def _joined(found: list[Secret]) -> list[Secret]:
    """Return the findings from left to right. Of those that overlap one remains, which covers all.

    Of several at one place, the form or the name tells what it is, before whoever has that value too: so a mark does not depend on
    the machine on which it was made.
    """
    joined: list[Secret] = []
    for one in sorted(found, key=lambda secret: (secret.start, -secret.end, secret.is_known)):
        last = joined[-1] if joined else None
        if last is None or one.start >= last.end:
            joined.append(one)
        else:
            joined[-1] = replace(last, end=max(last.end, one.end), is_sure=last.is_sure or one.is_sure)
    return joined
