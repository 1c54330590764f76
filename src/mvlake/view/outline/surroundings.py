"""The section of a comparison on the world around: packages that the cells import, what these need, machine, git, the rest."""

from collections.abc import Sequence

from mvlake.compare.diff import Change, EnvironmentDiff, PackageDiff, ValueDiff
from mvlake.view.blocks import Block, Fold, Paragraph, Section, Words, joined, muted
from mvlake.view.outline.changes import as_bare, split, value_grid
from mvlake.view.quantities import plural

_NAMED = 8


def environment_section(environment: EnvironmentDiff, sides: tuple[str, str]) -> Section | None:
    """Return what differs around the versions, with counts of what does not; None when nothing is known."""
    packages, same_packages = split(environment.packages)
    facts, same_facts = split((*environment.facts, *_git(environment.git)))
    if not (packages or same_packages or facts or same_facts):
        return None
    first = [as_bare(one) for one in facts if one.name == "python"]
    imported = [_fact(one, "imported") for one in packages if one.is_imported]
    needed = [_fact(one, "needed by what is imported") for one in packages if one.is_needed and not one.is_imported]
    rest = [_fact(one) for one in packages if not one.is_imported and not one.is_needed]
    # One table: a package's version is one more fact of the world.
    shown = [*first, *imported, *needed, *[as_bare(one) for one in facts if one.name != "python"]]
    if not any(one.is_imported for one in environment.packages):  # what the cells import is not known
        shown, rest = [*shown, *rest], []
    nothing = (Paragraph((muted("nothing that the cells need differs"),)),) if rest else ()
    grid: tuple[Block, ...] = (value_grid(shown, sides),) if shown else nothing
    others = (Fold((muted(_others(rest)),), (value_grid(rest, sides),)),) if rest else ()
    note = joined([_note(packages, same_packages, facts), _loaded(environment.loaded, sides)])
    return Section("Environment", note, (*grid, *others))


def _others(rest: Sequence[ValueDiff]) -> str:
    return f"{plural(len(rest), 'package')} {'differs' if len(rest) == 1 else 'differ'} that no cell needs"


def _note(packages: Sequence[PackageDiff], same: Sequence[PackageDiff], facts: Sequence[ValueDiff]) -> Words:
    if not packages and not facts:
        return (muted(f"unchanged, {len(same):,} packages"),)
    return (muted(f"{len(packages):,} of {len(packages) + len(same):,} packages differ"),)


def _loaded(loaded: Sequence[ValueDiff], sides: tuple[str, str]) -> Words:
    """Return which libraries with thread pools only one side had loaded: nothing that differs between the machines."""
    told = []
    for side, change in zip(sides, (Change.REMOVED, Change.ADDED), strict=True):
        names = dict.fromkeys(one.name.removeprefix("threads of ") for one in loaded if one.change is change)
        told += [f"only {side} had loaded {', '.join(list(names)[:_NAMED])}"] if names else []
    return (muted("; ".join(told)),) if told else ()


def _git(facts: Sequence[ValueDiff]) -> list[ValueDiff]:
    named = [one if one.name.startswith("git") else _renamed(one) for one in facts]
    return [_short(one) if one.name.endswith("commit") else one for one in named]


def _renamed(fact: ValueDiff) -> ValueDiff:
    return ValueDiff(f"git {fact.name}", fact.change, fact.a, fact.b, fact.note)


def _short(fact: ValueDiff) -> ValueDiff:
    a, b = (one[:10] if isinstance(one, str) else one for one in (fact.a, fact.b))
    return ValueDiff(fact.name, fact.change, a, b, fact.note)


def _fact(package: PackageDiff, note: str = "") -> ValueDiff:
    return as_bare(ValueDiff(package.name, package.change, package.a, package.b, note))
