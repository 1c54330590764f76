"""World, files: what the cells of a version read lies where they look for it again, with the content that it had."""

import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from mvlake.errors import MvlakeError
from mvlake.lake.export import write
from mvlake.lake.parts import Parts
from mvlake.lake.progress import Tell
from mvlake.lake.site import Site
from mvlake.records.artifact import Artifact, Role
from mvlake.records.digest import Digest
from mvlake.records.events import Difference, DifferenceKind
from mvlake.records.files import FileUse, Flow, PlaceKind
from mvlake.records.version import Version
from mvlake.store.hashing import Hasher

_PIECE = 1 << 20
_NOTHING = "nothing is in its place"
_KINDS = {PlaceKind.FILE: DifferenceKind.FILE, PlaceKind.URL: DifferenceKind.URL, PlaceKind.HOST: DifferenceKind.HOST}


class SourceKind(StrEnum):
    """From where a replay has what a file contains."""

    LAKE = "the lake"
    PLACE = "where it is"
    HERE = "this folder"
    OTHER = "another content"  # there is something, and it is not what was read
    UNKNOWN = "not known"  # what it contained
    NOWHERE = "nowhere"
    NETWORK = "the network"


@dataclass(frozen=True, slots=True)
class Source:
    """From where the content of one file comes; `problem` says why it is not what was read, "" when it is."""

    kind: SourceKind
    path: Path | None = None
    problem: str = ""

    @property
    def is_missing(self) -> bool:
        """True when nothing is where it was, not even something else."""
        return self.problem.startswith(_NOTHING)


@dataclass(slots=True)
class WorldFiles:
    """Lays out the files of one version. `instead` then says what is to be read in place of an absolute path."""

    parts: Parts
    version: Version
    site: Site
    captured: Path  # the folder of contents whose place is outside of the scratch folder
    here: Path
    tell: Tell
    instead: dict[str, str] = field(default_factory=dict)

    def lay_out(self) -> tuple[Difference, ...]:
        """Make every file that was there to be read, and the folders of those that cells make; return what cannot be had."""
        contents, uses, found = self._contents(), self._uses(), []
        for done, use in enumerate(uses):
            self.tell(f"files of {self.version.ref} laid out", done, len(uses))
            problem = self._file(use, contents) if use.kind is PlaceKind.FILE else "what was read over the network is not kept"
            if problem:
                found.append(Difference(_KINDS[use.kind], use.name, problem, is_missing=problem.startswith(_NOTHING)))
        for use in self.version.files:
            place = (
                self.site.place_of(use) if use.kind is PlaceKind.FILE and (use.is_made or use.direction is Flow.WRITTEN) else None
            )
            if place is not None:
                _make_folder(place.parent)
        return tuple(found)

    def sources(self) -> Iterator[tuple[FileUse, "Source"]]:
        """Yield what was read, and from where a replay takes it; nothing is written."""
        contents, uses = self._contents(), self._uses()
        for use in uses:
            if use.kind is PlaceKind.FILE:
                yield use, self._source(use, contents)
            else:
                yield use, Source(SourceKind.NETWORK, problem="what was read over the network is not kept")

    def _file(self, use: FileUse, contents: Mapping[tuple[str, Digest], Artifact]) -> str:
        """Make one file; return why it is not what was read, "" when it is."""
        place, artifact = self.site.place_of(use), self._artifact(use, contents)
        try:
            source = self._source(use, contents)
            if source.kind is SourceKind.LAKE and artifact is not None and place is not None:
                self._write(artifact, place)
            elif source.kind is SourceKind.LAKE and artifact is not None:
                path = os.path.expanduser(use.path)  # noqa: PTH111 - a text stays one
                copy = self.captured / str(len(self.instead)) / (Path(path).name or "file")
                self._write(artifact, copy)
                self.instead[path] = str(copy)
            elif source.kind is SourceKind.HERE and source.path is not None and place is not None:
                _make_folder(place.parent)
                shutil.copyfile(source.path, place)
        except (MvlakeError, OSError) as error:
            return f"it cannot be laid out: {error.message if isinstance(error, MvlakeError) else error.strerror or error}"
        return source.problem

    def _source(self, use: FileUse, contents: Mapping[tuple[str, Digest], Artifact]) -> "Source":
        """Return where the content of a file is to be had. At a place that is not ours to write to, it is read where it is."""
        place, artifact = self.site.place_of(use), self._artifact(use, contents)
        if place is None:
            path = Path(os.path.expanduser(use.path))  # noqa: PTH111 - a text stays one
            found = digest_of_file(path)
            if found is not None and found == use.digest:
                return Source(SourceKind.PLACE, path)
            if artifact is not None:
                return Source(SourceKind.LAKE)
            if found is not None or path.exists():
                return Source(SourceKind.OTHER, path, _said(use, "another content is there now"))
            return Source(SourceKind.NOWHERE, problem=_said(use, _NOTHING))
        if artifact is not None:
            return Source(SourceKind.LAKE)
        if use.digest is None:
            return Source(SourceKind.UNKNOWN, problem=_said(use, "its content was not known"))
        copy = lies_in(self.here, use)
        if copy is not None:
            return Source(SourceKind.HERE, copy)
        is_other = any(map(Path.exists, _places(self.here, use)))
        return Source(SourceKind.NOWHERE, problem=_said(use, "it is not here as it was" if is_other else _NOTHING))

    def _artifact(self, use: FileUse, contents: Mapping[tuple[str, Digest], Artifact]) -> Artifact | None:
        return contents.get((use.name, use.digest)) if use.digest is not None else None

    def _contents(self) -> dict[tuple[str, Digest], Artifact]:
        return {(one.name, one.digest): one for one in self.version.artifacts if one.role is Role.FILE}

    def _uses(self) -> list[FileUse]:
        """Return what was there to be read, each once, as it was first."""
        uses = {(one.name, one.kind): one for one in reversed(self.version.files) if one.direction is Flow.READ and not one.is_made}
        return list(reversed(uses.values()))

    def _write(self, artifact: Artifact, place: Path) -> None:
        _make_folder(place.parent)
        with place.open("xb") as file:
            write(self.parts, self.version, artifact, file, tell=self.tell)


def lies_in(here: Path, use: FileUse) -> Path | None:
    """Return where a file of a project still lies with its recorded bytes, below a folder or one above it."""
    places = _places(here, use) if use.digest is not None else []
    return next((place for place in places if digest_of_file(place) == use.digest), None)


def _places(here: Path, use: FileUse) -> list[Path]:
    return [folder / use.relative for folder in (here, *here.parents)] if use.relative else []


def digest_of_file(path: Path) -> Digest | None:
    """Return the digest of a regular file's bytes, None when it cannot be read. A pipe or a device is not opened."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return None
        hasher = Hasher()
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                hasher.update(piece)
    except (OSError, ValueError):
        return None
    return hasher.digest()


def _make_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)


def _said(use: FileUse, reason: str) -> str:
    return f"{reason} ({use.problem})" if use.problem else reason
