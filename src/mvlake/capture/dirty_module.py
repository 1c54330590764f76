"""Dirty modules: the version rests on imported code that no commit holds, or that is not any more what was imported."""

from mvlake.capture.probes.git_standing import FileState
from mvlake.capture.situation import Situation
from mvlake.records.hint import Hint, HintCode

_SHOWN = 3
_UNCOMMITTED = (FileState.MODIFIED, FileState.UNTRACKED)


def dirty_module(situation: Situation) -> Hint | None:
    """Return a hint when the file of an imported module is not what was imported, or not what git's last commit has.

    Outside of a repository nothing is said of commits.
    """
    stale = [one for one in situation.modules if one.source.note and one.source.text is not None]
    dirty = [one for one in situation.modules if one.state in _UNCOMMITTED and one not in stale]
    said = []
    if stale:
        said.append(f"{_listed([one.path for one in stale])} changed after the import, and the kernel runs what was imported")
    if dirty:
        said.append(f"{_listed([one.path for one in dirty])} {'is' if len(dirty) == 1 else 'are'} not committed as imported")
    if not said:
        return None
    return Hint(HintCode.DIRTY_MODULE, "; ".join(said), tuple(one.source.name for one in (*stale, *dirty)))


def _listed(paths: list[str]) -> str:
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    return ", ".join(paths[:_SHOWN]) + more
