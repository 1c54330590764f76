"""Lookout: what watches on behalf of the runs of one process, made with the first of them."""

import os
from dataclasses import dataclass, field

from mvlake.capture.boundary import Boundary
from mvlake.capture.facts.fits import Fits
from mvlake.capture.files.cell_files import CellFiles
from mvlake.capture.modules import ModuleShelf
from mvlake.capture.patience import Patience
from mvlake.capture.probes.disk import reader
from mvlake.capture.probes.modules import ModuleWatch
from mvlake.capture.randomness.watch import RandomnessWatch

_PATIENCE = 0.05  # seconds, once, until the project's folders are watched: the first run may read at once


@dataclass(slots=True)
class Lookout:
    """Generators, modules, fits and files. A forked child has one of its own: what its parent watches is not the child's."""

    pid: int = field(default_factory=os.getpid)
    boundary: Boundary = field(default_factory=Boundary)
    randomness: RandomnessWatch = field(default_factory=RandomnessWatch)
    modules: ModuleWatch = field(default_factory=ModuleWatch)
    shelf: ModuleShelf = field(default_factory=ModuleShelf)
    fits: Fits = field(default_factory=Fits)
    _patience: Patience | None = None
    _files: CellFiles | None = None

    @property
    def patience(self) -> Patience:
        """What went wrong with objects of each class in this process so far."""
        if self._patience is None:
            self._patience = Patience(self.boundary.note)
        return self._patience

    def files(self, folder: str) -> CellFiles:
        """Return what listens to files; the first program's folder is its project."""
        if self._files is None:
            self._files = CellFiles(folder, beside=True)
            self._files.watching.wait(_PATIENCE)
        return self._files


_found: list[Lookout] = []


def lookout() -> Lookout:
    """Return this process's lookout."""
    if not _found or _found[0].pid != os.getpid():
        _found[:] = [Lookout()]
        reader.start()  # while the program goes on: its end would else wait for it
    return _found[0]
