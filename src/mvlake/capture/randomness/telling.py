"""Telling: the draws of a version's cells with what their text says of seeds."""

from collections.abc import Sequence
from dataclasses import replace

from mvlake.capture.cell_facts import BindingKind, CellFacts, SeedCall
from mvlake.capture.seeds import decided
from mvlake.records.canonical import Json
from mvlake.records.draft import DraftCell
from mvlake.records.randomness import DraftSeed


def with_seeds(cells: Sequence[DraftCell], facts: Sequence[CellFacts]) -> tuple[DraftCell, ...]:
    """Return the cells, in the order in which they ran, each with its seeds, and with what these decide marked in later draws."""
    known: dict[str, Json] = {}
    seeded: set[str] = set()
    told: list[DraftCell] = []
    for cell, one in zip(cells, facts, strict=True):
        known |= {name: bound.literal for name, bound in one.bindings.items() if bound.kind is BindingKind.LITERAL}
        seeds = tuple(DraftSeed(_call(seed), known.get(seed.variable, seed.value)) for seed in one.seeds)
        seeded |= {name for seed in one.seeds for name in decided(seed)}
        draws = tuple(replace(draw, is_seeded=True) if _base(draw.generator) in seeded else draw for draw in cell.draws)
        told.append(replace(cell, draws=draws, seeds=seeds) if draws or seeds else cell)
    return tuple(told)


def _call(seed: SeedCall) -> str:
    return f"{seed.function}({seed.keyword})" if seed.keyword else seed.function


def _base(generator: str) -> str:
    return "torch" if generator.startswith("torch.") else generator
