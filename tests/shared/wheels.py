"""Wheels: what is installed here, packed again, so that an installer finds it without any index."""

import re
import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement


def wheels_of(name: str, folder: Path) -> None:
    """Write wheels of all that an installed package needs, without itself."""
    known = set()
    waiting = [name]
    while waiting:
        found = distribution(waiting.pop())
        for line in found.requires or ():
            needed = Requirement(line)
            if needed.name.lower() not in known and (needed.marker is None or needed.marker.evaluate({"extra": ""})):
                known.add(needed.name.lower())
                waiting.append(needed.name)
                _pack(distribution(needed.name), folder)


def wheel(folder: Path, name: str, version: str, text: str, requires: tuple[str, ...] = ()) -> None:
    """Write the wheel of a package that is one module."""
    members = {f"{name}.py": text.encode()} | metadata(name, version, requires)
    _write(folder / f"{name}-{version}-py3-none-any.whl", f"{name}-{version}.dist-info", members)


def metadata(name: str, version: str, requires: tuple[str, ...] = ()) -> dict[str, bytes]:
    """Return the files by which a package is known as installed."""
    needs = "".join(f"Requires-Dist: {one}\n" for one in requires)
    info = f"{name}-{version}.dist-info"
    return {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }


def _pack(found: Distribution, folder: Path) -> None:
    left_out = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")
    files = [one for one in found.files or () if ".." not in one.parts and one.suffix != ".pyc" and one.name not in left_out]
    tags = re.findall(r"^Tag: (\S+)", found.read_text("WHEEL") or "", re.MULTILINE)
    tag = next((one for one in tags if not one.startswith("py2")), tags[0])
    info = next(one.parts[0] for one in files if one.parts[0].endswith(".dist-info"))
    path = folder / f"{info.removesuffix('.dist-info')}-{tag}.whl"
    _write(path, info, {one.as_posix(): Path(one.locate()).read_bytes() for one in files if Path(one.locate()).is_file()})


def _write(path: Path, info: str, members: dict[str, bytes]) -> None:
    record = "".join(f"{name},,\n" for name in (*members, f"{info}/RECORD"))
    with zipfile.ZipFile(path, "w") as file:
        for name, data in {**members, f"{info}/RECORD": record.encode()}.items():
            file.writestr(name, data)
