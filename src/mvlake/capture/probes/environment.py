"""Environment: Python, operating system, hardware, packages, thread pools and variables, as they are now."""

import os
import sys
from collections.abc import Iterable
from dataclasses import replace

from mvlake.capture.cell_facts import CellFacts
from mvlake.capture.probes.disk import reader
from mvlake.capture.probes.gpu import graphics_in_use
from mvlake.capture.probes.machine import unread_machine
from mvlake.capture.probes.pools import pools
from mvlake.capture.probes.variables import variables
from mvlake.records.environment import Environment, Import

_last: Environment | None = None
_PYTHON = "python"


def environment() -> Environment:
    """Return the world as it is now; the same record as the last time where nothing has changed."""
    global _last  # so that whoever writes it again knows that it is written
    disk = reader.collect()
    known = disk.machine or unread_machine()
    installed, graphics = disk.installed, disk.graphics
    found = replace(
        known,
        packages={} if installed is None else installed.versions,
        sources=() if installed is None else installed.sources,
        is_hash_random=_is_hash_random(),
        variables=variables(),
        pools=pools(),
        gpus=graphics_in_use() or graphics.gpus,
        driver=graphics.driver,
        cuda=graphics.cuda,
        conda=disk.conda,
        unknown=disk.unknown,
    )
    if found != _last:
        _last = found
    return _last


def _is_hash_random() -> bool:
    """True when texts hash differently in each process: Python's own flag is set by a fixed seed, too."""
    return bool(sys.flags.hash_randomization) and os.environ.get("PYTHONHASHSEED", "random") in ("", "random")


def imports_of(cells: Iterable[CellFacts]) -> tuple[Import, ...]:
    """Return Python and the distributions that these cells import, with their versions, by what the disk said last."""
    disk = reader.known()
    modules = {path.partition(".")[0] for cell in cells for path in cell.imports.values()}
    installed = disk.installed
    providers = set[str]() if installed is None else {name for module in modules if (name := installed.provider_of(module))}
    versions = {} if installed is None else installed.versions
    return (Import(_PYTHON, unread_machine().python), *(Import(name, versions[name]) for name in sorted(providers)))
