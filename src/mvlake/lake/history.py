"""History: `log` and `show`, what is in the lake."""

from dataclasses import replace

from mvlake.errors import Invalid, VersionNotFound
from mvlake.lake.dossier import read_dossier
from mvlake.lake.gates import passages_of_version
from mvlake.lake.parts import Parts
from mvlake.lake.past import read_past
from mvlake.lake.slice import script_of
from mvlake.lake.standing import standing
from mvlake.records.answers import Entry, History, Past, Script, Shown
from mvlake.records.names import check_name
from mvlake.records.ref import parse_ref

_ATTEMPTS = 100  # of a name that only ever fails, not all are read to list a few


def find(parts: Parts, ref: str) -> Entry:
    """Return the version that a ref names; InvalidRef, VersionNotFound, LabelNotFound or AmbiguousRef, with what exists."""
    parts.log.refresh()
    return parts.ledger.find(parse_ref(ref, existing=parts.ledger.names()))


def log(parts: Parts, name: str | None, *, limit: int, is_graph: bool = False) -> History:
    """Return the newest versions, and executions that raised among them; 0 as the limit means all."""
    parts.log.refresh()
    if limit < 0:
        raise Invalid(f"a limit of {limit}", hint="0 means all")
    if name is not None:
        check_name(name, existing=parts.ledger.names())
        if not parts.ledger.count(name) and not parts.ledger.has_attempts(name):
            raise VersionNotFound(name, existing=parts.ledger.names())
    entries = parts.ledger.entries(name, limit=limit + 1 if limit else 0)
    shown = entries[:limit] if limit else entries
    oldest = shown[-1].seq if len(shown) < len(entries) else 0
    attempts = parts.ledger.attempts(name, after=oldest, limit=max(limit, _ATTEMPTS) if limit else 0)
    return History(shown, tuple((attempt, at) for attempt, at, _ in attempts), is_cut=len(shown) < len(entries), is_graph=is_graph)


def show(parts: Parts, ref: str, *, is_slice: bool = False, is_history: bool = False) -> Shown | Script | Past:
    """Return all that is known of one version; or its code as a script; or every cell that ran in its kernel up to it."""
    if is_slice and is_history:
        raise Invalid("--slice and --history at once", hint="one of them: the code that it rests on, or all that ran before it")
    entry = find(parts, ref)
    if is_history:
        return read_past(parts, entry.version)
    dossier = read_dossier(parts, entry, is_profiled=lambda _: True)
    if is_slice:
        return script_of(dossier)
    passages, problem = passages_of_version(parts, entry)
    return Shown(entry, replace(dossier, standing=standing(parts, entry)), passages, problem)
