"""Watch: every generator is read before a cell and looked at after it; who has drawn is told, with the state from before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mvlake.capture.randomness import numpy, torch
from mvlake.capture.randomness.entropy import Drawn, EntropyTap, said
from mvlake.capture.randomness.sources import Source, sources
from mvlake.records.randomness import DraftDraw, GeneratorKind, GeneratorState

if TYPE_CHECKING:
    from mvlake.capture.randomness.restoring import Restoring

UNSEEDED = "default_rng()"
_BITS = 128


@dataclass(slots=True)
class Seen:
    """What was seen before one cell. It keeps the user's generators alive until that cell ends."""

    before: list[tuple[Source, Any]] = field(default_factory=list)
    problems: list[DraftDraw] = field(default_factory=list)
    drawn: Drawn = field(default_factory=Drawn)
    had_numpy: bool = False
    had_torch: bool = False


class RandomnessWatch:
    """Watches the generators of one kernel. What it costs each cell is measured: about 0.05 ms with NumPy and torch loaded."""

    def __init__(self) -> None:
        self._tap = EntropyTap()
        self._last: dict[str, Any] = {}
        self._says_random = False
        self.restoring: Restoring | None = None

    def begin(self, cell: str, namespace: Mapping[str, Any]) -> Seen:
        """Read all generators, before a cell of this text. In a replay they are put into their recorded states first."""
        self._says_random = self._says_random or "random" in cell
        if self._says_random:  # the cell would load it itself, and what it then asks the system for could not be noted
            numpy.load_random()
        again = self.restoring.begin(cell, namespace, self._tap.reach) if self.restoring is not None else ()
        seen = Seen(had_numpy=numpy.legacy_global() is not None, had_torch=torch.default_generator() is not None)
        last, self._last = self._last, {}
        for source in sources(namespace):
            try:
                raw = last.get(source.name)
                if raw is None or not source.family.is_as(source.generator, raw):
                    raw = source.family.read(source.generator)
                seen.before.append((source, raw))
                self._last[source.name] = raw
            except Exception as error:  # noqa: BLE001 - a bit generator of somebody's; torch in the middle of a CUDA graph
                seen.problems.append(_unread(source, error))
        seen.drawn = self._tap.begin(again)
        return seen

    def end(self, seen: Seen, namespace: Mapping[str, Any]) -> tuple[DraftDraw, ...]:
        """Return who has drawn since, and let go of all generators."""
        self._tap.end(seen.drawn)
        if self.restoring is not None:
            self.restoring.end()
        draws: list[DraftDraw] = []
        for source, raw in seen.before:
            try:
                if not source.family.is_as(source.generator, raw):
                    draws.append(_draw(source, source.family.said(raw)))
            except Exception as error:  # noqa: BLE001 - as above
                draws.append(_unread(source, error))
        draws += self._newly_loaded(seen)
        born = _entropies(namespace) if not seen.had_numpy and numpy.legacy_global() is not None else []
        given = [*seen.drawn.given, *((_BITS, entropy) for entropy in born)]
        if given:
            is_seeded = seen.drawn.is_seeded and not born
            draws.append(DraftDraw(UNSEEDED, GeneratorKind.ENTROPY, said(given), is_seeded=is_seeded))
        seen.before.clear()
        return (*draws, *seen.problems)

    def _newly_loaded(self, seen: Seen) -> list[DraftDraw]:
        """Return the draws from generators that came with a library that the cell imported: they tell how they began."""
        found: list[DraftDraw] = []
        if (seen.had_numpy or numpy.legacy_global() is None) and (seen.had_torch or torch.default_generator() is None):
            return found
        for source in sources({}):
            is_new = (source.name == "numpy.random" and not seen.had_numpy) or (source.name == "torch" and not seen.had_torch)
            if is_new:
                try:
                    raw = numpy.birth() if source.name == "numpy.random" else torch.birth()
                    if raw is not None and not source.family.is_as(source.generator, raw):
                        found.append(_draw(source, source.family.said(raw)))
                except Exception as error:  # noqa: BLE001 - as above
                    found.append(_unread(source, error))
        return found


def _entropies(namespace: Mapping[str, Any]) -> list[int]:
    """Return what seeded the unseeded generators among the variables, in the order in which they were bound."""
    numpys = (GeneratorKind.NUMPY, GeneratorKind.NUMPY_LEGACY)
    held = [one for one in sources(namespace) if one.family.kind in numpys and one.name != "numpy.random"]
    found = [numpy.entropy_of(one.generator) for one in held]
    return list(dict.fromkeys(one for one in found if one is not None))


def _draw(source: Source, state: GeneratorState) -> DraftDraw:
    return DraftDraw(source.name, source.family.kind, state, is_seeded=source.family.is_seeded(source.generator))


def _unread(source: Source, error: Exception) -> DraftDraw:
    return DraftDraw(
        source.name, source.family.kind, problem=f"its state could not be read ({type(error).__name__}: {error})"[:300]
    )
