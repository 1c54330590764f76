"""Unseeded: random numbers went into the version that no seed decides."""

from mvlake.capture.situation import Situation
from mvlake.records.hint import Hint, HintCode
from mvlake.records.randomness import DraftDraw, GeneratorKind

_SHOWN = 3
_RANDOM = "random"


def unseeded_randomness(situation: Situation) -> Hint | None:
    """Return a hint when a needed cell drew what nobody seeded: only a replay repeats that, and only where the state is kept."""
    silent = frozenset() if _names_random(situation) else frozenset((_RANDOM,))
    draws = ((place, draw) for place, cell in enumerate(situation.cells, 1) for draw in cell.draws)
    drawn = [(place, draw) for place, draw in draws if _is_unseeded(draw) and draw.generator not in silent]
    lost = [(place, draw) for place, draw in drawn if draw.state is None]
    if not drawn:
        return None
    told = lost or drawn
    names = tuple(dict.fromkeys(draw.generator for _, draw in told))
    cells = tuple(dict.fromkeys(place for place, _ in told))
    shown = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
    if lost:
        text = f"nobody seeded {shown}, and the state before is not known: no run draws these numbers again"
    else:
        text = f"nobody seeded {shown}: `replay` puts the state back, any other run draws other numbers"
    return Hint(HintCode.UNSEEDED_RANDOMNESS, text, names, cells)


def _is_unseeded(draw: DraftDraw) -> bool:
    """True when surely nobody chose what it draws. What an instance of `random.Random` was made with, it does not tell."""
    return not draw.is_seeded and (draw.kind is not GeneratorKind.PYTHON or draw.generator == _RANDOM)


def _names_random(situation: Situation) -> bool:
    """True when the cells import `random`: else libraries drew from it for ends of their own, such as the names of files."""
    return any(module.partition(".")[0] == _RANDOM for facts in situation.facts for module in facts.imports.values())
