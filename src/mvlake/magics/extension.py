"""Extension: loading and unloading. What load finds, unload restores: aliases, transformers, hooks."""

from typing import TYPE_CHECKING

from mvlake.capture.kernel import Kernel
from mvlake.magics.announce import Announcer
from mvlake.magics.mv import CELL_MAGICS, LINE_MAGIC, Magics

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

_MAGICS = (("line", LINE_MAGIC), *(("cell", name) for name in CELL_MAGICS))
_loaded: dict[int, "Extension"] = {}  # by shell: a second load of the same one does nothing


class Extension:
    """mvlake in one shell."""

    def __init__(self, shell: "InteractiveShell") -> None:
        self._shell = shell
        self._kernel = Kernel(shell, Announcer(shell))
        table = shell.magics_manager.magics
        self._found = {(kind, name): table[kind].get(name) for kind, name in _MAGICS}
        magics = Magics(self._kernel, previous=self._found["line", LINE_MAGIC])
        shell.register_magic_function(magics.mv, "line", LINE_MAGIC)
        for name, function in magics.cell_magics().items():
            shell.register_magic_function(function, "cell", name)
        # IPython defines its aliases anew on `%reset`, and would complain that `mv` is a magic now.
        self._aliases = shell.alias_manager.default_aliases
        shell.alias_manager.default_aliases = [pair for pair in self._aliases if pair[0] != LINE_MAGIC]
        self._kernel.attach()

    def remove(self) -> None:
        """Take everything back."""
        self._kernel.detach()
        self._shell.alias_manager.default_aliases = self._aliases
        table = self._shell.magics_manager.magics
        for (kind, name), found in self._found.items():
            if found is None:
                table[kind].pop(name, None)
            else:
                table[kind][name] = found


def load(shell: "InteractiveShell") -> None:
    """Begin to watch this shell."""
    if id(shell) not in _loaded:
        _loaded[id(shell)] = Extension(shell)


def unload(shell: "InteractiveShell") -> None:
    """Stop watching this shell."""
    extension = _loaded.pop(id(shell), None)
    if extension is not None:
        extension.remove()
