"""Widget: a comparison that is looked into in the notebook. What its view asks, an asker answers; the view touches no lake.

Its JavaScript is our own lab extension's (`labextension/`): never the kernel's, the notebook's or a lake's. The protocol between
the two is `docs/spec/comparison-widget.md`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Any, Protocol

from ipywidgets import DOMWidget
from traitlets import Dict, List, Unicode

from mvlake._version import __version__
from mvlake.compare.row_changes import RowsPage
from mvlake.errors import MvlakeError
from mvlake.records.canonical import Json
from mvlake.records.digest import Digest
from mvlake.records.fields import to_fields
from mvlake.view.clean import visible
from mvlake.view.document import as_document
from mvlake.view.jsonable import jsonable
from mvlake.view.pictures import is_shown
from mvlake.view.requests import CompareRequest, Request, RowsRequest, read_request, request_id

MODULE = "@mvlake/lab"
_VERSION = "~" + ".".join(__version__.split(".")[:2]) + ".0"
_LONGEST = 2000  # characters of what went wrong

Guard = Callable[[Callable[[], None]], Callable[[], None]]
"""Makes of a call one that no exception comes out of."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison with the pictures that it names, by digest."""

    answer: Any
    pictures: Mapping[Digest, bytes]


class Asker(Protocol):
    """Who knows the versions. Both calls raise MvlakeError, may take long, and come from a thread of the widget's."""

    def compare(self, refs: Sequence[str]) -> Compared:
        """Return the comparison of these versions."""

    def rows(self, shown: Any, wanted: RowsRequest) -> RowsPage:
        """Return rows of a frame of the comparison that is shown."""


class ComparisonWidget(DOMWidget):  # type: ignore[misc]  # ipywidgets has no types
    """One comparison in a front end.

    Requests are answered one at a time by a thread that lives as long as there are any, so that no cell waits for them: a front end
    may send them while one runs. Of those that wait, the newest of a kind takes the place of older ones.
    """

    _model_name = Unicode("ComparisonModel").tag(sync=True)
    _model_module = Unicode(MODULE).tag(sync=True)
    _model_module_version = Unicode(_VERSION).tag(sync=True)
    _view_name = Unicode("ComparisonView").tag(sync=True)
    _view_module = Unicode(MODULE).tag(sync=True)
    _view_module_version = Unicode(_VERSION).tag(sync=True)
    document = Dict().tag(sync=True)
    choices = List().tag(sync=True)
    pictures = Dict().tag(sync=True)
    problem = Unicode().tag(sync=True)

    def __init__(self, compared: Compared, *, choices: Sequence[Json], asker: Asker, guard: Guard) -> None:
        self._asker: Asker | None = asker
        self._guard = guard
        self._shown = compared.answer
        self._lock = Lock()
        self._waiting: dict[tuple[str, ...], Request] = {}  # in the order of asking
        self._is_answering = False
        super().__init__(
            document=as_document(compared.answer), choices=jsonable(list(choices)), pictures=_shown_pictures(compared.pictures)
        )
        self.comm.on_close(lambda _: self._guard(self.close)())

    def close(self) -> None:
        """Let go of everything: comparison, pictures and asker."""
        super().close()
        with self._lock:
            self._waiting.clear()
        self._asker = self._shown = None
        self.document, self.choices, self.pictures = {}, [], {}

    def set_state(self, sync_data: Any) -> None:
        """Take nothing: a view shows what the kernel says, and asks for the rest in messages."""

    def _handle_custom_msg(self, content: Any, buffers: Any) -> None:  # noqa: ARG002 - ipywidgets hands them over
        self._guard(lambda: self._take(content))()

    def _take(self, content: Any) -> None:
        try:
            request = read_request(content)
        except MvlakeError as error:
            self._tell_error(request_id(content), error)
            return
        key = ("compare",) if isinstance(request, CompareRequest) else ("rows", request.role, request.name)
        with self._lock:
            overtaken = self._waiting.pop(key, None)
            self._waiting[key] = request
            starts, self._is_answering = not self._is_answering, True
        if overtaken is not None:
            self.send({"kind": "overtaken", "id": overtaken.id})
        if starts:
            Thread(target=self._guard(self._answer_all), name="mvlake-comparison", daemon=True).start()

    def _answer_all(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._is_answering = False
                    return
                request = self._waiting.pop(next(iter(self._waiting)))
            self._guard(lambda request=request: self._answer(request))()  # type: ignore[misc]  # bound now, not in the next turn

    def _answer(self, request: Request) -> None:
        asker = self._asker
        if asker is None:
            return
        try:
            if isinstance(request, RowsRequest):
                found = asker.rows(self._shown, request)
                told = {"total": found.total, "rows": jsonable([to_fields(row) for row in found.rows])}
                self.send({"kind": "rows", "id": request.id, **told})
            else:
                self._show(asker.compare(request.refs), request)
        except MvlakeError as error:
            self._tell_error(request.id, error, is_problem=isinstance(request, CompareRequest))
        except Exception as error:
            unforeseen = MvlakeError(
                f"it could not be answered ({type(error).__name__})", hint="`%mv status` says where more is written"
            )
            self._tell_error(request.id, unforeseen, is_problem=isinstance(request, CompareRequest))
            raise

    def _show(self, compared: Compared, request: CompareRequest) -> None:
        with self._lock:
            is_overtaken = ("compare",) in self._waiting
        if is_overtaken:
            self.send({"kind": "overtaken", "id": request.id})
            return
        if self._asker is None:
            return  # closed in the meantime
        self._shown = compared.answer
        with self.hold_sync():
            self.document, self.pictures = as_document(compared.answer), _shown_pictures(compared.pictures)
            self.problem = ""
        self.send({"kind": "done", "id": request.id})

    def _tell_error(self, request: str, error: MvlakeError, *, is_problem: bool = False) -> None:
        said = {"message": _clean(error.message), "hint": _clean(error.hint)}
        if is_problem:
            self.problem = said["message"]
            self.send({"kind": "done", "id": request})
        else:
            self.send({"kind": "error", "id": request, **said})


def _clean(text: str) -> str:
    return visible(text, limit=_LONGEST, keeps_lines=True)


def _shown_pictures(pictures: Mapping[Digest, bytes]) -> dict[str, bytes]:
    """Return the pictures that a browser may be given: PNG that is not too large, as in the static page."""
    return {str(digest): png for digest, png in pictures.items() if is_shown(png)}
