"""Screened notebook: a notebook's text, in which outputs that may show hidden columns say that they did."""

from typing import Any

from mvlake.handlers.screen import Screen
from mvlake.records.column_rule import HIDDEN
from mvlake.records.standard_json import dumps, loads
from mvlake.redaction.walk import live_texts

_INSTEAD = f"[{HIDDEN}this output named a column that is hidden]\n"


def screened_notebook(text: str, screen: Screen) -> tuple[str, int]:
    """Return a notebook's text without such outputs, and how many there were; the very same text where there are none.

    What is no notebook is one output as a whole.
    """
    try:
        notebook = loads(text)
        count = sum(_screen(cell["outputs"], screen) for cell in notebook["cells"] if "outputs" in cell)
    except (ValueError, TypeError, KeyError, RecursionError):
        return (_INSTEAD, 1) if screen.speaks_of(text) else (text, 0)
    return (dumps(notebook, indent=1, ensure_ascii=False), count) if count else (text, 0)


def _screen(outputs: list[Any], screen: Screen) -> int:
    """Put a sentence in the place of each output that may show hidden columns; return how many there were."""
    if type(outputs) is not list:
        raise TypeError("outputs of a cell are a list")
    showing = [place for place, output in enumerate(outputs) if screen.speaks_of("\n".join(live_texts(output)))]
    for place in showing:
        outputs[place] = {"output_type": "stream", "name": "stdout", "text": _INSTEAD}
    return len(showing)
