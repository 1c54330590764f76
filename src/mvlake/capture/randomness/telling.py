"""Telling: the draws of a version's cells with what their text says of seeds."""

from collections.abc import Sequence
from dataclasses import replace

from mvlake.capture.cell_facts import BindingKind, CellFacts, SeedCall
from mvlake.capture.seeds import decided, source_of
from mvlake.records.canonical import Json
from mvlake.records.draft import DraftCell
from mvlake.records.randomness import DraftSeed, SeedSource


def with_seeds(cells: Sequence[DraftCell], facts: Sequence[CellFacts]) -> tuple[DraftCell, ...]:
    """Return the cells, in the order in which they ran, each with its seeds, and with what these decide marked in later draws.

    A generator that was seeded with what nobody chose is not seeded.
    """
    known: dict[str, Json] = {}
    drawn: dict[str, SeedSource | None] = {}  # variables that hold what the clock or the operating system said
    seeded: set[str] = set()
    told: list[DraftCell] = []
    for cell, one in zip(cells, facts, strict=True):
        known |= {name: bound.literal for name, bound in one.bindings.items() if bound.kind is BindingKind.LITERAL}
        drawn |= {name: _source(name, one) for name in one.bindings}
        seeds = tuple(
            DraftSeed(_call(seed), known.get(seed.variable, seed.value), seed.source or drawn.get(seed.variable))
            for seed in one.seeds
        )
        for seed, call in zip(seeds, one.seeds, strict=True):
            seeded = seeded - decided(call) if seed.source else seeded | decided(call)
        draws = tuple(replace(draw, is_seeded=True) if _base(draw.generator) in seeded else draw for draw in cell.draws)
        told.append(replace(cell, draws=draws, seeds=seeds) if draws or seeds else cell)
    return tuple(told)


def _source(name: str, facts: CellFacts) -> SeedSource | None:
    return SeedSource.CLOCK if name in facts.clocks else source_of(facts.bindings[name].function)


def _call(seed: SeedCall) -> str:
    return f"{seed.function}({seed.keyword})" if seed.keyword else seed.function


def _base(generator: str) -> str:
    return "torch" if generator.startswith("torch.") else generator
