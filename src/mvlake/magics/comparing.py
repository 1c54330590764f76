"""Comparing: the output of `%mv compare`, and the widget that goes on asking the lake.

A page that every front end shows, its text, and the document for our own renderer, which shows the live widget in their place as
long as there is one. Without the media type of other widgets: who cannot show ours would try, and show nothing.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from mvlake.capture import hush
from mvlake.compare.diff import Diff, Side
from mvlake.compare.many import Many
from mvlake.compare.row_changes import RowsPage
from mvlake.errors import Invalid
from mvlake.lake.grammar import Call
from mvlake.lake.lake import Lake
from mvlake.magics.announce import More
from mvlake.magics.front_end import takes_widgets
from mvlake.records.answers import Entry
from mvlake.records.canonical import Json
from mvlake.records.digest import Digest
from mvlake.records.ref import parse_ref
from mvlake.view.document import as_document
from mvlake.view.requests import MOST_REFS

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from mvlake.capture.boundary import Boundary
    from mvlake.view.requests import RowsRequest
    from mvlake.view.widget import Compared, ComparisonWidget

MIME = "application/vnd.mvlake.comparison+json"
_LARGEST = 1 << 20
"""A document with more bytes is not put into the notebook beside the page, which has all of it that people read."""
_MOST_CHOICES = 200
_KEPT = ("key", "quick", "cells", "exact")
"""How the versions were compared, other ones are."""


class Comparing:
    """The comparisons of one kernel that have a widget."""

    def __init__(self, shell: "InteractiveShell", boundary: "Boundary") -> None:
        self._shell, self._boundary = shell, boundary
        self._shown: dict[str, tuple[str, WeakSet[ComparisonWidget]]] = {}  # by cell: the request that ran it, and its widgets

    def more(self, call: Call, lake: Lake, answer: Diff | Many, pictures: Mapping[Digest, bytes]) -> "More":
        """Return what is shown of a comparison beside page and text, with a widget behind it where the front end takes one."""
        document = as_document(answer)
        size = len(json.dumps(document))
        model = ""
        is_live = any(one.is_live for one in versions_of(answer))  # then there are no two versions to choose others for
        can_choose = not is_live and len(versions_of(answer)) <= MOST_REFS
        if not call.door["static"] and can_choose and takes_widgets(self._shell):
            model = self._boundary.attempt(lambda: self._widget(call, lake, answer, pictures), "")
        return More(
            media={MIME: document if size <= _LARGEST else {"left_out": size}},
            metadata={MIME: {"model_id": model}} if model else {},
        )

    def _widget(self, call: Call, lake: Lake, answer: Diff | Many, pictures: Mapping[Digest, bytes]) -> str:
        from mvlake.view.widget import Compared, ComparisonWidget  # brings ipywidgets

        widget = ComparisonWidget(
            Compared(answer, pictures), choices=choices(lake, answer), asker=LakeAsker(lake, call), guard=self._guard
        )
        self._replace(widget)
        return str(widget.model_id)

    def _replace(self, widget: "ComparisonWidget") -> None:
        """Remember the widget of the cell that runs. Those of an earlier run of that cell are in no output any more."""
        parent = self._shell.kernel.get_parent()  # a Jupyter kernel's, as of all that take widgets
        cell = (parent.get("metadata") or {}).get("cellId")
        request = parent.get("header", {}).get("msg_id", "")
        if not isinstance(cell, str):
            return
        before, widgets = self._shown.get(cell, ("", WeakSet()))
        if before != request:
            for one in list(widgets):
                one.close()
            widgets = WeakSet()
        widgets.add(widget)
        self._shown[cell] = (request, widgets)

    def _guard(self, call: Callable[[], None]) -> Callable[[], None]:
        quiet = self._boundary.guard_quietly(call)

        def guarded() -> None:
            with hush.here():
                quiet()

        return guarded


class LakeAsker:
    """Answers a widget from the lake, as the call asked that it began with."""

    def __init__(self, lake: Lake, call: Call) -> None:
        self._lake = lake
        self._options = {name: call.arguments[name] for name in _KEPT if name in call.arguments}

    def compare(self, refs: Sequence[str]) -> "Compared":
        """Return the comparison of these versions; MvlakeError where there is none."""
        from mvlake.view.widget import Compared

        self._lake.backlog.drain()  # the user's cell may be writing a version, and nobody is to be told below that cell
        answer = self._lake.compare(*refs, **(self._options if len(refs) == 2 else {}))  # a table reads records alone
        return Compared(answer, self._lake.pictures(answer))

    def rows(self, shown: Any, wanted: "RowsRequest") -> RowsPage:
        """Return rows of a frame that differs between the two versions that are shown."""
        if not isinstance(shown, Diff):
            raise Invalid("rows of more than two versions", hint="compare two of them")
        self._lake.backlog.drain()
        return self._lake.rows_between(
            shown.a.ref,
            shown.b.ref,
            wanted.name,
            role=wanted.role,
            key=self._options.get("key"),
            op=wanted.op,
            column=wanted.column,
            start=wanted.start,
            count=wanted.count,
        )


def versions_of(answer: Diff | Many) -> tuple[Side, ...]:
    """Return the versions that are compared, in the order in which they were named."""
    return answer.versions if isinstance(answer, Many) else (answer.a, answer.b)


def choices(lake: Lake, answer: Diff | Many) -> list[Json]:
    """Return the versions that may be chosen in place of those compared: the newest of their names."""
    names = dict.fromkeys(parse_ref(one.ref).name for one in versions_of(answer))
    found: list[Json] = []
    for name in names:
        found += [_choice(entry) for entry in lake.log(name, limit=_MOST_CHOICES).entries]
    return found


def _choice(entry: Entry) -> Json:
    labels: list[Json] = [*entry.labels]
    return {"ref": entry.ref, "created_at": entry.created_at, "message": entry.version.message[:200], "labels": labels}
