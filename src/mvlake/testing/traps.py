"""Trap: an object that remembers whatever was done to it, for tests that nothing was."""

from collections.abc import Callable
from typing import Any, ClassVar

_NAMES = (
    "getattribute getattr setattr delattr dir repr str bytes format hash bool len length_hint iter next reversed contains "
    "getitem setitem delitem missing call eq ne lt le gt ge add radd iadd sub mul matmul truediv and or xor neg pos abs invert "
    "int float complex index round array array_interface array_struct array_ufunc array_function arrow_array arrow_c_array "
    "arrow_c_stream arrow_c_schema dataframe reduce reduce_ex getstate setstate copy deepcopy sizeof instancecheck "
    "subclasscheck fspath enter exit await aiter buffer set_name get set delete"
)


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
    def spring(*_: Any) -> Any:
        type.__getattribute__(_TrapKind, "log").append(name)
        raise AssertionError(f"{name} was called")

    return spring


_SPRINGS = {f"__{name}__": _remember(name) for name in _NAMES.split()}


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

    locals().update(_SPRINGS)
