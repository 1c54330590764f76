"""Front end: whether a widget of ours is made for what shows a cell's outputs. The output is the same with one and without."""

import os
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from mvlake.capture.attendance import is_unattended
from mvlake.lake import variables

_VS_CODE = "__vsc_ipynb_file__"  # what its extension puts among the variables of a notebook's kernel
_VS_CODE_STARTED = "VSCODE_PID"  # in the environment of the kernels that it starts, and not of its terminals
_COLAB = "google.colab"  # whose module Colab's shell is of


def takes_widgets(shell: Any, environ: Mapping[str, str] = os.environ) -> bool:
    """True where there may be somebody to look into a widget.

    A terminal shows text. Nobody sits in front of nbclient, papermill and nbconvert, which would keep the widget's state in the
    notebook. VS Code and Colab would ask a server on the internet for our JavaScript, which is nowhere but in our lab extension.
    A JupyterLab without that passes over the widget, and shows the page.
    """
    if getattr(shell, "kernel", None) is None or is_unattended(shell):
        return False
    if environ.get(variables.WIDGET, "").lower() in ("off", "0", "no", "false"):
        return False
    if _VS_CODE in shell.user_ns or _VS_CODE_STARTED in environ or type(shell).__module__.startswith(_COLAB):
        return False
    return find_spec("ipywidgets") is not None
