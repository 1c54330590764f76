"""History: `log` and `show`, what is in the lake."""

from mvlake.errors import Invalid, VersionNotFound
from mvlake.lake.dossier import read_dossier
from mvlake.lake.parts import Parts
from mvlake.records.answers import Entry, History, Shown
from mvlake.records.names import check_name
from mvlake.records.ref import parse_ref


def find(parts: Parts, ref: str) -> Entry:
    """Return the version that a ref names; InvalidRef, VersionNotFound, LabelNotFound or AmbiguousRef, with what exists."""
    parts.log.refresh()
    return parts.ledger.find(parse_ref(ref, existing=parts.ledger.names()))


def log(parts: Parts, name: str | None, *, limit: int) -> History:
    """Return the newest versions, and executions that raised among them; 0 as the limit means all."""
    parts.log.refresh()
    if limit < 0:
        raise Invalid(f"a limit of {limit}", hint="0 means all")
    if name is not None:
        check_name(name, existing=parts.ledger.names())
        if not parts.ledger.count(name) and not parts.ledger.attempts(name):
            raise VersionNotFound(name, existing=parts.ledger.names())
    entries = parts.ledger.entries(name)
    shown = entries[:limit] if limit else entries
    oldest = shown[-1].seq if len(shown) < len(entries) else 0
    attempts = tuple((attempt, at) for attempt, at, seq in parts.ledger.attempts(name) if seq > oldest)
    return History(shown, attempts)


def show(parts: Parts, ref: str) -> Shown:
    """Return all that is known of one version."""
    entry = find(parts, ref)
    return Shown(entry, read_dossier(parts, entry))
