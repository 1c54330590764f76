"""World: how the environment of a replay differs from that of its version: packages that its cells import first."""

from collections.abc import Iterator, Sequence

from mvlake.compare.environment import normalised, packages_of
from mvlake.records.environment import Environment, Import
from mvlake.records.events import Difference, DifferenceKind

MOST = 60
"""Packages that are told; of more it is said how many there are."""

_FACTS = ("python", "implementation", "cpus", "platform", "machine", "processor", "distribution", "libc", "driver", "cuda")


def environment_differences(
    then: Environment | None, now: Environment | None, imports: Sequence[Import], *, is_sparse: bool = False
) -> tuple[Difference, ...]:
    """Return what differs, nothing where one of the two is not known.

    Of a sparse environment it is no difference that a package is not there which the cells do not import.
    """
    if then is None or now is None:
        return ()
    packages = list(_packages(then, now, {normalised(one.package) for one in imports}, is_sparse=is_sparse))
    if len(packages) > MOST:
        more = Difference(DifferenceKind.PACKAGE, "…", f"{len(packages) - MOST:,} more packages differ")
        packages = [*packages[:MOST], more]
    return (*packages, *_facts(then, now))


def _packages(then: Environment, now: Environment, imported: set[str], *, is_sparse: bool) -> Iterator[Difference]:
    a, b = packages_of(then), packages_of(now)
    for name in sorted({*a, *b}, key=lambda name: (name not in imported, name)):
        if is_sparse and name not in b and name not in imported:
            continue
        if a.get(name) != b.get(name) and (name in a or name in imported):  # what else is installed here now changes nothing
            was, is_now = a.get(name, "not installed"), b.get(name, "not installed")
            yield Difference(DifferenceKind.PACKAGE, name, f"{was} then, {is_now} now")


def _facts(then: Environment, now: Environment) -> Iterator[Difference]:
    for name in _FACTS:
        yield from _fact(name, getattr(then, name), getattr(now, name))
    lost = sorted({*then.features} - {*now.features})
    if lost:
        yield Difference(DifferenceKind.ENVIRONMENT, "processor features", f"not here: {', '.join(lost)}")
    yield from _fact("gpus", ", ".join(one.name for one in then.gpus), ", ".join(one.name for one in now.gpus))
    threads = {(one.kind, one.name): one.threads for one in now.pools}
    for pool in then.pools:
        found = threads.get((pool.kind, pool.name))
        if found is not None:
            yield from _fact(f"threads of {pool.name}", pool.threads, found)


def _fact(name: str, then: object, now: object) -> Iterator[Difference]:
    if then != now:
        yield Difference(DifferenceKind.ENVIRONMENT, name, f"{then or 'none'} then, {now or 'none'} now")
