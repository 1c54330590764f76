"""Marker: what stands in a text where a secret stood: `redacted:github-token:1a2b3c4d` in angle quotation marks.

The digits are a keyed hash of what was replaced: equal secrets have equal ones, and without the key nothing can be tried out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

OPENS, CLOSES = "\u2039", "\u203a"
"""Signs that stand in no code and rarely in text, so that a marker is told from what somebody wrote."""

KEY_SIZE = 32

SUPPLIED = "MVLAKE_SECRET_"
"""How the variables of the environment begin that hold what stood where a mark stands; its eight digits follow."""

BEGINS = f"{OPENS}redacted:"
FORM = re.compile(f"{BEGINS}([A-Za-z0-9._-]{{1,150}}):([0-9a-f]{{8}}){CLOSES}")


@dataclass(frozen=True, slots=True)
class Marker:
    """The rule by which a text was replaced, and its keyed hash."""

    rule: str
    hash: str

    def __str__(self) -> str:
        return f"{BEGINS}{self.rule}:{self.hash}{CLOSES}"


def keyed_hash(key: bytes, value: str) -> str:
    """Return the eight digits that stand for a value in the lake of this key."""
    return blake2b(value.encode("utf-8", "surrogatepass"), key=key, digest_size=4, person=b"mvlake redacted").hexdigest()


def keyed_value(key: bytes, value: str) -> str:
    """Return the sixteen digits that stand for a value of a column in the lake of this key."""
    return blake2b(value.encode("utf-8", "surrogatepass"), key=key, digest_size=8, person=b"mvlake column").hexdigest()


def markers_in(text: str) -> Iterator[Marker]:
    """Yield the markers of a text, in order.

    >>> list(markers_in(f"key = '{Marker('jwt', '00ff00ff')}'"))
    [Marker(rule='jwt', hash='00ff00ff')]
    """
    for found in FORM.finditer(text):
        yield Marker(found[1], found[2])
