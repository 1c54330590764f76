"""User folders: where a program keeps what is this user's and of no lake, by the conventions of each system."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def cache_folder(environ: Mapping[str, str]) -> Path | None:
    """Return the folder for what can be fetched again; None where the process has no home."""
    return _folder(environ, "XDG_CACHE_HOME", mac="Library/Caches", other=".cache")


def state_folder(environ: Mapping[str, str]) -> Path | None:
    """Return the folder for what a program remembers; None where the process has no home."""
    return _folder(environ, "XDG_STATE_HOME", mac="Library/Application Support", other=".local/state")


def _folder(environ: Mapping[str, str], variable: str, *, mac: str, other: str) -> Path | None:
    if os.name == "nt":
        return Path(environ["LOCALAPPDATA"]) if environ.get("LOCALAPPDATA") else None
    said = environ.get(variable, "")
    if said.startswith("/"):
        return Path(said)
    home = environ.get("HOME", "")
    return Path(home) / (mac if sys.platform == "darwin" else other) if home.startswith("/") else None
