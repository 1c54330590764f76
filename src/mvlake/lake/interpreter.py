"""Interpreter: the Python that the cells of a version run with, as it was asked for."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mvlake.errors import CannotReplay
from mvlake.lake.environments import exact_environment
from mvlake.lake.examined_python import ExaminedPython, apart, examined, executable_in
from mvlake.lake.progress import Tell
from mvlake.lake.recipe import recipe_of
from mvlake.records.dossier import Dossier
from mvlake.records.plan import CHECK, EXACT
from mvlake.records.record import FORMAT

_INSTALL = "`--env check` runs it with what is installed here, and lists what differs"


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python to run with; `prefix` is the folder of its environment where that is not this process's.

    `is_exact` where that was made for the version, and lacks on purpose what its cells do not need.
    """

    python: str
    prefix: str = ""
    is_exact: bool = False

    def told(self, here: Mapping[str, str]) -> dict[str, str]:
        """Return the variables of its kernel: those of `here`, without what leads to the packages of another Python."""
        if not self.prefix:
            return dict(here)
        places = [str(Path(self.python).parent), *filter(None, [here.get("PATH")])]
        return {**apart(here), "VIRTUAL_ENV": self.prefix, "PATH": os.pathsep.join(places)}


def interpreter_for(dossier: Dossier, env: str, tell: Tell) -> Interpreter:
    """Return the Python for the cells of a version; CannotReplay when what was asked for cannot be had."""
    if env == CHECK:
        return Interpreter(sys.executable)
    if env == EXACT:
        found = exact_environment(dossier.ref, recipe_of(dossier), tell)
        return Interpreter(found.executable, found.prefix, is_exact=True)
    return _given(dossier.ref, env)


def _given(ref: str, env: str) -> Interpreter:
    executable = executable_in(Path(env).expanduser())
    if executable is None:
        raise CannotReplay(ref, reason=f"there is no Python at {env}", hint=f"--env PATH/bin/python; {_INSTALL}")
    found = examined(executable)
    if found is None:
        raise CannotReplay(ref, reason=f"{executable} does not answer as a Python does", hint=_INSTALL)
    problem = _problem(found)
    if problem:
        raise CannotReplay(ref, reason=f"{executable} {problem}", hint=f"{executable} -m pip install --upgrade ipykernel mvlake")
    return Interpreter(found.executable, found.prefix)


def _problem(found: ExaminedPython) -> str:
    """Return why no version can be replayed with an interpreter, "" where it can."""
    if "ipykernel" not in found.packages:
        return "has no ipykernel, and can be no kernel"
    if not found.format:
        return "has no mvlake, and could not say what the cells made"
    if found.format != FORMAT:
        return f"has an mvlake that writes format {found.format}; this one compares format {FORMAT}"
    return ""
