"""Own wheel: the mvlake that runs, as a file that installers take. No index need have it, and it is the same code to the byte."""

import base64
import hashlib
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

_STAMP = (1980, 1, 1, 0, 0, 0)  # the same files make the same wheel
_TAG = "Wheel-Version: 1.0\nGenerator: mvlake\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def own_wheel(folder: Path) -> Path:
    """Write the wheel into a folder, and return its path."""
    installed = distribution("mvlake")
    name = f"mvlake-{installed.version}"
    path = folder / f"{name}-py3-none-any.whl"
    told = [*_modules(Path(__file__).parents[1]), *_told(installed, f"{name}.dist-info")]
    record = f"{name}.dist-info/RECORD"
    lines = [f"{member},{_checksum(data)},{len(data)}" for member, data in told] + [f"{record},,", ""]
    with zipfile.ZipFile(path, "w") as file:
        for member, data in (*told, (record, "\n".join(lines).encode())):
            file.writestr(zipfile.ZipInfo(member, _STAMP), data)
    return path


def _modules(package: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(package.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(package.parent).as_posix(), path.read_bytes()


def _told(installed: Distribution, folder: str) -> Iterator[tuple[str, bytes]]:
    """Yield what this installation says of itself: its requirements, and where its handlers are."""
    for name in ("METADATA", "entry_points.txt"):
        text = installed.read_text(name)
        if text is not None:
            yield f"{folder}/{name}", text.encode("utf-8")
    yield f"{folder}/WHEEL", _TAG.encode()


def _checksum(data: bytes) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
