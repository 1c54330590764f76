"""Lookup: which handler takes an object, and which one wrote an artifact.

An object's handler is found by walking the classes in its `__mro__`: the top package of each names an entry point in the
group `mvlake.handlers`. So the most specific library wins, and no library is imported that the user has not imported, for an
object of a class exists only once its package is loaded. Nothing that belongs to the object, nor its metaclass, is asked.

A dictionary, list or tuple that is not plain throughout is a structure, whose parts are looked up in turn.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from mvlake.errors import MissingLibrary, NoHandler
from mvlake.handlers.contract import Handler
from mvlake.records.kinds import Kinds

GROUP = "mvlake.handlers"
_STRUCTURE = "structure"
_CONTAINERS = Kinds(dict, list, tuple)

# The slots of `type` itself: an attribute access would go through the class's metaclass, which is a stranger's code.
_MRO = type.__dict__["__mro__"]
_MODULE = type.__dict__["__module__"]
_NAME = type.__dict__["__name__"]


def handler_for(obj: Any) -> Handler:
    """Return the handler that takes this object; NoHandler, with the reason, when none does."""
    kind = type(obj)
    reason = ""
    for package in _packages(kind):
        if package not in _declared():
            continue
        try:
            handler = handler_named(package)
        except MissingLibrary as error:
            reason = reason or error.message
            continue
        if handler.matches(obj):
            return handler
        reason = reason or handler.refusal(obj)
    if kind in _CONTAINERS and _STRUCTURE in _declared():
        handler = handler_named(_STRUCTURE)
        if handler.matches(obj):
            return handler
        reason = handler.refusal(obj)
    raise NoHandler(_NAME.__get__(kind), reason=reason or "no handler is installed for its library")


@cache
def handler_named(name: str) -> Handler:
    """Return the handler that an artifact names; NoHandler when there is none, MissingLibrary when what it needs is absent."""
    claims = _declared().get(name, ())
    if not claims:
        raise NoHandler(f"{name} artifact", reason=f'no installed package declares a handler "{name}"')
    if len(claims) > 1:
        owners = " and ".join(f"{_owner(claim)} ({claim.value})" for claim in claims)
        raise NoHandler(f"{name} object", reason=f'the handler name "{name}" is claimed by {owners}')
    try:
        handler = claims[0].load()
    except ModuleNotFoundError as error:
        raise MissingLibrary(name, library=(error.name or name).partition(".")[0]) from error
    except (ImportError, AttributeError) as error:
        raise NoHandler(f"{name} object", reason=f"the handler of {_owner(claims[0])} cannot be loaded: {error}") from error
    if not isinstance(handler, Handler):
        raise NoHandler(f"{name} object", reason=f"{claims[0].value} of {_owner(claims[0])} is no Handler")
    return handler


@cache
def _declared() -> Mapping[str, tuple[EntryPoint, ...]]:
    """Return the entry points by name. Distributions are read once: what is installed later is found by the next kernel."""
    found: dict[str, tuple[EntryPoint, ...]] = {}
    for point in entry_points(group=GROUP):
        found[point.name] = (*found.get(point.name, ()), point)
    return found


def _packages(kind: type) -> Iterator[str]:
    """Yield the top packages of a class and its bases, each once, most specific first; `object` is everybody's and says nothing."""
    seen = set()
    for base in _MRO.__get__(kind):
        module = _MODULE.__get__(base) if base is not object else None
        if type(module) is str:  # a class may say anything about itself
            package = module.partition(".")[0]
            if package not in seen:
                seen.add(package)
                yield package


def _owner(point: EntryPoint) -> str:
    return point.dist.name if point.dist is not None else "an unnamed distribution"
