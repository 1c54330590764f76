"""Arguments: what Python is given for a verb is of the types that the verb says, or an error of ours says what is wanted.

From a terminal everything is text. In a notebook `lake.show(3)` is typed as easily, and would else fail somewhere below, in words
that say nothing of `show`.
"""

import functools
import inspect
import os
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, Union, cast, get_args, get_origin

from mvlake.errors import Invalid
from mvlake.lake.grammar import usage
from mvlake.lake.verbs import BY_NAME

_WORDS: dict[Any, str] = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "True or False",
    os.PathLike: "a path",
    Mapping: "a mapping of names to values",
}
C = TypeVar("C", bound=type)


def checking_arguments(kind: C) -> C:
    """Let the public methods of a class refuse arguments of other types than they say. What is no plain type is not looked at."""
    for name, member in list(vars(kind).items()):
        function = member.__func__ if isinstance(member, classmethod | staticmethod) else member
        if not name.startswith("_") and inspect.isfunction(function):
            checked = _checked(name, function)
            setattr(kind, name, type(member)(checked) if function is not member else checked)
    return kind


def _checked(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    signature = inspect.signature(function)
    wanted = {one.name: _plain(one.annotation) for one in signature.parameters.values()}
    wanted = {name: kinds for name, kinds in wanted.items() if kinds}
    many = {one.name for one in signature.parameters.values() if one.kind is one.VAR_POSITIONAL}
    if not wanted:
        return function

    @functools.wraps(function)
    def call(*arguments: Any, **options: Any) -> Any:
        try:
            given = signature.bind(*arguments, **options).arguments
        except TypeError:
            given = {}  # Python says best which argument is missing or too many
        for argument, value in given.items():
            kinds = wanted.get(argument)
            for each in value if argument in many else (value,):
                if kinds and not any(_is(each, one) for one in kinds):
                    raise _error(name, argument, each, kinds)
        return function(*arguments, **options)

    return call


def _plain(annotation: Any) -> tuple[Any, ...]:
    """Return the types that an annotation names, none where it names one that is not looked at."""
    options = get_args(annotation) if get_origin(annotation) in (Union, types.UnionType) else (annotation,)
    kinds = tuple(_kind(option) for option in options)
    return () if None in kinds else kinds


def _kind(annotation: Any) -> Any:
    if annotation in (str, int, float, bool, type(None)):
        return annotation
    if isinstance(annotation, type) and issubclass(annotation, os.PathLike):
        return os.PathLike
    if get_origin(annotation) is Mapping:
        return Mapping
    return Sequence if get_origin(annotation) is Sequence and get_args(annotation) == (str,) else None


def _is(value: Any, kind: Any) -> bool:
    if kind is Sequence:
        if isinstance(value, list | tuple):
            return all(isinstance(one, str) for one in value)
        return hasattr(type(value), "__iter__") and not isinstance(value, str | bytes | Mapping)  # the columns of a frame, a set
    if kind in (int, float):
        is_number = hasattr(type(value), "__index__") or (kind is float and hasattr(type(value), "__float__"))
        return is_number and not isinstance(value, bool)
    return isinstance(value, kind)


def _error(name: str, argument: str, value: Any, kinds: tuple[Any, ...]) -> Invalid:
    words = [_WORDS.get(kind, "a list of texts") for kind in kinds if kind is not type(None)]
    verb = BY_NAME.get(name)
    # In Python the verb's word for what a terminal types; a method that is no verb has its signature.
    hint = f"`help {name}` explains it: {usage(verb)}" if verb is not None else f"help(Lake.{name}) explains it"
    return Invalid(f"{name}: {argument} is {' or '.join(words)}, not {cast('type', type(value)).__qualname__}", hint=hint)
