"""Environments: fresh ones, made as versions recorded theirs, and kept in the user's cache, by the digest of their recipe.

An environment is made in a folder that belongs to its maker, and is one from the moment when a file with the name of its recipe
says so: whatever ends the making before that leaves debris, and of two that are made at once the first is taken.
"""

import hashlib
import os
import platform
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from mvlake.errors import CannotReplay, Invalid
from mvlake.lake.claim import Claim, claimed, sweep
from mvlake.lake.examined_python import ExaminedPython, examined
from mvlake.lake.installer import Installer
from mvlake.lake.own_wheel import own_wheel
from mvlake.lake.progress import Tell
from mvlake.lake.recipe import OWN, Recipe
from mvlake.lake.user_folders import cache_folder
from mvlake.records.canonical import canonical

_KIND, _WORK, _WHOLE = "made-", "work-", ".whole"
_UNUSED = 30 * 86_400  # seconds, after which an environment is removed
_HINT = "`--env check` runs it with what is installed, and lists what differs"
_STEPS = 4


def exact_environment(ref: str, recipe: Recipe, tell: Tell) -> ExaminedPython:
    """Return an environment that has what a recipe says, made now or before; CannotReplay with what cannot be had."""
    if not recipe.minor:
        raise _lacking(ref, recipe.lacking or (f"Python {recipe.python[:20]!a}: this is no version",))
    cache = _cache()
    sweep(cache, _WORK)
    with claimed(cache, _WORK) as work:
        wheel = own_wheel(work)
        name = _name(recipe, wheel)
        found = _kept(cache, name)
        if found is None or recipe.lacking:
            found = _made(ref, recipe, cache, name, wheel, tell)
    _forget_unused(cache)
    return found


def _made(ref: str, recipe: Recipe, cache: Path, name: str, wheel: Path, tell: Tell) -> ExaminedPython:
    claim = Claim(cache, _KIND)
    try:
        installer = Installer(claim.folder / "env", recipe.minor)
        tell(f"making an environment with Python {recipe.minor}", 0, _STEPS)
        problem = installer.make()
        if problem:
            raise _lacking(ref, (*recipe.lacking, problem))
        tell(f"installing {len(recipe.wanted)} packages, and what they need, with {installer.name}", 1, _STEPS)
        problems = installer.missing(recipe.wanted) if recipe.lacking else installer.install(wheel, recipe.wanted, recipe.recorded)
        if problems or recipe.lacking:
            raise _lacking(ref, (*recipe.lacking, *problems))
        tell("looking at what was installed", 2, _STEPS)
        found = examined(installer.python)
        others = ("the environment: what was installed does not start",) if found is None else tuple(_others(recipe, found))
        if found is None or others:
            raise _lacking(ref, others)
        tell("keeping it", 3, _STEPS)
        return _keep(cache, name, claim, found)
    finally:
        if _named(cache / f"{name}{_WHOLE}") != claim.folder:
            claim.remove()
        claim.release()


def _others(recipe: Recipe, found: ExaminedPython) -> Iterator[str]:
    """Yield what was installed otherwise than it was recorded, although nothing failed."""
    for name, version in found.packages.items():
        was = recipe.recorded.get(name, version)
        if name in (OWN, "pip", "setuptools"):  # ours is this one, and the others come with the environment
            continue
        if name in recipe.elsewhere:
            yield f"{name}: it came from {recipe.elsewhere[name]}, and no index need have the same"
        elif was != version:
            yield f"{name} {was}: {version} was installed"


def _keep(cache: Path, name: str, claim: Claim, found: ExaminedPython) -> ExaminedPython:
    """Give the environment its name; return the one that has it, which may be another's who was quicker."""
    staged = claim.folder / "whole"
    staged.write_text(claim.folder.name, encoding="utf-8")
    try:
        os.link(staged, cache / f"{name}{_WHOLE}")
    except FileExistsError:
        first = _kept(cache, name)
        if first is not None:
            return first
        staged.replace(cache / f"{name}{_WHOLE}")  # what it named is gone
    except OSError:  # a file system without hard links
        staged.replace(cache / f"{name}{_WHOLE}")
    return found


def _kept(cache: Path, name: str) -> ExaminedPython | None:
    """Return the environment of this name, if there is a whole one that starts."""
    marker = cache / f"{name}{_WHOLE}"
    folder = _named(marker)
    if folder is None:
        return None
    found = examined(Installer(folder / "env", "").python)
    if found is None:  # its Python was removed from the machine
        with suppress(OSError):
            marker.unlink()
        return None
    with suppress(OSError):
        os.utime(marker)
    return found


def _named(marker: Path) -> Path | None:
    try:
        said = marker.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
    return marker.parent / said if said.startswith(_KIND) and said.isprintable() and os.sep not in said else None


def _forget_unused(cache: Path) -> None:
    """Remove environments that nobody has used for long, and what was left of those that were never finished."""
    for marker in cache.glob(f"*{_WHOLE}"):
        with suppress(OSError):
            if time.time() - marker.stat().st_mtime > _UNUSED:
                marker.unlink()
    sweep(cache, _KIND, is_kept=lambda folder: any(_named(marker) == folder for marker in cache.glob(f"*{_WHOLE}")))


def _cache() -> Path:
    """Return the folder of environments; Invalid where there can be none of this user's own."""
    base = cache_folder(os.environ)
    if base is None:
        raise Invalid("there is no folder for environments", hint="set XDG_CACHE_HOME to a folder of yours")
    cache = base / "mvlake" / "environments"
    try:
        cache.mkdir(parents=True, exist_ok=True, mode=0o700)
        status = cache.stat()
    except OSError as error:
        raise Invalid(f"{cache} cannot be made: {error.strerror}", hint="set XDG_CACHE_HOME to a folder of yours") from error
    if os.name != "nt" and (status.st_uid != os.getuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)):
        # What others may write would be run.
        raise Invalid(f"{cache} is not this user's alone", hint=f"chmod 700 {cache}, or set XDG_CACHE_HOME to a folder of yours")
    return cache


def _name(recipe: Recipe, wheel: Path) -> str:
    """Return the name that a recipe has on this machine with this mvlake: a digest."""
    told = canonical({"python": recipe.minor, "wanted": dict(recipe.wanted), "recorded": dict(recipe.recorded)})
    here = f"{platform.system()} {platform.machine()} {platform.libc_ver()}".encode()
    return hashlib.sha256(told + here + hashlib.sha256(wheel.read_bytes()).digest()).hexdigest()[:40]


def _lacking(ref: str, problems: tuple[str, ...]) -> CannotReplay:
    return CannotReplay(ref, reason=f"its environment cannot be had as it was: {'; '.join(problems)}", hint=_HINT)
