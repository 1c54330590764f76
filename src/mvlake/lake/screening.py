"""Screening: what column rules hide of an object, and of what cells show and print of such objects."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from mvlake.errors import Unsupported
from mvlake.handlers.lookup import handler_for
from mvlake.handlers.screen import RULE, Screen
from mvlake.lake import variables
from mvlake.lake.clean_draft import with_text
from mvlake.lake.screened_notebook import screened_notebook
from mvlake.records.artifact import DraftArtifact, Omission, Role
from mvlake.records.column_rule import HIDDEN
from mvlake.records.summary import FrameSummary
from mvlake.records.version import Version
from mvlake.redaction.walk import LiveWalk

_SHOWS = f"{HIDDEN}it names a column that is hidden, and may show its values"
_BEFORE = f"{HIDDEN}it was kept before its columns were hidden"
_WILD = re.compile(r"[^\w .-]")  # what a pattern, or the list of them, would take for something else
_LIBRARIES = (b"pandas", b"polars", b"pyarrow")


def columns_again(version: Version, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variable by which a replay hides again what was hidden in a version, and what the user asks for now."""
    hidden = [
        f"{one.rule.removeprefix(RULE)}:{_WILD.sub('?', one.column)}"
        for one in version.redacted
        if one.column.strip() and one.rule.startswith(RULE)
    ]
    asked = environ.get(variables.COLUMNS, "")
    return {variables.COLUMNS: ",".join(dict.fromkeys([asked, *hidden]))} if asked or hidden else {}


def screened(obj: Any, screen: Screen) -> Any:
    """Return an object whose frames, also those in dictionaries, lists and tuples, are without what is hidden.

    The object itself is never altered. Raises Unsupported for a single column that is dropped.
    """

    def of_one(one: Any) -> Any:
        try:
            handler = handler_for(one)
        except Unsupported:
            return one
        return handler.screened(one, screen)

    return LiveWalk(lambda text: text, lambda text: text, of_one).value(obj)


def is_hiding(made: DraftArtifact) -> bool:
    """True for a pickle in which a frame may be hidden: nothing looks at its columns."""
    return made.handler == "opaque" and made.content is not None and any(one in made.content for one in _LIBRARIES)


def screened_draft(artifacts: Iterable[DraftArtifact], screen: Screen) -> tuple[tuple[DraftArtifact, ...], tuple[Omission, ...]]:
    """Return the artifacts without what shows hidden columns: displays, streams, outputs in a notebook's file, frames of before."""
    kept, hidden = list[DraftArtifact](), list[Omission]()
    for one in artifacts:
        if _is_plain(one, screen):
            hidden.append(_omission(one, _BEFORE))
        elif one.role in (Role.DISPLAY, Role.STREAM) and _speaks(one, screen):
            hidden.append(_omission(one, _SHOWS))
        elif one.role is Role.FILE and one.name.endswith(".ipynb") and _speaks(one, screen):
            text, count = screened_notebook(_text(one), screen)
            kept.append(with_text(one, text))
            hidden += [replace(_omission(one, _SHOWS), type="outputs of its cells")] if count else []
        else:
            kept.append(one)
    return tuple(kept), tuple(hidden)


def _omission(one: DraftArtifact, reason: str) -> Omission:
    return Omission(one.name, getattr(one.summary, "type", one.handler), reason)


def _text(one: DraftArtifact) -> str:
    return (one.content or b"").decode("utf-8", "replace")


def _speaks(one: DraftArtifact, screen: Screen) -> bool:
    return one.content is not None and screen.speaks_of(_text(one))


def _is_plain(one: DraftArtifact, screen: Screen) -> bool:
    """True for a frame that never passed these rules, and has a column that they hide."""
    if not isinstance(one.summary, FrameSummary) or one.screened.issuperset(screen.rules):
        return False
    columns = (*one.summary.columns, *one.summary.index)
    return any(screen.action(column.name, *column.name.split(", ")) is not None for column in columns)
