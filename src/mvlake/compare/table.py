"""Table: several versions side by side, the rows that differ and the names of the rest.

The rows are in an order of their own, so that other columns first are the same rows.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from mvlake.compare.data import size_text
from mvlake.compare.described import described_things
from mvlake.compare.diff import Direction
from mvlake.compare.direction import agreed_direction
from mvlake.compare.environment import facts_of, normalised, packages_of, threads_of
from mvlake.compare.files import files_used
from mvlake.compare.many import TABLE_SCHEMA_VERSION, Aspect, AspectTable, Had, Many, TableRow
from mvlake.compare.values import exact, number
from mvlake.compare.versions import side_of
from mvlake.records.artifact import Artifact, Role
from mvlake.records.canonical import Json
from mvlake.records.dossier import Dossier
from mvlake.records.summary import ModelSummary

Thing: TypeAlias = tuple[str, str, Had]
"""What one version has: the name, what it is of, and what it is."""
Key: TypeAlias = tuple[str, str, int]
"""Of a thing: what it is of, its name, and which of those with the same."""
_ABSENT = Had(is_there=False)
_DATA = frozenset((Role.INPUT, Role.OUTPUT, Role.RESULT, Role.FILE))
_OUTPUTS = frozenset((Role.FIGURE, Role.STREAM, Role.SERIES, Role.DISPLAY))


def compare_many(dossiers: Sequence[Dossier]) -> Many:
    """Return versions side by side, in their order. Of a version and itself there is no row."""
    kept = {one.name for dossier in dossiers for one in dossier.version.artifacts if one.role is Role.FILE}
    aspects = (
        _aspect(Aspect.PARAMETERS, [[(one.name, "", Had(one.value)) for one in each.version.params] for each in dossiers]),
        _metrics(dossiers),
        _aspect(Aspect.DATA, [_content(each, _DATA) for each in dossiers]),
        _models(dossiers),
        _aspect(Aspect.CODE, [_code(each) for each in dossiers]),
        _aspect(Aspect.OUTPUTS, [_content(each, _OUTPUTS) for each in dossiers]),
        _aspect(Aspect.FILES, [_named([*files_used(each.version, kept), *described_things(each.version)]) for each in dossiers]),
        *_environment(dossiers),
    )
    told = tuple(one for one in aspects if one.rows or one.equal)
    return Many(
        schema=TABLE_SCHEMA_VERSION,
        versions=tuple(map(side_of, dossiers)),
        aspects=told,
        problems=_problems(dossiers),
        is_empty=not any(one.rows for one in told),
    )


def _problems(dossiers: Sequence[Dossier]) -> tuple[str, ...]:
    said = [f"{each.ref}: {problem}" for each in dossiers for problem in each.problems]
    said += [f"the environment of {each.ref} could not be read" for each in dossiers if each.environment is None]
    return tuple(dict.fromkeys(said))


def _aspect(aspect: Aspect, things: Sequence[Sequence[Thing]], *, is_absence_equal: bool = False) -> AspectTable:
    """Return an aspect. `is_absence_equal`: what only some versions have is equal where those agree."""
    rows = [(one, _is_equal(one, is_absence_equal=is_absence_equal)) for one in _rows(things)]
    differ = tuple(one for one, is_equal in rows if not is_equal)
    return AspectTable(aspect, differ, tuple(_title(one) for one, is_equal in rows if is_equal))


def _title(row: TableRow) -> str:
    return f"{row.of} {row.name}" if row.of else row.name


def _rows(things: Sequence[Sequence[Thing]]) -> list[TableRow]:
    sides = [_keyed(some) for some in things]
    keys = sorted({key for side in sides for key in side})
    return [TableRow(name, tuple(side.get((of, name, which), _ABSENT) for side in sides), of) for of, name, which in keys]


def _keyed(things: Sequence[Thing]) -> dict[Key, Had]:
    """Return what a version has by name; things of one name in the order of their content, which is the same in every version."""
    seen: Counter[tuple[str, str]] = Counter()
    keyed: dict[Key, Had] = {}
    for name, of, had in sorted(things, key=lambda one: _identity(one[2])):
        keyed[(of, name, seen[of, name])] = had
        seen[of, name] += 1
    return keyed


def _is_equal(row: TableRow, *, is_absence_equal: bool) -> bool:
    return len({_identity(one) for one in row.had if one.is_there or not is_absence_equal}) <= 1


def _identity(had: Had) -> tuple[bool, str, str, int]:
    """Return what is the same for what is the same: of content its digest alone, since of it less may be known in one version."""
    value = "" if had.digest is not None else exact(had.value)
    return had.is_there, str(had.digest or ""), value, -1 if had.steps is None else had.steps


def _named(values: Sequence[tuple[str, Json]]) -> list[Thing]:
    return [(name, "", Had(value)) for name, value in values]


def _metrics(dossiers: Sequence[Dossier]) -> AspectTable:
    told = [[(one.name, "", Had(one.value, steps=one.steps)) for one in each.version.metrics] for each in dossiers]
    table = _aspect(Aspect.METRICS, told)
    measured: dict[str, set[str]] = defaultdict(set)
    for one in (one for each in dossiers for one in each.version.metrics):
        measured[one.name].add(one.function)
    return replace(
        table,
        rows=tuple(
            _best(row, agreed_direction(row.name, measured[row.name], (each.directions.get(row.name) for each in dossiers)))
            for row in table.rows
        ),
    )


def _best(row: TableRow, direction: Direction | None) -> TableRow:
    """Return a metric's row with the best value marked; with none where all are as good, or nobody knows what good is."""
    numbers = [number(one.value) if one.is_there else None for one in row.had]
    known = {one for one in numbers if one is not None and one == one}  # NaN is better than nothing
    if direction is None or len(known) < 2:
        return replace(row, direction=direction)
    best = max(known) if direction is Direction.HIGHER else min(known)
    had = tuple(replace(one, is_best=value == best) for one, value in zip(row.had, numbers, strict=True))
    return replace(row, had=had, direction=direction)


