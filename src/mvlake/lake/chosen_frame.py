"""Chosen frame: which frame of a version a live one is compared with: as it is called, else by its columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mvlake.errors import AmbiguousArtifact, ArtifactNotFound, Invalid
from mvlake.lake.dossier import read_summary_of
from mvlake.lake.parts import Parts
from mvlake.records.artifact import Artifact, Role
from mvlake.records.summary import ArraySummary, FrameSummary, Summary
from mvlake.records.version import Version

_ROLES = (Role.OUTPUT, Role.FILE, Role.INPUT, Role.RESULT)  # what a name means first, as in `load`
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Live:
    """What a version's frame is compared with: an object, or a file; `name` is "" where it has none."""

    name: str
    obj: Any = None
    path: Path | None = None

    @classmethod
    def of(cls, given: Any) -> "Live":
        """Return what is meant: a frame, a dictionary with one frame by its name, or the path of a file."""
        if type(given) is dict:
            if len(given) != 1:
                raise Invalid(f"{len(given)} frames to compare with", hint='with_={"df": df}: one frame by its name')
            name, obj = next(iter(given.items()))
            return cls(str(name), obj)
        if type(given) is str or isinstance(given, Path):
            path = Path(given).expanduser()
            return cls(path.stem, path=path)
        return cls("", given)


def frames_of(parts: Parts, version: Version) -> dict[str, tuple[Artifact, Summary]]:
    """Return the frames and arrays of a version by name; of several roles of one name, what the name means first."""
    found: dict[str, tuple[Artifact, Summary]] = {}
    for role in _ROLES:
        for one in version.artifacts:
            if one.role is role and one.name not in found:
                summary = read_summary_of(parts, one)
                if isinstance(summary, FrameSummary | ArraySummary):
                    found[one.name] = one, summary
    return found


def chosen_frame(
    version: Version, known: Mapping[str, tuple[Artifact, Summary]], frame: str | None, name: str, live: Summary
) -> tuple[Artifact, Summary]:
    """Return the frame that is meant: as it is called, or by its columns."""
    if frame is not None and frame not in known:
        raise ArtifactNotFound(version.ref, frame, existing=sorted(known))
    if frame is not None or name in known:
        return known[frame if frame is not None else name]
    alike = {one.digest: (one, summary) for one, summary in known.values() if _form(summary) == _form(live)}
    if len(alike) == 1:
        return next(iter(alike.values()))
    if alike:
        raise AmbiguousArtifact(version.ref, candidates=[one.name for one, _ in alike.values()])
    listed = ", ".join(sorted(known)[:_SHOWN])
    wanted = f"{version.ref} has no frame called {name}, nor one" if name else f"{version.ref} has no frame"
    raise Invalid(
        f"{wanted} with the columns of {name or 'the live one'}",
        hint=f"--frame NAME (frame= in Python) says which: {listed}" if listed else "it holds no frame at all",
    )


def _form(summary: Summary) -> object:
    """Return what two frames share that may be the same one: the names of the columns; of arrays, all dimensions but the first."""
    if isinstance(summary, FrameSummary):
        return frozenset(one.name for one in summary.columns)
    return summary.shape[1:] if isinstance(summary, ArraySummary) else None


def check_common(kept: Summary, live: Summary, said: str) -> None:
    """Raise Invalid for two that have nothing to compare: a frame and an array, no common column."""
    if type(kept) is not type(live):
        raise Invalid(f"{said} are {_kind(live)} and {_kind(kept)}", hint="compare a frame with a frame, an array with an array")
    if isinstance(kept, FrameSummary) and isinstance(live, FrameSummary):
        ours, theirs = ([one.name for one in side.columns] for side in (live, kept))
        if theirs and not set(ours) & set(theirs):
            listed = ", ".join(theirs[:_SHOWN])
            raise Invalid(f"{said} have no column in common", hint=f"the kept one has {listed}; --frame NAME names another one")


def _kind(summary: Summary) -> str:
    return "a frame" if isinstance(summary, FrameSummary) else "an array"
