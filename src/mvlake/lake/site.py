"""Site: where the project of a version lies for its replay. Paths come from the lake, which may be anybody's: none leads out."""

import os
from dataclasses import dataclass
from pathlib import Path

from mvlake.records.files import FileUse

_ABOVE = ("above",) * 12  # a path with as many `..` still ends in the scratch folder
_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Site:
    """`project` is the folder that paths are told from, `folder` the one in it that cells work in; all is below `top`."""

    top: Path
    project: Path
    folder: Path

    @classmethod
    def below(cls, top: Path, folder: str) -> "Site":
        """Make the folders below `top`; a `folder` that cannot be one is the project itself.

        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as top:
        ...     Site.below(Path(top), "notebooks").folder.relative_to(top).as_posix().removeprefix("above/" * 12)
        'project/notebooks'
        """
        project = top.joinpath(*_ABOVE, "project")
        site = cls(top, project, project)
        place = site.inside(project, folder) or project
        place.mkdir(parents=True, exist_ok=True)
        return cls(top, project, place)

    def place_of(self, use: FileUse) -> Path | None:
        """Return where a file is to lie; None for one that the code names by an absolute path, or that is nowhere in here."""
        return self.inside(self.project, use.relative) if use.relative else self.inside(self.folder, use.path)

    def inside(self, start: Path, path: str) -> Path | None:
        """Return the place that a relative path with `/` means from a folder; None when it is not below `top`."""
        if not path or len(path) > _LONGEST or "\0" in path or path.startswith("~") or Path(path).is_absolute():
            return None
        if os.name == "nt" and (":" in path or "\\" in path):  # a drive, a stream, another separator
            return None
        place = Path(os.path.normpath(start / path))
        return place if place.is_relative_to(self.top) and place != self.top else None
