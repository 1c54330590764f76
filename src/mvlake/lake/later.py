"""Later: use cases that are loaded when somebody first asks for them. A kernel that only commits has no need of most."""

# ruff: noqa: TC004 - the names stand for what is loaded later

from importlib import import_module
from typing import TYPE_CHECKING, Any

__all__ = [
    "asking",
    "checkout",
    "compare",
    "doctor",
    "export",
    "forget",
    "gc",
    "history",
    "labels",
    "leaderboard",
    "load",
    "manual",
    "publish",
    "rebuild",
    "remark",
    "repair",
    "replays",
    "rows_between",
    "sql",
    "status",
    "sync",
    "verify",
]


class _Later:
    """Stands for a module until something of it is wanted."""

    def __init__(self, name: str) -> None:
        self._name = f"{__package__}.{name}"

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)


if TYPE_CHECKING:
    from mvlake.lake import (
        asking,
        checkout,
        compare,
        doctor,
        export,
        forget,
        gc,
        history,
        labels,
        leaderboard,
        load,
        manual,
        publish,
        rebuild,
        remark,
        repair,
        replays,
        rows_between,
        sql,
        status,
        sync,
        verify,
    )
else:
    for name in __all__:
        globals()[name] = _Later(name)
