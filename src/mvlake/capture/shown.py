"""Shown: the displays of a cell become artifacts, one for each media type, named for their place."""

import re

from mvlake.capture.catch import Catch
from mvlake.capture.displays import MOST, Display
from mvlake.capture.media import Medium
from mvlake.capture.watch import Seen
from mvlake.errors import NoHandler
from mvlake.lake.preserve import preserve_medium, preserve_picture
from mvlake.records.artifact import DraftArtifact, Omission
from mvlake.records.summary import MediaSummary

_PNG = "image/png"
_SUFFIXES = {"text/plain": "txt", "image/jpeg": "jpg", "application/javascript": "js", "image/svg+xml": "svg"}
_LONGEST = 60


def take_shown(catch: Catch, seen: Seen) -> None:
    """Preserve what the cell showed, in the order in which a reader finds it. A PNG is a figure, counted for itself."""
    figures = 0
    for position, display in enumerate(seen.displays, 1):
        for medium in display.media:
            made = _preserved(position, display, medium, figures + 1)
            figures += made.name.startswith("figure-")
            catch.add(made)
    if seen.more:
        catch.add(Omission("displays", "", f"{seen.more:,} more were shown, and the first {MOST} are kept"))


def _preserved(position: int, display: Display, medium: Medium, figure: int) -> DraftArtifact | Omission:
    name = f"display-{position}.{_suffix(medium.type)}"
    if medium.content is None:
        return Omission(name, medium.type, medium.problem)
    if medium.type == _PNG and isinstance(medium.content, bytes):
        try:
            return preserve_picture(f"figure-{figure}", medium.content, position)
        except NoHandler:
            pass  # it only says that it is one
    return preserve_medium(name, medium.content, MediaSummary("result" if display.is_result else "display", medium.type, position))


def _suffix(media_type: str) -> str:
    """Return how a file of a media type could end: `html`, `vnd.plotly.v1.json`."""
    subtype = media_type.rpartition("/")[2]
    return _SUFFIXES.get(media_type) or re.sub(r"[^a-z0-9]+", ".", subtype).strip(".")[:_LONGEST] or "unknown"
