"""Column rule: what becomes of the columns whose names fit a pattern, and how people write it."""

from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import lru_cache

from mvlake.errors import Invalid

HIDDEN = "column policy: "
"""How the reason begins for which something is not kept that may show hidden values."""

_LONGEST = 300


class ColumnAction(StrEnum):
    """What becomes of a column, the least first to the most last: `<` is by that order."""

    HASH = "hash"  # each value becomes a keyed hash: equal ones stay equal
    MASK = "mask"  # each value becomes the same word, and nulls stay
    DROP = "drop"  # the column is not kept

    @property
    def rank(self) -> int:
        """Where it stands between least and most."""
        return tuple(ColumnAction).index(self)


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """What becomes of the columns whose names fit a pattern, in versions whose names fit another."""

    action: ColumnAction
    pattern: str
    version: str = "*"


@lru_cache(maxsize=4096)
def fits(name: str, pattern: str) -> bool:
    """True when a name fits a pattern, whatever the case.

    >>> fits("User_Email", "*email"), fits("mail", "*email")
    (True, False)
    """
    return fnmatchcase(name.casefold(), pattern.casefold())


def column_rule(action: ColumnAction, pattern: str, version: str, *, said_by: str) -> ColumnRule:
    """Return a rule of these words; Invalid for patterns that nobody can mean."""
    if not all(one.strip() and len(one) <= _LONGEST and one.isprintable() for one in (pattern, version)):
        raise Invalid(f"{said_by} has the pattern {pattern[:40]!a} for {version[:40]!a}", hint="*email* fits names of columns")
    return ColumnRule(action, pattern, version)


@lru_cache(maxsize=64)
def read_column_rules(said: str, *, said_by: str) -> tuple[ColumnRule, ...]:
    """Return the rules of a line, with commas between; Invalid for what nobody can mean. `said_by` is who said it.

    >>> read_column_rules("drop@fraud:ssn", said_by="MVLAKE_COLUMNS")
    (ColumnRule(action=<ColumnAction.DROP: 'drop'>, pattern='ssn', version='fraud'),)
    """
    rules = []
    for one in filter(str.strip, said.split(",")):
        what, colon, pattern = one.strip().partition(":")
        action, _, version = what.strip().partition("@")
        if not colon or action.lower() not in tuple(ColumnAction):
            raise Invalid(f'{said_by} has "{one.strip()[:40]}"', hint=f'{said_by}="hash:*email*, drop@fraud:ssn"')
        rules.append(column_rule(ColumnAction(action.lower()), pattern.strip(), version.strip() or "*", said_by=said_by))
    return tuple(rules)
