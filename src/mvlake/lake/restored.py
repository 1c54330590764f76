"""Restored: the states of generators that the kernel of a replay is to put back, read from the lake and written for that kernel."""

import re
from pathlib import Path

from mvlake.errors import CannotReplay, Damaged
from mvlake.lake.parts import Parts
from mvlake.records.canonical import canonical, parse
from mvlake.records.dossier import Dossier
from mvlake.records.environment import Environment
from mvlake.records.fields import from_fields, to_fields
from mvlake.records.randomness import CellStates, Draw, GeneratorState, RecordedState

_COUNTS = re.compile(r"[0-9]{1,5}(,[0-9]{1,5}){0,7}")
_DECIDING = {
    "PYTHONHASHSEED": re.compile(r"random|[0-9]|[1-9][0-9]{1,8}|[1-3][0-9]{9}|4[01][0-9]{8}"),
    **dict.fromkeys(
        (
            *("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "BLIS_NUM_THREADS"),
            *("VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS", "NUMEXPR_MAX_THREADS", "NUMBA_NUM_THREADS"),
            *("POLARS_MAX_THREADS", "RAYON_NUM_THREADS"),
        ),
        _COUNTS,
    ),
}
"""What a value may look like: a kernel would not start with another one."""


def write_states(parts: Parts, dossier: Dossier, sources: list[str], path: Path) -> None:
    """Write what is to be put back before each of the `sources` that run. CannotReplay where a kept state is unreadable."""
    drawn: dict[int, list[RecordedState]] = {}
    for draw in dossier.version.draws:
        if draw.state is not None:
            drawn.setdefault(draw.cell, []).append(RecordedState(draw.generator, draw.kind, _state(parts, dossier, draw)))
    cells = [CellStates(source, tuple(drawn.get(place, ()))) for place, source in enumerate(sources, 1)]
    path.write_bytes(canonical([to_fields(one) for one in cells]))


def variables_of(environment: Environment | None) -> dict[str, str]:
    """Return the recorded variables that decide what a process calculates, as far as they are what such variables can be."""
    found = environment.variables if environment is not None else ()
    return {one.name: one.value for one in found if one.name in _DECIDING and _DECIDING[one.name].fullmatch(one.value)}


def _state(parts: Parts, dossier: Dossier, draw: Draw) -> GeneratorState:
    assert draw.state is not None
    try:
        return from_fields(GeneratorState, parse(parts.objects.read(draw.state)))
    except (Damaged, ValueError, TypeError) as error:
        reason = f"the state of {draw.generator[:100]} before cell {draw.cell} cannot be read"
        raise CannotReplay(dossier.ref, reason=reason) from error
