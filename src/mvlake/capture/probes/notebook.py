"""Notebook: which file the kernel's front end shows, as far as it says so."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_VS_CODE = "__vsc_ipynb_file__"
_PAPERMILL = "PAPERMILL_INPUT_PATH"
_JUPYTER = "JPY_SESSION_NAME"


def notebook_path(namespace: Mapping[str, Any], environ: Mapping[str, str] = os.environ) -> str:
    """Return the notebook's path, "" when nobody says.

    VS Code, and papermill when it is told to inject paths, put it into the namespace; the Jupyter server puts it into the
    environment. The namespace goes first: a kernel that was started from another one inherits that one's environment. The
    server names a console's session with an identifier instead of a path: only what ends in `.ipynb` is a notebook.

    >>> notebook_path({}, {"JPY_SESSION_NAME": "/home/ana/fraud.ipynb"})
    '/home/ana/fraud.ipynb'
    """
    for said in (namespace.get(_VS_CODE), namespace.get(_PAPERMILL), environ.get(_JUPYTER)):
        if type(said) is str and said.endswith(".ipynb"):
            return said
    return ""


def folder_of(notebook: str) -> str:
    """Return the folder that a notebook lies in, where it is known and there; else the working directory."""
    folder = Path(notebook).parent
    if notebook and folder.is_absolute() and folder.is_dir():
        return str(folder)
    return os.getcwd()  # noqa: PTH109 - the text of it is what is wanted
