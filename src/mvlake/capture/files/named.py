"""Named: paths that a cell's text or variables say, of files that exist."""

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from mvlake.capture.files.openings import text_of
from mvlake.records.kinds import Kinds

_LISTS = Kinds(list, tuple, set)
_LONGEST = 500
_LONGEST_TEXT = 20_000
_MOST = 200  # paths of one cell
_MOST_ITEMS = 100  # of one list
_QUOTED = re.compile(r"'([^'\n]{3,500})'|\"([^\"\n]{3,500})\"")
_SUFFIX = re.compile(r"\.\w{1,12}$")
_SQL = re.compile(r"(?i)\b(?:from|join|attach|copy|into|read_\w+)\b")


def texts_of(value: Any) -> Iterator[str]:
    """Yield the texts and paths in a value: itself, or the items of a plain list, tuple, set or dictionary of them."""
    kind = type(value)
    if kind in _LISTS:
        items: Iterable[Any] = value
    elif kind is dict:
        items = list(islice(value.values(), _MOST_ITEMS))
    else:
        items = (value,)
    for one in list(islice(items, _MOST_ITEMS)):
        text = text_of(one)
        if text is not None:
            yield text


def paths_in(texts: Iterable[str], folder: str) -> dict[str, str]:
    """Return what could be paths among these texts, absolute, each with the words that said it; SQL has its paths in quotes."""
    found: dict[str, str] = {}
    for text in texts:
        if len(text) > _LONGEST_TEXT or len(found) >= _MOST:
            continue
        for one in (text, *_quoted(text)):
            if is_path_like(one):
                found.setdefault(os.path.normpath(os.path.join(folder, os.path.expanduser(one))), one)
    return found


def is_path_like(text: str) -> bool:
    """True for a text that may be the path of a file or folder, by its form alone.

    >>> is_path_like("data/x"), is_path_like("x.csv"), is_path_like("a b"), is_path_like("s3://b/x")
    (True, True, False, False)
    """
    if not 2 < len(text) <= _LONGEST or "\n" in text or "\0" in text or "://" in text:
        return False
    return os.sep in text or _SUFFIX.search(text) is not None


def files_of_datasets(values: Iterable[Any]) -> Iterator[str]:
    """Yield the files of which Arrow data sets consist, as they say themselves: nothing is read for it."""
    kind = getattr(sys.modules.get("pyarrow._dataset"), "FileSystemDataset", None)
    for value in values if kind is not None else ():
        if type(value) is kind:
            yield from islice(value.files, _MOST)


def values_of(names: Iterable[str], namespace: Mapping[str, Any]) -> list[Any]:
    """Return what some variables hold."""
    return [namespace[name] for name in names if name in namespace]


def _quoted(text: str) -> list[str]:
    if "'" not in text and '"' not in text:
        return []
    return [single or double for single, double in _QUOTED.findall(text)] if _SQL.search(text) else []
