"""Trap: an object that remembers whatever was done to it, for tests that nothing was; and a zoo of traps of every kind.

The special methods are those of the data model as this Python has it, gathered from its own types, and those by which libraries
ask strangers' objects (`__array__`, `__dataframe__`, `__arrow_c_stream__`).
"""

import builtins
import collections
import io
import types
from collections.abc import Callable
from typing import Any, ClassVar

_LIBRARIES = (
    "array array_interface array_struct array_ufunc array_function array_wrap array_finalize array_namespace arrow_array "
    "arrow_c_array arrow_c_stream arrow_c_schema arrow_c_device_array dataframe dlpack dlpack_device cuda_array_interface "
    "torch_function jax_array fspath html rich rich_repr rich_console sklearn_tags sklearn_clone pydantic_validator getinitargs "
    "round copy deepcopy missing length_hint instancecheck subclasscheck buffer release_buffer set_name get set delete await aiter "
    "anext aenter aexit matmul rmatmul imatmul getattr setstate getnewargs getnewargs_ex reduce trunc floor ceil divmod rdivmod"
)
# What makes a class or an object, or is asked of the class by `type` itself. An object that is a trap from here on exists already.
_MAKING = (
    "new init init_subclass subclasshook class doc module name qualname mro bases base dict slots weakref annotations del prepare "
    "type_params flags basicsize itemsize dictoffset weakrefoffset text_signature class_getitem abstractmethods orig_bases "
    "static_attributes firstlineno match_args classcell"
)


def special_methods() -> tuple[str, ...]:
    """Return the name of every special method that an object could have, without its underscores."""
    kinds = [kind for module in (builtins, types, collections, io) for kind in vars(module).values() if isinstance(kind, type)]
    found = {name[2:-2] for kind in kinds for name in dir(kind) if name.startswith("__") and name.endswith("__") and len(name) > 4}
    return tuple(sorted((found | set(_LIBRARIES.split())) - set(_MAKING.split())))


NAMES = special_methods()


class _TrapKind(type):
    """The metaclass of traps: it remembers what was asked of the class."""

    log: ClassVar[list[str]] = []

    def __getattribute__(cls, name: str) -> Any:
        if name != "sprung":
            type.__getattribute__(_TrapKind, "log").append(f"class {name}")
        return super().__getattribute__(name)

    def __instancecheck__(cls, instance: object) -> bool:
        type.__getattribute__(_TrapKind, "log").append("isinstance")
        return True


def _remember(name: str) -> Callable[..., Any]:
    def spring(*_: Any, **__: Any) -> Any:
        type.__getattribute__(_TrapKind, "log").append(name)
        raise AssertionError(f"{name} was called")

    return spring


class Trap(metaclass=_TrapKind):
    """Every special method of it remembers its call, and raises."""

    @staticmethod
    def sprung(trap: object) -> list[str]:
        """Return what was called since the last time that somebody asked."""
        assert type(trap) is Trap
        log = type.__getattribute__(_TrapKind, "log")
        found = list(log)
        log.clear()
        return found

    locals().update({f"__{name}__": _remember(name) for name in NAMES})


Act = Callable[[str], Any]


def zoo(log: list[str], act: Act, *, module: str = "__main__") -> dict[str, Any]:
    """Return one trap of each kind. Each remembers in `log` what is done to it, and then does what `act` does: raise, sleep, lie.

    Their classes say that they are of `module`: what is a stranger's, is asked nothing.
    """

    def spring(kind: str, name: str) -> Callable[..., Any]:
        def called(*_: Any, **__: Any) -> Any:
            log.append(f"{kind}.{name}")
            return act(name)

        return called

    def members(kind: str) -> dict[str, Any]:
        methods = {f"__{name}__": spring(kind, name) for name in NAMES if name not in ("hash", "slots")}
        return {"__module__": module, "__hash__": spring(kind, "hash"), "__class__": property(spring(kind, "class")), **methods}

    def meta(kind: str) -> type:
        asked = (
            "instancecheck",
            "subclasscheck",
            "eq",
            "hash",
            "len",
            "iter",
            "call",
            "bool",
            "repr",
            "contains",
            "getitem",
            "dir",
        )
        methods = {f"__{name}__": spring(kind, f"class {name}") for name in (*asked, "getattribute")}
        return type(f"Meta{kind}", (type,), {"__module__": module, **methods})

    made: dict[str, Any] = {}
    for base in _BASES:
        kind = f"Of{base.__name__.capitalize()}"
        made[kind] = base.__new__(type(kind, (base,), members(kind)))
    with_meta = types.new_class("WithMeta", (), {"metaclass": meta("WithMeta")}, lambda space: space.update(members("WithMeta")))
    made["WithMeta"] = object.__new__(with_meta)
    asked = ("shape", "dtype", "columns", "to_parquet", "get_params", "_repr_html_", "_repr_mimebundle_", "fit", "state_dict")
    properties = {name: property(spring("WithProperties", name)) for name in asked}
    made["WithProperties"] = object.__new__(type("WithProperties", (), {"__module__": module, **properties}))
    answering = {"__module__": module, "__getattr__": spring("AnswersAll", "getattr")}
    made["AnswersAll"] = object.__new__(type("AnswersAll", (), answering))
    return made


# What is taken by its exact type must not be taken for it.
_BASES: tuple[Any, ...] = (
    *(object, dict, list, tuple, set, frozenset, str, bytes, bytearray, int, float, complex),
    *(collections.OrderedDict, collections.deque, collections.defaultdict, collections.Counter, types.SimpleNamespace, Exception),
)
