"""Running: what is known of a run while it goes on, and is left of one that ends without an answer."""

from collections.abc import Mapping
from typing import Any


class Running:
    """The notebook as far as it has run, and which of its cells runs: -1 before the first."""

    def __init__(self, notebook: Mapping[str, Any]) -> None:
        self.notebook = notebook
        self.cell = -1

    def note(self, notebook: Mapping[str, Any], cell: int) -> None:
        """Take down that a cell begins."""
        self.notebook, self.cell = notebook, cell

    @property
    def position(self) -> int:
        """Which of the cells with code runs, from 1; the first before any has."""
        kinds: list[str] = [cell["cell_type"] for cell in self.notebook["cells"][: self.cell + 1]]
        return max(1, kinds.count("code"))
