"""Installer: makes an environment and puts packages into it: `uv` where it is on the path, else `venv` and pip.

Which index is asked is their configuration's choice. What they print may name it, and is therefore never passed on as it is.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from mvlake.compare.environment import normalised
from mvlake.lake.examined_python import apart, examined, executable_in

_ELSEWHERE = ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "UV_PROJECT_ENVIRONMENT", "UV_SYSTEM_PYTHON")
_ADDRESS = re.compile(r"\S*(://|@)\S*")
_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
_LONGEST = 300
_CONFLICT = "The conflict is caused by:"


class Installer:
    """Makes one environment, in a folder, with the Python of a minor version."""

    def __init__(self, folder: Path, minor: str) -> None:
        self._folder, self._minor = folder, minor
        self._uv = shutil.which("uv") or ""
        self._variables = {name: value for name, value in apart(os.environ).items() if name not in _ELSEWHERE}

    @property
    def name(self) -> str:
        """What installs."""
        return "uv" if self._uv else "pip"

    @property
    def python(self) -> str:
        """The interpreter of the environment, "" before it is made."""
        return executable_in(self._folder) or ""

    def make(self) -> str:
        """Make the environment; return what went wrong, "" when nothing did."""
        if self._uv:
            ran = self._ran([self._uv, "venv", "--quiet", "--no-project", "--python", self._minor, str(self._folder)])
            return "" if not ran.returncode else f"Python {self._minor}: uv has none ({_said(ran)})"
        python = _python(self._minor)
        if not python:
            return f"Python {self._minor}: there is no python{self._minor} here, and no uv to fetch it"
        ran = self._ran([python, "-m", "venv", str(self._folder)])
        return "" if not ran.returncode else f"Python {self._minor}: its venv module made no environment ({_said(ran)})"

    def install(self, wheel: Path, wanted: Mapping[str, str], recorded: Mapping[str, str]) -> tuple[str, ...]:
        """Install packages with all that they need, held to what is recorded; return what cannot be had, () when all can."""
        held = self._folder / "recorded.txt"
        held.write_text("".join(f"{name}=={version}\n" for name, version in recorded.items()), encoding="utf-8")
        pins = [f"{name}=={version}" for name, version in wanted.items()]
        ran = self._ran([*self._command(), "--constraint", str(held), str(wheel), *pins])
        if not ran.returncode:
            return ()
        likely = _likely(wanted, ran)
        missing = self.missing({name: version for name, version in recorded.items() if name in likely})
        return missing or (f"all together: {_said(ran)}",)

    def missing(self, packages: Mapping[str, str]) -> tuple[str, ...]:
        """Return those packages that no index has, and nothing is installed."""
        found = self._missing(list(packages.items()))
        return tuple(f"{name} {version}: no index has it for Python {self._minor} on this machine" for name, version in found)

    def _missing(self, packages: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return those packages that no index has: halves are asked for, so that few questions find a few."""
        if not packages:
            return []
        asked = [f"{name}=={version}" for name, version in packages]
        if not self._ran([*self._command(), "--dry-run", "--no-deps", *asked]).returncode:
            return []
        if len(packages) == 1:
            return list(packages)
        middle = len(packages) // 2
        return self._missing(packages[:middle]) + self._missing(packages[middle:])

    def _command(self) -> list[str]:
        if self._uv:
            return [self._uv, "pip", "install", "--quiet", "--python", self.python]
        return [
            self.python,
            "-m",
            "pip",
            "install",
            "--no-input",
            "--no-compile",
            "--disable-pip-version-check",
            "--progress-bar",
            "off",
        ]

    def _ran(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own words, and names and versions that were looked at
            command, env=self._variables, capture_output=True, text=True, errors="replace", check=False, stdin=subprocess.DEVNULL
        )


def _python(minor: str) -> str:
    """Return an interpreter of this minor version, "" where there is none."""
    if minor == f"{sys.version_info.major}.{sys.version_info.minor}":
        return str(getattr(sys, "_base_executable", sys.executable))
    found = shutil.which(f"python{minor}")
    told = examined(found) if found else None  # a name on the path may stand for a Python that is not there
    return told.base if told is not None and told.python.startswith(f"{minor}.") else ""


def _likely(wanted: Mapping[str, str], ran: subprocess.CompletedProcess[str]) -> set[str]:
    """Return the packages that may be what is missing: those that were asked for, and those that the installer spoke of."""
    words = re.findall(r"[A-Za-z0-9][A-Za-z0-9._-]*", ran.stdout + ran.stderr)
    return {*wanted, *map(normalised, words)}


def _said(ran: subprocess.CompletedProcess[str]) -> str:
    """Return why an installer failed, in its words, without addresses."""
    text = _ESCAPES.sub("", ran.stdout + "\n" + ran.stderr)
    _, is_told, conflict = text.partition(_CONFLICT)
    lines = (conflict if is_told else text).strip().splitlines()
    told = [line.strip() for line in lines if line.strip()]
    end = next((at for at, line in enumerate(told) if line.startswith("To fix this")), len(told))
    shown = told[:end] if is_told else told[-3:]
    return _ADDRESS.sub("…", "; ".join(shown))[:_LONGEST] or f"exit code {ran.returncode}"
