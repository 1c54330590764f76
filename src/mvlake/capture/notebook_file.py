"""Notebook file: what is kept of an `.ipynb`. Saved widget state is none of it: a front end would load code by it."""

from mvlake.records.standard_json import dumps, loads

_WIDGET_MIME = "application/vnd.jupyter.widget-"


def without_widgets(text: str) -> str:
    """Return a notebook's text without widget state and widget outputs; ValueError when it is no notebook."""
    notebook = loads(text)
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise ValueError("it is no notebook of nbformat 4")  # noqa: TRY004 - a file's content is a value, not a type
    metadata = notebook.get("metadata")
    if isinstance(metadata, dict):
        metadata.pop("widgets", None)
    for cell in notebook["cells"]:
        for output in cell.get("outputs") or [] if isinstance(cell, dict) else []:
            data = output.get("data") if isinstance(output, dict) else None
            if isinstance(data, dict):
                for mime in [mime for mime in data if mime.startswith(_WIDGET_MIME)]:
                    del data[mime]
    return dumps(notebook, indent=1, ensure_ascii=False)
