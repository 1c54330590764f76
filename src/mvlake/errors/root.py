"""What all errors have in common: a stable code, a message and a hint."""

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
    UNREACHABLE = "unreachable"
    UNTRUSTED_CODE = "untrusted-code"
    NOTHING_TO_REPLAY = "nothing-to-replay"
    GATE_CLOSED = "gate-closed"
    METRIC_NOT_FOUND = "metric-not-found"


def listed(names: Sequence[str], *, nothing: str = "none yet") -> str:
    """Names as a short readable list.

    >>> listed(["a", "b"])
    'a, b'
    """
    if not names:
        return nothing
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def clipped(text: str, width: int = 80) -> str:
    """Text that somebody typed, printable and short enough for a message."""
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
