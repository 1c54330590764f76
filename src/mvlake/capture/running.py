"""Running: one cell between its start and its end, with what must be remembered from the start."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mvlake.capture.cell_facts import CellFacts
from mvlake.capture.facts.fits import FitsOfCell
from mvlake.lake import clock
from mvlake.records.moment import to_text
from mvlake.records.randomness import DraftDraw

if TYPE_CHECKING:
    from mvlake.capture.files.seen import SeenPlaces
    from mvlake.capture.randomness.watch import Seen
    from mvlake.capture.watch import Watch


@dataclass(slots=True)
class Running:
    """A cell under way. `info` is IPython's own object for it, by which its end is told from another's."""

    info: Any
    source: str
    facts: CellFacts
    before: dict[str, int]
    cell_id: str
    fits: FitsOfCell
    execution_count: int | None = None
    watch: "Watch | None" = None
    restored: frozenset[str] = frozenset()
    iterators: frozenset[str] = frozenset()
    chance: "Seen | None" = None
    draws: tuple[DraftDraw, ...] = ()
    used: "SeenPlaces | None" = None
    started_at: str = field(default_factory=lambda: to_text(clock.now()))
    started: float = field(default_factory=clock.steady)
    _ended: float | None = None

    def end(self) -> None:
        """Note that the cell is over, whatever is done about it from here on."""
        self._ended = clock.steady()

    @property
    def code(self) -> str:
        """The cell as Python ran it: without magics."""
        found = self.info.transformed_cell
        return found if type(found) is str else self.source

    @property
    def duration(self) -> float:
        """Seconds that the cell took; until now, while it runs."""
        return (clock.steady() if self._ended is None else self._ended) - self.started
