"""Sources: the generators that there are in a kernel: those of the libraries, and those that the user's variables hold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from mvlake.capture.attributes import attributes_of
from mvlake.capture.randomness import numpy, python, torch
from mvlake.capture.randomness.family import Family
from mvlake.capture.randomness.loaded import loaded

_PYTHON, _LEGACY, _NUMPY, _TORCH = python.PythonFamily(), numpy.LegacyFamily(), numpy.NumpyFamily(), torch.TorchFamily()
FAMILIES: tuple[Family, ...] = (_PYTHON, _LEGACY, _NUMPY, _TORCH)
_IN_A_CONTAINER = 32
_IN_ALL = 1_000  # parts of containers that are looked at, so that a cell never waits
_DEPTH = 2
_MAX_KEY = 40
# Classes are told apart by address: hashing or comparing one would run its metaclass.
_CONTAINERS = {id(kind): kind for kind in (list, tuple, dict)}
_PLAIN = frozenset(id(kind) for kind in (int, float, str, bool, bytes, type(None), type, type(islice), type(python), type(loaded)))
_members = type.__dict__["__dict__"].__get__
_mro = type.__dict__["__mro__"].__get__


@dataclass(frozen=True, slots=True)
class Source:
    """One generator, and what it is called: `random`, `numpy.random`, `torch.cuda:0`, `rng`, `rngs[0]`, `model.random_state`."""

    name: str
    family: Family
    generator: Any


def sources(namespace: Mapping[str, Any]) -> list[Source]:
    """Return every generator, each once, without running anything of the user's."""
    found = list(_globals())
    seen = {id(one.generator) for one in found}
    for one in _Search(namespace).found():
        if id(one.generator) not in seen:
            seen.add(id(one.generator))
            found.append(one)
    return found


def is_ipythons(name: str) -> bool:
    """True for the variables in which IPython keeps what was typed and shown.

    >>> [is_ipythons(name) for name in ("_", "_12", "_i3", "_rng", "Out", "rng")]
    [True, True, True, False, True, False]
    """
    rest = name.lstrip("_")
    return name in ("In", "Out") or (
        name.startswith("_") and (rest in ("", "i", "ii", "iii", "ih", "oh", "dh") or _is_counted(rest))
    )


def _is_counted(rest: str) -> bool:
    return rest.removeprefix("i").isdigit()


def _globals() -> Iterator[Source]:
    yield Source("random", _PYTHON, python.GLOBAL)
    legacy = numpy.legacy_global()
    if legacy is not None:
        yield Source("numpy.random", _LEGACY, legacy)
    default = torch.default_generator()
    if default is not None:
        yield Source("torch", _TORCH, default)
    for place, generator in enumerate(torch.gpu_generators()):
        yield Source(f"torch.cuda:{place}", _TORCH, generator)


class _Search:
    """One walk through the user's variables."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self._namespace = namespace
        self._left = _IN_ALL
        kinds: dict[Any, Family] = {
            python.KIND: _PYTHON,
            loaded(numpy.LEGACY_MODULE).get("RandomState"): _LEGACY,
            loaded(numpy.MODULE).get("Generator"): _NUMPY,
            loaded("torch").get("Generator"): _TORCH,
        }
        self._kinds = {id(kind): family for kind, family in kinds.items() if kind is not None}
        self._estimator = loaded("sklearn.base").get("BaseEstimator")

    def found(self) -> list[Source]:
        """Return what the variables hold, themselves or a level or two below."""
        found: list[Source] = []
        for name, value in list(self._namespace.items()):
            if id(type(value)) not in _PLAIN and type(name) is str:
                self._look(name, value, 0, found)
        return found

    def _look(self, path: str, value: Any, depth: int, found: list[Source]) -> None:
        kind = type(value)
        family = self._kinds.get(id(kind))
        if family is not None:
            if not is_ipythons(path):
                found.append(Source(path, family, value))
        elif id(kind) in _CONTAINERS:
            if value and depth < _DEPTH and self._left > 0 and not (depth == 0 and is_ipythons(path)):
                for place, item in self._parts(kind, value):
                    self._look(f"{path}[{place}]", item, depth + 1, found)
        elif self._estimator is not None and issubclass(kind, self._estimator):
            held = attributes_of(value).get("random_state")
            inner = self._kinds.get(id(type(held)))
            if inner is not None and not is_ipythons(path):
                found.append(Source(f"{path}.random_state", inner, held))

    def _parts(self, kind: type, value: Any) -> list[tuple[str, Any]]:
        """Return those of the first parts of a container of exactly this kind that are not plain values."""
        room = min(_IN_A_CONTAINER, self._left)
        self._left -= min(room, len(value))
        try:
            if _PLAIN.issuperset(map(id, map(type, islice(value.values() if kind is dict else value, room)))):
                return []  # the case of most: told without a step of Python for each part
            pairs = list(islice(value.items() if kind is dict else enumerate(value), room))
        except RuntimeError:  # another thread is changing it
            return []
        return [(repr(key), item) for key, item in pairs if id(type(item)) not in _PLAIN and _is_short(key)]


def _is_short(key: Any) -> bool:
    return type(key) is int or (type(key) is str and len(key) <= _MAX_KEY)