def _content(dossier: Dossier, roles: frozenset[Role]) -> list[Thing]:
    return [_artifact(dossier, one, one.role.value) for one in dossier.version.artifacts if one.role in roles]


def _artifact(dossier: Dossier, artifact: Artifact, of: str) -> Thing:
    return artifact.name, of, Had(size_text(dossier.summaries.get(artifact.summary)), artifact.digest)


def _code(dossier: Dossier) -> list[Thing]:
    """Return the tracked cell, the number of cells, which the others are, and the modules of the user's own."""
    cells = dossier.version.cells
    tracked = [("tracked cell", "", Had(None, one.source)) for one in cells if one.is_tracked]
    others: list[Json] = [str(one.source) for one in cells if not one.is_tracked]
    modules = [(one.name, "module", Had(None, one.digest)) for one in dossier.version.artifacts if one.role is Role.CODE]
    return [*tracked, ("cells", "", Had(len(cells))), ("other cells", "", Had(others)), *modules]


def _models(dossiers: Sequence[Dossier]) -> AspectTable:
    """Return the models: which content each is, and where that differs, class and settings as far as they are known."""
    content = _rows([_content(each, frozenset((Role.MODEL,))) for each in dossiers])
    differ = {one.name for one in content if not _is_equal(one, is_absence_equal=False)}
    whole = _aspect(Aspect.MODELS, [_content(each, frozenset((Role.MODEL,))) for each in dossiers])
    settings = _aspect(Aspect.MODELS, [_settings(each, differ) for each in dossiers])
    return AspectTable(Aspect.MODELS, (*whole.rows, *settings.rows), (*whole.equal, *settings.equal))


def _settings(dossier: Dossier, names: set[str]) -> list[Thing]:
    told: list[Thing] = []
    for one in dossier.version.artifacts:
        summary = dossier.summaries.get(one.summary)
        if one.role is Role.MODEL and one.name in names and isinstance(summary, ModelSummary):
            told += [(setting.name, one.name, Had(setting.value)) for setting in summary.settings]
    return told


def _environment(dossiers: Sequence[Dossier]) -> tuple[AspectTable, ...]:
    """Return packages and facts of the machine; where an environment cannot be read, the digests of all tell them apart."""
    known = [(each, each.environment) for each in dossiers if each.environment is not None]
    if len(known) < len(dossiers):
        return (_aspect(Aspect.MACHINE, [[("environment", "", Had(None, each.version.environment))] for each in dossiers]),)
    imported = {normalised(one.package) for each in dossiers for one in each.version.imports}
    packages = _aspect(Aspect.PACKAGES, [_named([*packages_of(one).items()]) for _, one in known])
    first = tuple(sorted(packages.rows, key=lambda row: row.name not in imported))
    facts = _aspect(Aspect.MACHINE, [_named(facts_of(one)) for _, one in known])
    threads = _aspect(Aspect.MACHINE, [_named(threads_of(one)) for _, one in known], is_absence_equal=True)
    machine = AspectTable(Aspect.MACHINE, (*facts.rows, *threads.rows), (*facts.equal, *threads.equal))
    return replace(packages, rows=first), machine
