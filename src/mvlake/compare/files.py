"""Files: what two executions read and wrote outside of the kernel, as far as no artifact with its content says it."""

from mvlake.compare.diff import ValueDiff
from mvlake.compare.values import compare_values
from mvlake.records.artifact import Role
from mvlake.records.canonical import Json
from mvlake.records.files import FileUse
from mvlake.records.version import Version


def compare_files(a: Version, b: Version) -> tuple[ValueDiff, ...]:
    """Return files, URLs and hosts side by side: direction and path are the name, the digest or what is known is the value."""
    kept = {one.name for version in (a, b) for one in version.artifacts if one.role is Role.FILE}
    return compare_values(files_used(a, kept), files_used(b, kept))


def files_used(version: Version, kept: set[str]) -> list[tuple[str, Json]]:
    """Return direction and path of what a version used, with its digest or what is known; without what is `kept`."""
    return [(f"{one.direction.value} {one.name}", _value(one)) for one in version.files if one.name not in kept]


def _value(use: FileUse) -> str:
    return str(use.digest) if use.digest is not None else f"{use.kind.value}, content not known"
