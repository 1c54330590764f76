"""mvlake: model versioning that lives in the notebook.

In a notebook: `%load_ext mvlake`, then `%%track NAME` on top of a cell. In a script: `with mvlake.track("name") as run:`.
In loops of either: `mvlake.log(loss=…, step=…)`.
Nothing heavy is imported here: public names are resolved when they are first used.

PYTEST_DONT_REWRITE: a notebook that has loaded mvlake and then runs pytest is not to be warned that it came too late for that.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from mvlake._version import __version__

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from mvlake.capture.logged import log
    from mvlake.capture.script import track
    from mvlake.errors import MvlakeError
    from mvlake.lake.lake import Lake

__all__ = ["Lake", "MvlakeError", "__version__", "load_ipython_extension", "log", "track", "unload_ipython_extension"]

_HOMES = {
    "Lake": "mvlake.lake.lake",
    "MvlakeError": "mvlake.errors",
    "log": "mvlake.capture.logged",
    "track": "mvlake.capture.script",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'mvlake' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)


def load_ipython_extension(shell: "InteractiveShell") -> None:
    """Load the magics and begin to watch cells: `%load_ext mvlake`."""
    from mvlake.magics.extension import load

    load(shell)


def unload_ipython_extension(shell: "InteractiveShell") -> None:
    """Leave the kernel as it was found: `%unload_ext mvlake`."""
    from mvlake.magics.extension import unload

    unload(shell)
