"""Every error that mvlake raises on purpose, as one tree sorted by what the catcher will do.

::

    MvlakeError
    ├── NotFound      (KeyError)         VersionNotFound, ArtifactNotFound, LabelNotFound, LakeNotFound
    ├── Invalid       (ValueError)       InvalidName, InvalidRef, InvalidTime, InvalidQuery, InvalidVerb
    ├── Ambiguous     (ValueError)       AmbiguousRef, AmbiguousArtifact
    ├── Refused       (PermissionError)  UntrustedArtifact, ReadOnlyLake, NothingToRollBack
    ├── Conflict                         CommitConflict
    ├── Unsupported   (TypeError)        NoHandler, CannotFingerprint, MissingLibrary
    ├── Damaged                          DamagedObject, MissingObject, DamagedRecord, DamagedLake
    ├── TooNew                           FormatTooNew, ProtocolTooNew
    └── ReplayFailed                     CannotReplay

A code is append-only: programs may match on it for ever. `docs/errors.md` has a row for each.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import ClassVar

_SHOWN = 12


class Code(StrEnum):
    """The stable name of an error."""

    VERSION_NOT_FOUND = "version-not-found"
    ARTIFACT_NOT_FOUND = "artifact-not-found"
    LABEL_NOT_FOUND = "label-not-found"
    LAKE_NOT_FOUND = "lake-not-found"
    INVALID_NAME = "invalid-name"
    INVALID_REF = "invalid-ref"
    INVALID_TIME = "invalid-time"
    INVALID_QUERY = "invalid-query"
    INVALID_VERB = "invalid-verb"
    AMBIGUOUS_REF = "ambiguous-ref"
    AMBIGUOUS_ARTIFACT = "ambiguous-artifact"
    UNTRUSTED_ARTIFACT = "untrusted-artifact"
    READ_ONLY_LAKE = "read-only-lake"
    NOTHING_TO_ROLL_BACK = "nothing-to-roll-back"
    COMMIT_CONFLICT = "commit-conflict"
    NO_HANDLER = "no-handler"
    CANNOT_FINGERPRINT = "cannot-fingerprint"
    MISSING_LIBRARY = "missing-library"
    DAMAGED_OBJECT = "damaged-object"
    MISSING_OBJECT = "missing-object"
    DAMAGED_RECORD = "damaged-record"
    DAMAGED_LAKE = "damaged-lake"
    FORMAT_TOO_NEW = "format-too-new"
    PROTOCOL_TOO_NEW = "protocol-too-new"
    CANNOT_REPLAY = "cannot-replay"
    INVALID = "invalid"
    REFUSED = "refused"
    CONFLICT = "conflict"


def listed(names: Sequence[str], *, nothing: str = "none yet") -> str:
    """Names as a short readable list.

    >>> listed(["a", "b"])
    'a, b'
    """
    if not names:
        return nothing
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _clipped(text: str, width: int = 80) -> str:
    shown = text if text.isprintable() else ascii(text)[1:-1]
    return shown if len(shown) <= width else shown[: width - 1] + "…"


class MvlakeError(Exception):
    """The root: `except MvlakeError` catches everything that mvlake raises on purpose."""

    code: ClassVar[Code]

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        # KeyError would print the repr of its argument, quotes included.
        return f"{self.message}\nHint: {self.hint}" if self.hint else self.message


class NotFound(MvlakeError, KeyError):
    """There is no such version, artifact, label or lake."""


class VersionNotFound(NotFound):
    """No version answers to this ref."""

    code = Code.VERSION_NOT_FOUND

    def __init__(self, ref: str, *, existing: Sequence[str] = (), wanted: str = "") -> None:
        self.ref, self.existing = ref, tuple(existing)
        reason = f": {wanted}" if wanted else ""
        hint = f"there is {listed(self.existing)}" if existing else "make one with %%track NAME on top of a cell"
        super().__init__(f'no version "{_clipped(ref)}" in this lake{reason}', hint=hint)


class ArtifactNotFound(NotFound):
    """The version has no artifact of this name."""

    code = Code.ARTIFACT_NOT_FOUND

    def __init__(self, ref: str, name: str, *, existing: Sequence[str] = ()) -> None:
        self.ref, self.name, self.existing = ref, name, tuple(existing)
        super().__init__(f'{ref} holds no "{_clipped(name)}"', hint=f"it holds {listed(self.existing, nothing='nothing')}")


class LabelNotFound(NotFound):
    """The label points at nothing."""

    code = Code.LABEL_NOT_FOUND

    def __init__(self, name: str, label: str, *, existing: Sequence[str] = ()) -> None:
        self.name, self.label, self.existing = name, label, tuple(existing)
        labels = listed([f"@{one}" for one in self.existing], nothing=f"no label yet; `promote {name}:latest {label}` sets it")
        super().__init__(f"{_clipped(name)} has no @{_clipped(label)}", hint=f"it has {labels}")


class LakeNotFound(NotFound):
    """There is no lake at, or above, this path."""

    code = Code.LAKE_NOT_FOUND

    def __init__(self, path: str) -> None:
        self.path = path
        hint = "`mvlake init` makes one here; MVLAKE_LAKE names one elsewhere"
        super().__init__(f"no lake (.mvlake) at or above {path}", hint=hint)


class Invalid(MvlakeError, ValueError):
    """A text or value that is not what it should be. Raised itself where no class below says more."""

    code = Code.INVALID


class InvalidName(Invalid):
    """A name of a version, label or tag that mvlake does not accept."""

    code = Code.INVALID_NAME

    def __init__(self, kind: str, name: str, *, existing: Sequence[str] = ()) -> None:
        self.kind, self.name, self.existing = kind, name, tuple(existing)
        known = f"; there is {listed(self.existing)}" if existing else ""
        super().__init__(
            f'"{_clipped(name)}" is no {kind} name: wanted 1 to 100 of a-z A-Z 0-9 . _ -, a letter or digit first, no ".."',
            hint=f"for example fraud-detector{known}",
        )


class InvalidRef(Invalid):
    """A text that cannot name a version."""

    code = Code.INVALID_REF

    def __init__(self, ref: str, *, existing: Sequence[str] = ()) -> None:
        self.ref, self.existing = ref, tuple(existing)
        known = f"; there is {listed(self.existing)}" if existing else ""
        super().__init__(
            f'"{_clipped(ref)}" is no ref',
            hint=f"name:v47, name:latest, name@production, name:v47~1 or a digest of at least 6 digits{known}",
        )


class InvalidTime(Invalid):
    """A text that is not a moment."""

    code = Code.INVALID_TIME

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(f'"{_clipped(text)}" is no time', hint="2026-03-03, 2026-03-03T14:00 or 2026-03-03T14:00+01:00 (else UTC)")


class InvalidQuery(Invalid):
    """SQL that DuckDB refused."""

    code = Code.INVALID_QUERY

    def __init__(self, reason: str, *, tables: Sequence[str] = ()) -> None:
        self.reason, self.tables = reason, tuple(tables)
        super().__init__(f"the query was refused: {reason}", hint=f'one SELECT over {listed(self.tables)}, "NAME:v1/df"')


class InvalidVerb(Invalid):
    """A command line that does not fit the verb."""

    code = Code.INVALID_VERB

    def __init__(self, reason: str, *, usage: str = "") -> None:
        self.reason, self.usage = reason, usage
        super().__init__(reason, hint=usage or "`help` lists the verbs")


class Ambiguous(MvlakeError, ValueError):
    """A short text that fits several things."""


class AmbiguousRef(Ambiguous):
    """A ref that fits several versions."""

    code = Code.AMBIGUOUS_REF

    def __init__(self, ref: str, *, candidates: Sequence[str]) -> None:
        self.ref, self.candidates = ref, tuple(candidates)
        super().__init__(f'"{_clipped(ref)}" fits {len(self.candidates)} versions', hint=f"say which: {listed(self.candidates)}")


class AmbiguousArtifact(Ambiguous):
    """A version in which several artifacts could be meant."""

    code = Code.AMBIGUOUS_ARTIFACT

    def __init__(self, ref: str, *, candidates: Sequence[str]) -> None:
        self.ref, self.candidates = ref, tuple(candidates)
        super().__init__(f"{ref} holds {len(self.candidates)} that could be meant", hint=f"say which: {listed(self.candidates)}")


class Refused(MvlakeError, PermissionError):
    """Possible, but not allowed: it needs a word, a right or a state that is not there. Raised itself where none below fits."""

    code = Code.REFUSED


class UntrustedArtifact(Refused):
    """Restoring this artifact could run code, and nobody said that it may."""

    code = Code.UNTRUSTED_ARTIFACT

    def __init__(self, ref: str, name: str, *, why: str) -> None:
        self.ref, self.name, self.why = ref, name, why
        super().__init__(
            f"loading {name} of {ref} can run code of whoever made it: {why}",
            hint=f'only if you trust its author: load("{ref}", "{name}", trust=True), or --trust',
        )


class ReadOnlyLake(Refused):
    """The lake cannot be written."""

    code = Code.READ_ONLY_LAKE

    def __init__(self, path: str, *, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"the lake at {path} cannot be written: {reason}", hint="reading still works; `mvlake doctor` tells why")


class NothingToRollBack(Refused):
    """A label that has no earlier place."""

    code = Code.NOTHING_TO_ROLL_BACK

    def __init__(self, name: str, label: str) -> None:
        self.name, self.label = name, label
        hint = f"`labels {name}` shows its history; `promote` moves it"
        super().__init__(f"{name}@{label} has no earlier place to go back to", hint=hint)


class Conflict(MvlakeError):
    """Somebody else moved first. Raised itself where the class below does not say it."""

    code = Code.CONFLICT


class CommitConflict(Conflict):
    """A commit that lost its number to others too many times in a row."""

    code = Code.COMMIT_CONFLICT

    def __init__(self, tries: int) -> None:
        self.tries = tries
        super().__init__(f"others committed first {tries} times in a row; nothing was lost or written", hint="try again")


class Unsupported(MvlakeError, TypeError):
    """A kind of object that mvlake cannot take."""


class NoHandler(Unsupported):
    """No handler takes this object."""

    code = Code.NO_HANDLER

    def __init__(self, type_name: str, *, reason: str) -> None:
        self.type_name, self.reason = type_name, reason
        super().__init__(f"cannot keep a {type_name}: {reason}", hint="docs/guides/handlers.md shows how to add a handler")


class CannotFingerprint(Unsupported):
    """An object whose logical content has no digest that would be true."""

    code = Code.CANNOT_FINGERPRINT

    def __init__(self, type_name: str, *, reason: str) -> None:
        self.type_name, self.reason = type_name, reason
        super().__init__(f"cannot fingerprint a {type_name}: {reason}")


class MissingLibrary(Unsupported):
    """The library that this artifact needs is not installed."""

    code = Code.MISSING_LIBRARY

    def __init__(self, handler: str, *, library: str) -> None:
        self.handler, self.library = handler, library
        super().__init__(f"the {handler} handler needs {library}, which is not installed", hint=f"pip install {library}")


class Damaged(MvlakeError):
    """Bytes that are not what was written."""


class DamagedObject(Damaged):
    """An object whose bytes do not have the digest that is its name."""

    code = Code.DAMAGED_OBJECT

    def __init__(self, digest: str, *, where: str, found: str) -> None:
        self.digest, self.where, self.found = digest, where, found
        super().__init__(
            f"object {digest} is damaged: {where} holds {found}",
            hint="`mvlake verify` lists what else is; restore the file from a copy",
        )


class MissingObject(Damaged):
    """An object that a record names and that is nowhere."""

    code = Code.MISSING_OBJECT

    def __init__(self, digest: str, *, why: str = "", hint: str = "`mvlake verify` lists more, `mvlake repair` helps") -> None:
        self.digest, self.why = digest, why
        super().__init__(f"object {digest} is missing" + f": {why}" * bool(why), hint=hint)


class DamagedRecord(Damaged):
    """A record that is unreadable, or does not follow from the one before it."""

    code = Code.DAMAGED_RECORD

    def __init__(self, seq: int, *, reason: str) -> None:
        self.seq, self.reason = seq, reason
        super().__init__(f"record {seq} is damaged: {reason}", hint="`mvlake verify` tells how far; restore the file from a copy")


class DamagedLake(Damaged):
    """A lake whose lake.toml cannot be read."""

    code = Code.DAMAGED_LAKE

    def __init__(self, path: str, *, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"{path} is no readable lake: {reason}", hint="restore lake.toml from a copy; the records are untouched")


class TooNew(MvlakeError):
    """Written by a later mvlake."""


class FormatTooNew(TooNew):
    """A lake or record of a later format."""

    code = Code.FORMAT_TOO_NEW

    def __init__(self, where: str, *, found: int, known: int) -> None:
        self.where, self.found, self.known = where, found, known
        super().__init__(f"{where} has format {found}; this mvlake knows format {known}", hint="pip install --upgrade mvlake")


class ProtocolTooNew(TooNew):
    """An artifact of a later encoding."""

    code = Code.PROTOCOL_TOO_NEW

    def __init__(self, handler: str, *, found: int, known: int) -> None:
        self.handler, self.found, self.known = handler, found, known
        message = f"written with protocol {found} of the {handler} handler; this mvlake knows {known}"
        super().__init__(message, hint="pip install --upgrade mvlake")


class ReplayFailed(MvlakeError):
    """A replay that could not give an answer."""


class CannotReplay(ReplayFailed):
    """A version that cannot be replayed at all."""

    code = Code.CANNOT_REPLAY

    def __init__(self, ref: str, *, reason: str) -> None:
        self.ref, self.reason = ref, reason
        super().__init__(f"{ref} cannot be replayed: {reason}")
