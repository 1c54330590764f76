"""Foresee: what is known of a replay before anything runs: its cells, its world, what differs, and why it may be pointless."""

import os
import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from mvlake.errors import CannotReplay
from mvlake.lake.claim import claimed
from mvlake.lake.history import find
from mvlake.lake.lacking import lacking_items
from mvlake.lake.own import is_own
from mvlake.lake.parts import Parts
from mvlake.lake.prepared import Prepared, prepare
from mvlake.lake.progress import tell_nobody
from mvlake.lake.scratch import SCRATCH, scratch_place
from mvlake.lake.site import Site
from mvlake.lake.world_files import Source, SourceKind, WorldFiles
from mvlake.records.artifact import Role
from mvlake.records.events import Difference, DifferenceKind, Verdict, VerdictItem
from mvlake.records.files import FileUse, PlaceKind
from mvlake.records.foreseen import Planned, PlannedCell, PlannedFile
from mvlake.records.plan import CHECK, Plan

_KINDS = {PlaceKind.FILE: DifferenceKind.FILE, PlaceKind.URL: DifferenceKind.URL, PlaceKind.HOST: DifferenceKind.HOST}
_PYTHON = "python"


def planned(parts: Parts, ref: str, plan: Plan) -> Planned:
    """Return what a replay would do, and why it cannot, where it cannot."""
    try:
        return foresee(parts, prepare(parts, ref, plan), plan)
    except CannotReplay as error:
        entry = find(parts, ref)
        return Planned(entry.ref, (), (), (), (), (lacking_code(error),), 0.0, is_own(entry.digest, os.environ))


def lacking_code(error: CannotReplay) -> VerdictItem:
    """Return as an item what keeps the cells themselves from being had."""
    hint = f"; {error.hint}" if error.hint else ""
    return VerdictItem("code", "cells", Verdict.NOT_RUN, f"{error.reason}{hint}")


def foresee(parts: Parts, prepared: Prepared, plan: Plan) -> Planned:
    """Return what is known before anything runs. Nothing is written but empty folders, which are removed."""
    one = prepared.dossier.version
    with claimed(scratch_place(), SCRATCH) as folder:
        site = Site.below(folder.resolve(), one.folder)
        world = WorldFiles(parts, one, site, site.top / "inputs", here=Path.cwd(), tell=tell_nobody)
        files = tuple(world.sources())
    is_here = plan.env == CHECK  # else the cells run with another Python, of which that one tells
    lacking = lacking_items(parts, prepared, files, is_here=is_here)
    doubts = (*prepared.differences, *_unlike(files), *(_installed(prepared) if is_here else ()))
    return Planned(
        ref=prepared.entry.ref,
        cells=tuple(PlannedCell(cell.source, cell.is_judged) for cell in prepared.cells),
        files=tuple(PlannedFile(use.name, source.kind.value, source.problem) for use, source in files),
        modules=tuple(artifact.name for artifact in one.artifacts if artifact.role is Role.CODE),
        doubts=doubts,
        lacking=lacking,
        expected=prepared.expected,
        is_own=is_own(prepared.entry.digest, os.environ),
        asked=prepared.asked,
    )


def _unlike(files: tuple[tuple[FileUse, Source], ...]) -> Iterator[Difference]:
    for use, source in files:
        if source.problem and source.kind is not SourceKind.LAKE:
            yield Difference(_KINDS[use.kind], use.name, source.problem, is_missing=source.is_missing)


def _installed(prepared: Prepared) -> Iterator[Difference]:
    """Yield what the cells import that is here in another version. What runs tells the rest."""
    environment = prepared.dossier.environment
    if environment is not None and environment.python != platform.python_version():
        yield Difference(DifferenceKind.ENVIRONMENT, _PYTHON, f"{environment.python} then, {platform.python_version()} now")
    for one in prepared.dossier.version.imports:
        now = _version(one.package)
        if one.package != _PYTHON and now != one.version:
            yield Difference(DifferenceKind.PACKAGE, one.package, f"{one.version} then, {now or 'not installed'} now")


def _version(package: str) -> str:
    try:
        return version(package)
    except (PackageNotFoundError, ValueError):
        return ""
