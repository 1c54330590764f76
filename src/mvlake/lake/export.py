"""Export: an artifact becomes a file that others read: a frame as Parquet, anything else as its handler keeps it."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import IO

from mvlake.errors import Invalid, Unsupported
from mvlake.handlers.lookup import handler_named
from mvlake.lake.history import find
from mvlake.lake.load import choose_kept, guarded
from mvlake.lake.parts import Parts
from mvlake.lake.progress import Tell, tell_nobody
from mvlake.lake.requirements import FILE_NAME
from mvlake.lake.shelf import LakeShelf
from mvlake.records.answers import Done
from mvlake.records.artifact import Artifact
from mvlake.records.names import name_from
from mvlake.records.node import read_node
from mvlake.records.version import Version

ENVIRONMENT = "environment"
"""What `export` calls the requirements of a version, unless an artifact has that name."""
_ANYTHING = ".bin"  # of a handler that is not installed


def export(parts: Parts, ref: str, name: str | None, *, to: Path | None, tell: Tell = tell_nobody) -> Done:
    """Write an artifact to a new file. It is there when all of it is, and nothing is ever replaced.

    Raises Invalid where the file is taken or cannot be written, and for what its format cannot hold.
    """
    version = find(parts, ref).version
    if name == ENVIRONMENT and not version.artifact(name):
        return _export_requirements(parts, version, to)
    artifact = choose_kept(version, name)
    file = (Path.cwd() / file_name(version, artifact) if to is None else to).absolute()
    publish(file, lambda opened: write(parts, version, artifact, opened, tell=tell))
    return Done(f"wrote {artifact.name} of {version.ref} to {file} ({file.stat().st_size:,} bytes)", version.ref)


def _export_requirements(parts: Parts, version: Version, to: Path | None) -> Done:
    if version.lock is None:
        raise Invalid(f"{version.ref} has no requirements", hint=f"`mvlake show {version.ref}` lists its packages")
    data = parts.objects.read(version.lock)
    file = (Path.cwd() / f"{version.name}-v{version.number}-{FILE_NAME}" if to is None else to).absolute()
    publish(file, lambda opened: opened.write(data))
    return Done(f"wrote the environment of {version.ref} to {file} ({len(data):,} bytes)", version.ref)


def write(parts: Parts, version: Version, artifact: Artifact, file: IO[bytes], *, tell: Tell = tell_nobody) -> None:
    """Write an artifact to an open file. Nothing that could run code is run: what only a pickle keeps stays one."""
    data = parts.objects.read(artifact.object)
    if not artifact.is_node and suffix_of(artifact) == _kept_suffix(artifact):
        file.write(data)
        return

    def told(done: int, total: int) -> None:
        tell(f"rows of {artifact.name} written", done, total)

    def run() -> None:
        made = read_node(data) if artifact.is_node else data
        handler_named(artifact.handler).export(made, LakeShelf(parts), file, protocol=artifact.protocol, tell=told)

    guarded(parts, version, artifact, run, trust=False)


def suffix_of(artifact: Artifact) -> str:
    """Return the suffix of the file that an artifact becomes."""
    try:
        handler = handler_named(artifact.handler)
    except Unsupported:
        return _ANYTHING
    return handler.export_suffix or handler.suffix


def file_name(version: Version, artifact: Artifact) -> str:
    """Return a plain file name for an artifact, whatever its own name is: that comes from the lake, which may be anybody's."""
    return f"{version.name}-v{version.number}-{name_from(artifact.name) or 'artifact'}{suffix_of(artifact)}"


def publish(file: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Make a file of what is written, whole or not at all; Invalid when its name is taken or it cannot be written."""
    hint = "name another file: nothing of yours is ever replaced"
    if os.path.lexists(file):
        raise Invalid(f"{file} is there already", hint=hint)
    staged = file.with_name(f".{file.name[:100]}.{token_hex(6)}.part")
    try:
        try:
            with staged.open("xb") as opened:
                write(opened)
            give_name(staged, file)
        finally:
            with suppress(OSError):
                staged.unlink(missing_ok=True)
    except FileExistsError as error:
        raise Invalid(f"{file} is there already", hint=hint) from error
    except OSError as error:
        raise Invalid(f"{file} cannot be written: {error.strerror}", hint="name a file in a folder where you may write") from error


def give_name(staged: Path, file: Path) -> None:
    """Give the file its name, if that is free. A rename would replace what somebody put there meanwhile."""
    try:
        os.link(staged, file)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: the name is taken first, then filled
        file.open("xb").close()
        staged.replace(file)


def _kept_suffix(artifact: Artifact) -> str:
    try:
        return handler_named(artifact.handler).suffix
    except Unsupported:
        return _ANYTHING
