"""Opting out: a cell says, in a line or by a tag, that nothing of it is to be kept."""

import re
from typing import Any

TAG = "mvlake-off"
KEPT_INSTEAD = "# mvlake: off (the text of this cell is kept nowhere)"
_LINE = re.compile(r"(?m)^[ \t]*#[ \t]*mvlake:[ \t]*off\b")


def is_off(source: str, metadata: Any) -> bool:
    r"""True for a cell with a comment line `# mvlake: off`, or with the tag `mvlake-off` where the front end tells a cell's tags.

    >>> is_off("# mvlake: off\nx = 1", None), is_off("x = 1", {"tags": ["mvlake-off"]}), is_off("x = '# mvlake: off'", {})
    (True, True, False)
    """
    tags = metadata.get("tags") if type(metadata) is dict else None
    return (type(tags) is list and TAG in tags) or ("mvlake" in source and _LINE.search(source) is not None)


def metadata_of(shell: Any, info: Any) -> Any:
    """Return a cell's metadata as the front end told it; where IPython does not hand it on, the request has it still."""
    told = getattr(info, "cell_meta", None)
    kernel = getattr(shell, "kernel", None)
    return told if told is not None or kernel is None else kernel.get_parent().get("metadata")


def kept_text(source: str, metadata: Any = None) -> str:
    """Return what is kept of a cell's text: all of it, or that nothing is."""
    return KEPT_INSTEAD if is_off(source, metadata) else source
