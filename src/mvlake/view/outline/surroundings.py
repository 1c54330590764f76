"""The section of a comparison on the world around: machine, git, packages."""

from collections.abc import Sequence

from mvlake.compare.diff import Change, EnvironmentDiff, PackageDiff, ValueDiff
from mvlake.records.canonical import Json
from mvlake.view.blocks import Column, Grid, Section, Span, Words, code, muted
from mvlake.view.outline.changes import ABSENT, split
from mvlake.view.outline.wording import head
from mvlake.view.values import value_text


def environment_section(environment: EnvironmentDiff, sides: tuple[str, str]) -> Section | None:
    """Return what differs around the versions, with counts of what does not; None when nothing is known."""
    packages, same_packages = split(environment.packages)
    facts, same_facts = split((*environment.facts, *_git(environment.git)))
    if not (packages or same_packages or facts or same_facts):
        return None
    # One table: a package's version is one more fact of the world.
    rows = [*[_fact_row(one) for one in facts], *[_package_row(one) for one in packages]]
    shown, more = head(rows)
    grid = (Grid((Column("name"), Column(sides[0]), Column(sides[1])), tuple(shown), more),) if rows else ()
    return Section("Environment", _note(packages, same_packages, facts), grid)


def _note(packages: Sequence[PackageDiff], same: Sequence[PackageDiff], facts: Sequence[ValueDiff]) -> Words:
    if not packages and not facts:
        return (muted(f"unchanged, {len(same):,} packages"),)
    return (muted(f"{len(packages):,} of {len(packages) + len(same):,} packages differ"),)


def _git(facts: Sequence[ValueDiff]) -> list[ValueDiff]:
    named = [one if one.name.startswith("git") else _renamed(one) for one in facts]
    return [_short(one) if one.name.endswith("commit") else one for one in named]


def _renamed(fact: ValueDiff) -> ValueDiff:
    return ValueDiff(f"git {fact.name}", fact.change, fact.a, fact.b, fact.note)


def _short(fact: ValueDiff) -> ValueDiff:
    a, b = (one[:10] if isinstance(one, str) else one for one in (fact.a, fact.b))
    return ValueDiff(fact.name, fact.change, a, b, fact.note)


def _fact_row(fact: ValueDiff) -> tuple[Words, ...]:
    left = ABSENT if fact.change is Change.ADDED else _bare(fact.a)
    right = ABSENT if fact.change is Change.REMOVED else _bare(fact.b)
    return (code(fact.name),), (left,), (right,)


def _package_row(package: PackageDiff) -> tuple[Words, ...]:
    return _fact_row(ValueDiff(package.name, package.change, package.a, package.b))


def _bare(value: Json) -> Span:
    # A version such as 3.13 is text here, never a number: no quotes needed to tell.
    return Span(value if isinstance(value, str) else value_text(value))
