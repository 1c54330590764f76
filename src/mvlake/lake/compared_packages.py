"""Compared packages: which of those that differ are needed by what the cells import."""

from dataclasses import replace

from mvlake.compare.diff import Change, Diff
from mvlake.lake.look import Look
from mvlake.lake.needs import needed_by


def compare_needs(look: Look, diff: Diff) -> Diff:  # noqa: ARG001 - a step like the others
    """Return the comparison with what imported packages need marked, where a package differs that no cell imports."""
    packages = diff.environment.packages
    if all(one.is_imported or one.change is Change.UNCHANGED for one in packages):
        return diff
    needed = needed_by([one.name for one in packages if one.is_imported])
    marked = (replace(one, is_needed=True) if one.name in needed and not one.is_imported else one for one in packages)
    return replace(diff, environment=replace(diff.environment, packages=tuple(marked)))
