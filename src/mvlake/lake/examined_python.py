"""Examined Python: what an interpreter says of itself, asked in a process of its own, apart from the packages of this one."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mvlake.compare.environment import normalised

_PATIENCE = 60  # seconds: a network folder may be slow
_MARK = "mvlake says: "
_ASK = f"""
import json, os, platform, sys
from importlib.metadata import distributions
packages = {{}}
for one in distributions():
    packages.setdefault(str(one.metadata["Name"]), str(one.version))
try:
    from mvlake.records.record import FORMAT
except Exception:
    FORMAT = 0
told = dict(python=platform.python_version(), implementation=platform.python_implementation(), prefix=sys.prefix, packages=packages)
print({_MARK!r} + json.dumps(dict(told, format=FORMAT, base=getattr(sys, "_base_executable", sys.executable))))
"""
_OWN_TO_A_PYTHON = ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "VIRTUAL_ENV", "CONDA_PREFIX", "__PYVENV_LAUNCHER__")


@dataclass(frozen=True, slots=True)
class ExaminedPython:
    """An interpreter: its version, its folder, what is installed for it by normalised name, and the format that its mvlake writes.

    `format` is 0 where it has no mvlake that can be imported, `base` the interpreter that its environment was made from.
    """

    executable: str
    python: str
    implementation: str
    prefix: str
    base: str
    packages: Mapping[str, str]
    format: int


def examined(executable: str) -> ExaminedPython | None:
    """Return what an interpreter says of itself, None when it is none or does not answer."""
    try:
        ran = subprocess.run(  # noqa: S603 - what the user named, or made from it
            [executable, "-I", "-c", _ASK],
            env=apart(os.environ),
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        told = json.loads(ran.stdout.rpartition(_MARK)[2])
        packages = {normalised(name): version for name, version in told["packages"].items()}
        return ExaminedPython(
            executable, told["python"], told["implementation"], told["prefix"], told["base"], packages, told["format"]
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, subprocess.TimeoutExpired):
        return None


def executable_in(place: Path) -> str | None:
    """Return the interpreter that a path names: a file, or the one of an environment's folder; None where there is none."""
    if place.is_file():
        return str(place.absolute())
    found = (place / one for one in ("bin/python", "Scripts/python.exe", "python.exe"))
    return next((str(one.absolute()) for one in found if one.is_file()), None)


def apart(here: Mapping[str, str]) -> dict[str, str]:
    """Return the variables for another Python: without those that lead to this one's packages, or to the user's own."""
    return {**{name: value for name, value in here.items() if name not in _OWN_TO_A_PYTHON}, "PYTHONNOUSERSITE": "1"}
