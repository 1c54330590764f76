"""Trust: code of a version that this user did not make runs only after an explicit word, and never because the lake says so."""

import os
from collections.abc import Sequence

from mvlake.errors import UntrustedCode
from mvlake.errors.root import clipped
from mvlake.lake.own import is_own
from mvlake.lake.prepared import Prepared
from mvlake.records.dossier import Dossier
from mvlake.records.files import Flow, PlaceKind

_SHOWN = 3


def check_trust(versions: Sequence[Prepared], *, is_trusted: bool) -> None:
    """Raise UntrustedCode, before anything runs, when some of the versions are not this user's and no word was said for them.

    Who made a version stands in its record, and so in the hands of whoever sent the lake. What counts is what this user's own
    processes have committed.
    """
    if is_trusted:
        return
    strange = [one for one in versions if not is_own(one.entry.digest, os.environ)]
    if strange:
        raise UntrustedCode([one.entry.ref for one in strange], told=[_told(one) for one in strange])


def _told(one: Prepared) -> str:
    """Return one line on what would run."""
    count = len(one.cells)
    cells = "1 cell" if count == 1 else f"{count} cells"
    by = f"of {clipped(one.entry.author)}, as its record of {one.entry.created_at[:10]} says"
    return f"{one.entry.ref}: {cells} {by}; {_reads(one.dossier)}"


def _reads(dossier: Dossier) -> str:
    uses = [use for use in dossier.version.files if use.direction is Flow.READ]
    names = list(dict.fromkeys(clipped(use.name) for use in uses))
    outside = any(use.kind is not PlaceKind.FILE for use in uses)
    if not names:
        return "known to read no files"
    more = len(names) - _SHOWN
    shown = ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
    return f"known to read {shown}" + ", and to use the network" * outside
