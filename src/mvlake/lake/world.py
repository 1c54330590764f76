"""World: what a version found around it, laid out anew in a scratch folder: its working directory, files, modules and variables.

What cannot be had is a difference, known before anything runs.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mvlake.lake.parts import Parts
from mvlake.lake.progress import Tell, tell_nobody
from mvlake.lake.site import Site
from mvlake.lake.world_files import WorldFiles
from mvlake.lake.world_modules import lay_out_modules
from mvlake.lake.world_variables import variables_of
from mvlake.records.dossier import Dossier
from mvlake.records.events import Difference


@dataclass(frozen=True, slots=True)
class World:
    """Where the project lies that cells run in, the whole environment of their kernel, and what is not as it was.

    `instead` tells which file is to be read where the code names another one, by absolute paths.
    """

    site: Site
    environment: Mapping[str, str]
    instead: Mapping[str, str]
    differences: tuple[Difference, ...]

    @property
    def folder(self) -> Path:
        """Where the cells work."""
        return self.site.folder


def lay_out(
    parts: Parts, dossier: Dossier, root: Path, *, here: Path, environment: Mapping[str, str], tell: Tell = tell_nobody
) -> World:
    """Make the world of a version below a folder of its own.

    `here` is where files may lie that the lake does not hold, `environment` what the process has now.
    """
    site = Site.below(root, dossier.version.folder)
    files = WorldFiles(parts, dossier.version, site, root / "inputs", here=here, tell=tell)
    differences = files.lay_out()
    modules = lay_out_modules(dossier, site, root / "modules")
    variables = variables_of(environment, dossier.environment)
    if modules.places:
        places = [*map(str, modules.places), *filter(None, [variables.get("PYTHONPATH")])]
        variables["PYTHONPATH"] = os.pathsep.join(places)
    return World(site, variables, files.instead, (*differences, *modules.differences))
