"""Secret variables: texts of variables that are named like secrets, or wrapped as ones. They are only told to the lake."""

from collections.abc import Iterator, Mapping
from typing import Any

from mvlake.redaction.known import rule_of
from mvlake.redaction.secret_names import is_secret_name

_WRAPPERS = frozenset({"SecretStr", "SecretBytes"})
_INSIDE = "_secret_value"


def secret_variables(namespace: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (rule, value) of each such variable: what `getpass()` gave is known by the name that it was given."""
    for name, value in _secrets(namespace):
        yield rule_of("variable", name), value


def _secrets(namespace: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in list(namespace.items()):
        kind = type(value)
        if type(name) is not str:
            continue
        if kind is str:
            if is_secret_name(name):
                yield name, value
        elif kind is bytes:
            if is_secret_name(name):
                yield name, value.decode("latin-1")
        elif type.__dict__["__name__"].__get__(kind) in _WRAPPERS and type.__dict__["__module__"].__get__(kind) == "pydantic.types":
            inside = object.__getattribute__(value, "__dict__").get(_INSIDE)
            if type(inside) in (str, bytes):
                yield name, inside if type(inside) is str else inside.decode("latin-1")
