"""Parameters: values that papermill was given become code that says the same values, and nothing else.

papermill writes the names of parameters into the code as they are, and turns what it does not know into text: a tuple, a date or a
number of NumPy would arrive as another value than was given.
"""

import datetime as dt
import json
import keyword
import math
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import PurePath
from typing import Any
from uuid import UUID

from mvlake.errors import Invalid

_DEEPEST = 50
_LITERAL: dict[type, Callable[[Any], str]] = {
    type(None): repr,
    bool: repr,
    int: repr,
    str: repr,
    bytes: repr,
    float: lambda value: repr(value) if math.isfinite(value) else f"float({str(value)!r})",
    complex: lambda value: f"complex({value.real!r}, {value.imag!r})",
    Decimal: lambda value: f"__import__('decimal').Decimal({str(value)!r})",
    UUID: lambda value: f"__import__('uuid').UUID({str(value)!r})",
    dt.date: lambda value: f"__import__('datetime').date.fromisoformat({value.isoformat()!r})",
    dt.datetime: lambda value: f"__import__('datetime').datetime.fromisoformat({value.isoformat()!r})",
    dt.time: lambda value: f"__import__('datetime').time.fromisoformat({value.isoformat()!r})",
    dt.timedelta: lambda value: f"__import__('datetime').timedelta({value.days}, {value.seconds}, {value.microseconds})",
}


def parameters_cell(parameters: Mapping[str, Any]) -> str:
    """Return the code that binds each name to its value; Invalid for what is no name, and for values that no code says.

    >>> print(parameters_cell({"depth": 3, "split": (0.8, float("nan"))}))
    # Parameters
    depth = 3
    split = (0.8, float('nan'))
    """
    lines = [f"{checked_name(name)} = {literal(value, name)}" for name, value in parameters.items()]
    return "\n".join(["# Parameters", *lines])


def checked_name(name: object) -> str:
    """Return a parameter's name; Invalid for anything that is no plain name: papermill would run it.

    Nor for one that Python reads as another name (written in full-width letters), nor for one of its own (`__builtins__`).
    """
    is_name = type(name) is str and name.isidentifier() and not keyword.iskeyword(name)
    if not is_name or unicodedata.normalize("NFKC", str(name)) != name or (str(name).startswith("__") and str(name).endswith("__")):
        raise Invalid(f"a parameter cannot be called {str(name)[:60]!a}", hint="give it a name that a variable can have")
    return str(name)


def literal(value: Any, name: str, depth: int = 0) -> str:
    """Return Python code for a value."""
    if depth > _DEEPEST:
        raise Invalid(f"the parameter {name} holds itself, or is nested more than {_DEEPEST} deep", hint="pass it flatter")
    kind = type(value)
    told = _LITERAL.get(kind)
    if told is not None:
        return told(value)
    inner = [] if kind not in (list, tuple, set, frozenset) else [literal(one, name, depth + 1) for one in value]
    if kind is list:
        return f"[{', '.join(inner)}]"
    if kind is tuple:
        return f"({', '.join(inner)}{',' if len(inner) == 1 else ''})"
    if kind in (set, frozenset):
        return f"{kind.__name__}([{', '.join(sorted(inner))}])"
    if isinstance(value, Mapping):
        pairs = ((literal(key, name, depth + 1), literal(one, name, depth + 1)) for key, one in value.items())
        return "{" + ", ".join(f"{key}: {one}" for key, one in pairs) + "}"
    if isinstance(value, PurePath):
        return f"__import__('pathlib').Path({str(value)!r})"
    if kind.__module__ == "numpy" and hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
        return literal(value.item(), name, depth + 1)
    raise Invalid(
        f"the parameter {name} is a {kind.__module__}.{kind.__qualname__}, which no code says",
        hint="pass a number, a text, or a list or dictionary of them; larger things belong into a file",
    )


def as_json(value: Any) -> Any:
    """Return what a notebook's metadata can hold of a value: the same where JSON has it, else what its code is.

    >>> as_json({"when": dt.date(2026, 3, 3), "rates": (0.1, float("inf"))})
    {'when': '2026-03-03', 'rates': [0.1, 'inf']}
    """
    if isinstance(value, Mapping):
        return {str(key): as_json(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(one) for one in value]
    if type(value) is float:
        return value if math.isfinite(value) else str(value)
    try:
        return json.loads(json.dumps(value))
    except (TypeError, ValueError):
        item = value.item() if type(value).__module__ == "numpy" and hasattr(value, "item") else str(value)
        return item if type(item) in (bool, int, float, str) else str(value)
