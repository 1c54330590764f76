"""Places: the folder in which a replay ran, in what it printed, against the folder in which its version was made.

A replay's folder is known by its name. Nobody wrote down the other one, so it is what stands in its place, and must be one
absolute path wherever it does.
"""

import re
from typing import Any

from mvlake.records.canonical import canonical
from mvlake.records.plain import is_plain, to_plain

HERE = "the folder that it ran in"
SAME_PLACE = "only the folder that it ran in, or a temporary name, is another"
# Made by `lake/claim.py` and `lake/site.py`; a test compares.
_REPLAY = re.compile(r"[^\s\"'<>|]{0,300}?[/\\]mvlake-replay-[a-z0-9_]{6,20}[/\\]world(?:[/\\]above){12}[/\\]project")
_ROOT = r"(?P<root>(?:/|[A-Za-z]:)[^\"'<>|*?\n]{0,400}?)"
TEMPORARY = re.compile(r"(?<=[/\\])tmp[a-z0-9_]{8}(?![a-z0-9_])")  # as Python's tempfile names what it makes
CELL_FILE = re.compile(r"\bipykernel_\d{1,9}[/\\]\d{1,20}\.py\b|<ipython-input-\d{1,9}-[0-9a-f]{1,40}>")
_MOST = 4000  # characters of a line that is looked into


def without_folder(recorded: str, replayed: str) -> tuple[str, str]:
    """Return both texts with a mark for the folder, in lines that are the same but for it; others stay as they are.

    >>> folder = "/tmp/mvlake-replay-ab12cd34/world" + "/above" * 12 + "/project"
    >>> without_folder("read /home/ana/churn/x.csv", f"read {folder}/x.csv")
    ('read …/x.csv', 'read …/x.csv')
    >>> without_folder("read /home/ana/churn/y.csv", f"read {folder}/x.csv")[0]
    'read /home/ana/churn/y.csv'
    """
    if "mvlake-replay-" not in replayed:
        return recorded, replayed
    ours, theirs, roots = recorded.split("\n"), replayed.split("\n"), set[str]()
    if len(ours) != len(theirs):
        return recorded, replayed
    lines = [_line(before, after, roots) for before, after in zip(ours, theirs, strict=True)]
    if len(roots) > 1:
        return recorded, replayed
    return "\n".join(before for before, _ in lines), "\n".join(after for _, after in lines)


def is_same_place(recorded: Any, replayed: Any) -> bool:
    """True when two plain values are the same but for the folder that they were made in, and for temporary names.

    >>> is_same_place(["/tmp/tmpab12cd34/x"], ["/tmp/tmp99887766/x"]), is_same_place("tmpab12cd34", "tmp99887766")
    (True, False)
    """
    if type(recorded) is not type(replayed) or not (is_plain(recorded) and is_plain(replayed)):
        return False
    told = without_folder(*(canonical(to_plain(one)).decode("utf-8", "surrogatepass") for one in (recorded, replayed)))
    there, here = (TEMPORARY.sub("…", one) for one in told)
    return there == here


def _line(before: str, after: str, roots: set[str]) -> tuple[str, str]:
    if before == after or max(len(before), len(after)) > _MOST:
        return before, after
    pieces = _REPLAY.split(after)
    if len(pieces) == 1:
        return before, after
    wanted = re.escape(pieces[0]) + _ROOT + re.escape(pieces[1]) + "".join(f"(?P=root){re.escape(one)}" for one in pieces[2:])
    found = re.fullmatch(wanted, before)
    if found is None:
        return before, after
    roots.add(found["root"])
    same = "…".join(pieces)
    return same, same
