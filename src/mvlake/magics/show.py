"""Show: an answer in a notebook, as HTML with its text beside it."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mvlake.lake.grammar import Call
from mvlake.lake.report import add_report, write_document, write_report
from mvlake.magics.announce import NOTHING_MORE, More, publish
from mvlake.records.digest import Digest

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def show(
    shell: "InteractiveShell",
    answer: Any,
    call: Call,
    *,
    pictures: Mapping[Digest, bytes] | None = None,
    more: Callable[[], More] = lambda: NOTHING_MORE,
) -> None:
    """Show an answer, or write it where the call says. `more` is asked for only when it is shown."""
    from mvlake.view.document import as_document  # not before there is something to show
    from mvlake.view.html import as_html, page
    from mvlake.view.reports import reports
    from mvlake.view.text import as_text

    if call.html is not None:
        write_report(Path(call.html), page(answer, title=f"mvlake {call.verb.name}", pictures=pictures or {}))
    for path, text in reports(call.door, answer):
        add_report(Path(path), text)
    if call.json is not None and not call.is_json:
        write_document(Path(call.json), as_document(answer))
    if call.is_json:
        print(json.dumps(as_document(answer), indent=2, ensure_ascii=False, allow_nan=False))  # noqa: T201 - what the user asked for
        return
    html = as_html(answer, pictures=pictures or {})
    publish(shell, text=as_text(answer, now=datetime.now(UTC)), html=html, more=more())
