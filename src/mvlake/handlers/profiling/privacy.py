"""Privacy: what a profile does not tell, so that nobody can be known by it.

Values are withheld of a column that is called as what belongs to somebody is called, or whose values look like it. A category is
told of `FEWEST` rows or more (k-anonymity: Samarati and Sweeney 1998); the rows of all others count together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from mvlake.records.profile import Category, ColumnProfile
from mvlake.redaction.personal import personal_kinds, personal_name, share_of_kinds

FEWEST = 5
LOOKED = 1000
"""Texts of a column that are looked at."""

_ENOUGH = 0.01
_ENOUGH_CARDS = 0.5  # one number in ten has the right check digit by chance
_CARD = "card numbers"
_CARD_FROM, _CARD_TO = 10**12, 10**19
_MOST = 20
_LONGEST = 80
_VALUES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "low": ("", ("low",)),
    "high": ("", ("high",)),
    "mean": ("", ("mean",)),
    "std": ("", ("std",)),
    "quantiles": ((), ("quantiles",)),
    "histogram": ((), ("edges", "counts")),
    "categories": ((), ("categories",)),
}


def reason_in_name(name: str) -> str:
    """Return why no values are told of a column with this name; nothing where they are."""
    kind = personal_name(name)
    return f"its name says that it holds {kind}" if kind else ""


def reason_in_texts(texts: Iterable[str]) -> str:
    """Return why no values are told of a column that holds these."""
    found = [kind for kind, share in share_of_kinds(texts).items() if share >= (_ENOUGH_CARDS if kind == _CARD else _ENOUGH)]
    return f"its values look like {' and '.join(sorted(found))}" if found else ""


def reason_in_numbers(numbers: Sequence[Any], high: Any) -> str:
    """Return the same of numbers: those of cards."""
    if high is None or not high >= _CARD_FROM:
        return ""
    whole = [str(int(one)) for one in numbers if _CARD_FROM <= one < _CARD_TO and one == int(one)]
    share = share_of_kinds(whole).get(_CARD, 0.0)
    return f"its values look like {_CARD}" if share >= _ENOUGH_CARDS else ""


def withheld(profile: ColumnProfile, reason: str) -> ColumnProfile:
    """Return the profile without any value; what was left out is named."""
    if not reason:
        return profile
    empty: dict[str, Any] = {}
    names = []
    for said, (nothing, fields) in _VALUES.items():
        if any(getattr(profile, field) != nothing for field in fields):
            empty |= dict.fromkeys(fields, nothing)
            names.append(said)
    if not names and not profile.withheld:
        return profile
    lumped = sum(one.rows for one in profile.categories)
    told = tuple(name for name in _VALUES if name in names or name in profile.withheld)
    return replace(profile, **empty, others=profile.others + lumped, withheld=told, because=reason)


def told_categories(counted: Iterable[tuple[str, int]], total: int, *, scale: float = 1.0) -> tuple[tuple[Category, ...], int]:
    """Return categories, those of most rows first, and how many of `total` rows are in none of them.

    `counted` are values with their rows; of a sample, `scale` is how many rows each row of it stands for.
    """
    found: list[Category] = []
    for value, rows in sorted(counted, key=lambda one: (-one[1], one[0])):
        if rows < FEWEST or len(found) == _MOST:
            break
        if not personal_kinds(value):
            found.append(Category(value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…", round(rows * scale)))
    return tuple(found), max(total - sum(one.rows for one in found), 0)
