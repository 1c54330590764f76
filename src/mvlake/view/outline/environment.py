"""Environment: the world in which a version was made, as `show` tells it: what its cells import first."""

from mvlake.records.dossier import Dossier
from mvlake.records.environment import Environment
from mvlake.view.blocks import Block, Column, Facts, Fold, Grid, Section, Span, Words, bad, code, joined, muted
from mvlake.view.outline.wording import head
from mvlake.view.quantities import plural, size

_PACKAGES = 1000


def environment(dossier: Dossier) -> tuple[Block, ...]:
    """Return the section; nothing where the environment could not be read."""
    found = dossier.environment
    if found is None:
        return ()
    imported = {one.package for one in dossier.version.imports}
    sources = {one.name: " ".join((one.kind.value, one.url, one.commit[:10])).strip() for one in found.sources}
    names = sorted(found.packages, key=lambda name: (name not in imported, name))
    first = [name for name in names if name in imported]
    rest, more = head([name for name in names if name not in imported], _PACKAGES)

    def grid(shown: list[str], more: int = 0) -> Grid:
        rows = tuple(((code(one),), (Span(found.packages[one]),), (muted(sources.get(one, "")),)) for one in shown)
        return Grid((Column("package"), Column("version"), Column("from")), rows, more)

    blocks: list[Block] = [Facts(_facts(found))]
    if first:
        blocks.append(grid(first))
    folded = f"{plural(len(found.packages) - len(first), 'package')}{' that no cell imports' if first else ''}"
    blocks.append(Fold((muted(folded),), (grid(list(rest), more),)))
    if found.conda:
        conda, more = head(found.conda, _PACKAGES)
        rows = tuple(((code(one.name),), (Span(one.version),), (muted(one.build),)) for one in conda)
        columns = (Column("package of conda"), Column("version"), Column("build"))
        blocks.append(Fold((muted(plural(len(found.conda), "package") + " of conda"),), (Grid(columns, rows, more),)))
    return (Section("Environment", (), tuple(blocks)),)


def _facts(found: Environment) -> tuple[tuple[str, Words], ...]:
    """Return one line for each thing that is known."""
    machine = f"{found.machine}, {found.processor}, {plural(found.cpus, 'processor')}"
    pools = [f"{one.name} {one.version}".strip() + f", {one.threads or 'unknown'} threads" for one in dict.fromkeys(found.pools)]
    gpus = [f"{one.name}{f', {size(one.memory)}' if one.memory else ''}" for one in found.gpus]
    driver = [f"{what} {version}" for what, version in (("driver", found.driver), ("CUDA", found.cuda)) if version]
    told: list[tuple[str, Words]] = [
        ("python", (Span(f"{found.implementation} {found.python}"),)),
        ("platform", _several([found.platform, found.distribution, found.libc])),
        ("machine", _several([f"{machine}, {size(found.memory)} of memory" if found.memory else machine])),
        ("features", _several([" ".join(found.features)])),
        ("container", _several([found.container])),
        ("gpu", _several([*gpus, *driver])),
        ("threads", _several(pools)),
        ("variables", _several([f"{one.name}={one.value}" for one in found.variables])),
        ("hashes", (muted("of texts in random order"),) if found.is_hash_random else ()),
        ("unknown", joined([(bad(one),) for one in found.unknown])),
    ]
    return tuple((name, words) for name, words in told if words)


def _several(texts: list[str]) -> Words:
    return joined([(Span(one, limit=200),) for one in texts if one])
