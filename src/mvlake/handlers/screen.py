"""Screen: what column policies hide of a frame, decided by the names of its columns; handlers of frames put it in front of them.

The values of a hidden column become texts: sixteen digits of a keyed hash of what Arrow writes for a value (of whole numbers the
same whether they are kept as integers or not), or one word for all. Nulls stay. What cannot be written as text is masked.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from mvlake.errors import NoHandler
from mvlake.records.column_rule import ColumnAction, ColumnRule, fits
from mvlake.records.redaction import Redaction
from mvlake.redaction.marker import keyed_value

MASK = "masked"
RULE = "column-"
"""How the rules of redactions begin that hide columns."""

_WORD = re.compile(r"\w+")
_LETTERS = re.compile(r"[\w*?\[\]!]+")
_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|.)")
_LONGEST = 500


class Screen:
    """The rules for one object, and what they hid of it. Columns that are `hashed` already are not hashed once more."""

    def __init__(self, rules: Iterable[ColumnRule], key: Callable[[], bytes], *, hashed: frozenset[str] = frozenset()) -> None:
        self.rules, self._key, self._hashed = tuple(rules), key, hashed
        self._hidden: Counter[tuple[ColumnAction, str]] = Counter()

    def anew(self, *, hashed: frozenset[str] = frozenset()) -> "Screen":
        """Return the same rules, of which none has hidden anything yet."""
        return Screen(self.rules, self._key, hashed=hashed)

    def action(self, *names: str) -> ColumnAction | None:
        """Return the strictest that is asked for a column of these names (its own, those of its levels and fields)."""
        found = {rule.action for rule in self.rules for name in names if fits(name, rule.pattern)}
        strictest = max(found, key=lambda one: one.rank, default=None)
        return None if strictest is ColumnAction.HASH and not self._hashed.isdisjoint(names) else strictest

    def speaks_of(self, text: str) -> bool:
        """True when the words of a text may name a hidden column."""
        told = text if "\\" not in text else f"{text} {_ESCAPE.sub(' ', text)}"  # in JSON a line may begin as \\nemail
        words = {word for word in _WORD.findall(told) if len(word) <= _LONGEST}
        return any(all(any(fits(word, piece) for word in words) for piece in _LETTERS.findall(rule.pattern)) for rule in self.rules)

    def drop(self, name: str, count: int) -> None:
        """Count a column that is left out."""
        self._hidden[ColumnAction.DROP, name] += count

    def texts(self, name: str, values: Sequence[str | None], action: ColumnAction) -> list[str | None]:
        """Return what stands for the values of a column, given as texts; `MASK` among them stays."""
        self._hidden[action, name] += sum(one is not None for one in values)
        if action is ColumnAction.MASK:
            return [None if one is None else MASK for one in values]
        key = self._key()
        known: dict[str | None, str | None] = {None: None, MASK: MASK}
        return [known[one] if one in known else known.setdefault(one, keyed_value(key, one or "")) for one in values]

    def column(self, name: str, values: Any, action: ColumnAction) -> list[str | None]:
        """Return the same for values of Arrow's."""
        return self.texts(name, arrow_texts(values), action)

    def redactions(self, place: str) -> tuple[Redaction, ...]:
        """Return what was hidden, sorted by column."""
        found = sorted(self._hidden.items(), key=lambda one: one[0][::-1])
        return tuple(Redaction(f"{RULE}{action}", place, count, name) for (action, name), count in found)


def dropped(kind: str, name: str) -> NoHandler:
    """Return why a column that stands alone is not kept."""
    return NoHandler(kind, reason=f"a column policy drops {name}")


def arrow_texts(values: Any) -> list[str | None]:
    """Return values of Arrow's as texts; of what has none `MASK`."""
    import pyarrow as pa

    try:
        if pa.types.is_floating(values.type):
            try:
                values = values.cast(pa.int64())
            except pa.ArrowInvalid:
                values = values.cast(pa.float64())
        found: list[str | None] = values.cast(pa.large_string()).to_pylist()
    except (pa.ArrowException, UnicodeDecodeError):
        return [MASK if there else None for there in values.is_valid().to_pylist()]
    return found


def field_names(kind: Any) -> tuple[str, ...]:
    """Return the names of the fields within an Arrow type, at any depth."""
    import pyarrow as pa

    names = []
    for place in range(kind.num_fields):
        field = kind.field(place)
        names += [*([field.name] if pa.types.is_struct(kind) else []), *field_names(field.type)]
    return tuple(names)
