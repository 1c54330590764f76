"""Randomness: which cells drew from which generators of random numbers, and which seeds their text sets."""

from collections.abc import Sequence

from mvlake.compare.diff import ValueDiff
from mvlake.records.randomness import Draw, Seed, SeedSource
from mvlake.records.version import Version
from mvlake.view.blocks import Block, Column, Grid, Section, Span, Words, bad, code, muted
from mvlake.view.outline.changes import as_bare, count_note, same_values, split, value_grid
from mvlake.view.outline.wording import head
from mvlake.view.values import value_text

_CELLS = 12
_SOURCES = {SeedSource.CLOCK: "from the clock", SeedSource.SYSTEM: "from the operating system"}


def randomness(version: Version) -> tuple[Block, ...]:
    """Return what a version drew, generator by generator, and its seeds; nothing when there is neither."""
    if not version.draws and not version.seeds:
        return ()
    blocks: list[Block] = []
    if version.draws:
        drawn: dict[str, list[Draw]] = {}
        for draw in version.draws:
            drawn.setdefault(draw.generator, []).append(draw)
        shown, more = head(list(drawn.items()))
        columns = (Column("generator"), Column("drawn from in"), Column("seed"), Column("state before"))
        blocks.append(Grid(columns, tuple(_row(name, draws) for name, draws in shown), more))
    if version.seeds:
        seeds, more = head(version.seeds)
        rows = tuple(((code(one.call),), _seed(one), (muted(cells_text((one.cell,))),)) for one in seeds)
        blocks.append(Grid((Column("seeding call"), Column("seed"), Column("where")), rows, more))
    return (Section("Randomness", (), tuple(blocks)),)


def randomness_section(differences: Sequence[ValueDiff], sides: tuple[str, str]) -> Section | None:
    """Return how two versions drew; None when neither did."""
    if not differences:
        return None
    changed, same = split([as_bare(one) for one in differences])
    grid = (value_grid(changed, sides),) if changed else ()
    return Section("Randomness", count_note(len(changed), len(differences)), (*grid, *same_values(same)))


def cells_text(cells: Sequence[int]) -> str:
    """Return places of cells, in words.

    >>> cells_text((1, 3))
    'cells 1, 3'
    """
    shown = ", ".join(str(one) for one in cells[:_CELLS])
    return f"cell{'s' if len(cells) > 1 else ''} {shown}{', …' if len(cells) > _CELLS else ''}" if cells else ""


def _row(name: str, draws: Sequence[Draw]) -> tuple[Words, ...]:
    seeded = (Span("seeded"),) if all(one.is_seeded for one in draws) else (Span("unseeded"),)
    unknown = [one.problem or "not known" for one in draws if one.state is None]
    state: Words = (bad(unknown[0]),) if unknown else (muted("kept"),)
    return (code(name),), (Span(cells_text([one.cell for one in draws])),), seeded, state


def _seed(seed: Seed) -> Words:
    if seed.source is not None:
        return (bad(_SOURCES[seed.source]),)
    return (muted("computed"),) if seed.value is None else (Span(value_text(seed.value), limit=80),)
