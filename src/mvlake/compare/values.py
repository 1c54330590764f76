"""Values: two plain JSON values, compared exactly and as numbers."""

from collections.abc import Sequence
from fractions import Fraction

from mvlake.compare.diff import Change, ValueDiff
from mvlake.compare.matching import change_of, match
from mvlake.records.canonical import Json
from mvlake.records.standard_json import dumps

_TAG, _CONTENT = "$", "v"


def exact(value: Json) -> str:
    """Return a text that two values share only when they are the same in type and content.

    >>> exact(1) == exact({"$": "float", "v": "1.0"})
    False
    """
    return dumps(value, sort_keys=True)


def number(value: Json) -> int | float | None:
    """Return the number that a plain value is, None when it is none (a boolean is none).

    >>> number({"$": "float", "v": "nan"}), number({"$": "int", "v": "0x10"}), number(True)
    (nan, 16, None)
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if not isinstance(value, dict) or set(value) != {_TAG, _CONTENT}:
        return None
    kind, content = value[_TAG], value[_CONTENT]
    try:
        if kind == "int" and isinstance(content, str):
            return int(content, 16)
        if kind in ("float", "decimal") and isinstance(content, str):
            return float(content)
        if kind == "fraction" and isinstance(content, list):
            return float(Fraction(*(int(part, 16) for part in content)))
    except (ValueError, TypeError, ArithmeticError):  # a value that says that it is a number, and is none
        return None
    return None


def kind_of(value: Json) -> str:
    """Return the Python type that a plain value stands for.

    >>> kind_of({"$": "tuple", "v": []}), kind_of(None)
    ('tuple', 'None')
    """
    if isinstance(value, dict):
        return str(value.get(_TAG, "dict"))[:40]
    return "None" if value is None else type(value).__name__


def is_same_number(a: float, b: float) -> bool:
    """True when two numbers are equal, or both NaN.

    >>> is_same_number(float("nan"), float("nan")), is_same_number(1, 1.0)
    (True, True)
    """
    return a == b or (a != a and b != b)  # math.isnan refuses an integer beyond the floats


def note_of(a: Json, b: Json) -> str:
    """Return what two differing values have in common, and what not, where their text may look alike.

    >>> note_of(1, {"$": "float", "v": "1.0"})
    'int became float; the value is equal'
    """
    before, after = kind_of(a), kind_of(b)
    ours, theirs = number(a), number(b)
    is_equal = ours is not None and theirs is not None and is_same_number(ours, theirs)
    if before != after:
        return f"{before} became {after}" + ("; the value is equal" if is_equal else "")
    return "only the sign of zero differs" if is_equal and ours == 0 and before == "float" else ""


def compare_values(a: Sequence[tuple[str, Json]], b: Sequence[tuple[str, Json]]) -> tuple[ValueDiff, ...]:
    """Return named values side by side, in b's order."""
    return tuple(
        compare_value(one.either[0], one.a, one.b)
        for one in match(a, b, name=lambda pair: pair[0], content=lambda pair: exact(pair[1]))
    )


def compare_value(name: str, a: tuple[str, Json] | None, b: tuple[str, Json] | None) -> ValueDiff:
    """Return one named value on both sides, None where it is absent."""
    ours, theirs = a[1] if a else None, b[1] if b else None
    change = change_of(a, b, is_same=exact(ours) == exact(theirs))
    return ValueDiff(name, change, ours, theirs, note=note_of(ours, theirs) if change is Change.CHANGED else "")
