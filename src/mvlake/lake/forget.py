"""Forget: a version is said not to be wanted any more, by a record; `unforget` takes that back while its content is there."""

from collections.abc import Iterator
from contextlib import contextmanager

from mvlake.errors import MissingObject, Refused
from mvlake.lake.history import find
from mvlake.lake.parts import Parts
from mvlake.lake.reach import reach
from mvlake.lake.remark import check_text
from mvlake.records.answers import Done
from mvlake.records.digest import Digest
from mvlake.records.events import Forgotten
from mvlake.records.record import Record
from mvlake.records.version import Version


def forget(parts: Parts, ref: str, *, reason: str) -> Done:
    """Record that a version is not wanted any more; Refused for one that holds or ever held a label."""
    reason = check_text("a reason", reason)
    version = find(parts, ref).version
    if parts.ledger.forgotten(version.name, version.number) is not None:
        return Done(f"{version.ref} is forgotten already", version.ref)

    def make(seq: int, prev: Digest) -> Record:
        _check_never_promoted(parts, version)  # somebody may have promoted it meanwhile
        return parts.record(seq, prev, Forgotten(version.name, version.number, reason))

    parts.log.append(make)
    return Done(f"forgot {version.ref}; `gc` tells what that frees, `unforget {version.ref}` takes it back", version.ref)


def unforget(parts: Parts, ref: str) -> Done:
    """Record that a forgotten version is wanted again; MissingObject when some of its content was removed."""
    version = find(parts, ref).version
    if parts.ledger.forgotten(version.name, version.number) is None:
        return Done(f"{version.ref} is not forgotten", version.ref)
    _check_content(parts, version)
    parts.append(Forgotten(version.name, version.number, is_undone=True))
    try:
        _check_content(parts, version)
    except MissingObject:
        # Somebody collected it at this very moment: what cannot be had again is not to be called wanted.
        parts.append(Forgotten(version.name, version.number, "its content was collected"))
        raise
    return Done(f"{version.ref} is wanted again", version.ref)


def check_wanted(parts: Parts, version: Version) -> None:
    """Raise Refused when a version was forgotten: what is in use must be wanted."""
    if parts.ledger.forgotten(version.name, version.number) is not None:
        raise Refused(f"{version.ref} was forgotten", hint=f"`unforget {version.ref}` takes that back, while its content is there")


@contextmanager
def explaining(parts: Parts, version: Version) -> Iterator[None]:
    """Where content is missing of a version that was forgotten, say so."""
    try:
        yield
    except MissingObject as error:
        raise explained(parts, version, error) from error


def explained(parts: Parts, version: Version, error: MissingObject) -> MissingObject:
    """Return the error, saying so when the version that misses an object was forgotten."""
    said = parts.ledger.forgotten(version.name, version.number)
    if said is None:
        return error
    why = f"{version.ref} was forgotten on {said.at[:10]} by {said.author}{': ' if said.text else ''}{said.text}"
    return MissingObject(error.digest, why=why, hint="its content was collected; only a copy of the lake still has it")


def _check_never_promoted(parts: Parts, version: Version) -> None:
    labels = {
        row.move.label
        for row in parts.ledger.labels.rows(version.name)
        if version.number in (row.move.to_number, row.move.from_number)
    }
    if labels:
        held = ", ".join(f"@{label}" for label in sorted(labels))
        raise Refused(
            f"{version.ref} holds or held {held}: what was ever promoted is never forgotten",
            hint=f"`labels {version.name}` shows the history that needs it",
        )


def _check_content(parts: Parts, version: Version) -> None:
    """Put back what lies in the trash; MissingObject when something is nowhere."""
    with explaining(parts, version):
        lost = parts.objects.lost(reach(version, parts.objects.read), ())
        if lost:
            raise MissingObject(min(lost))
