"""Fault: what goes wrong at the n-th call of a process: it dies, the call is torn, cut short, or refused."""

import errno
import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from harness.calls import Call, Perform

_CHANGING = {"unlink", "remove", "rmdir", "chmod", "fchmod", "utime", "truncate", "ftruncate"}
_FLUSHING = {"fsync", "fdatasync"}
_OPENING = {"open", "scandir", "listdir"}
MOST_ERRORS = 120
LONG = 250
SOME = 8
_WRITING = ("write", "pwrite")
_LOOKING = {"stat", "lstat", "fstat", "access", "lseek", "fdopen", "dup", "read", "pread", "close"}
_ERRORS = ("ENOSPC", "EDQUOT", "EIO", "EMFILE", "EROFS")


@dataclass(frozen=True, slots=True)
class Fault:
    """At call `number`: "die" before it, "tear" it (half of the bytes, then die), make it "short", or refuse it with an error.

    A lasting error is met by all later calls that it fits too.
    """

    number: int
    kind: str
    is_lasting: bool = False

    @property
    def kills(self) -> bool:
        """True when the process does not survive it."""
        return self.kind in ("die", "tear")

    def __call__(self, call: Call, perform: Perform) -> Any:
        """Do what is to happen at this call."""
        if call.number < self.number or (call.number > self.number and not self.is_lasting):
            return perform(*call.arguments)
        if self.kind == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        # With several threads the calls do not come in the same order each time: this one may be another than was planned.
        if self.kind in ("tear", "short") and call.name in _WRITING:
            descriptor, data, *more = call.arguments
            written = perform(descriptor, data[: max(1, len(data) // 2)], *more)
            if self.kind == "tear":
                os.kill(os.getpid(), signal.SIGKILL)
            return written
        if self.kind in ("tear", "short") or not _fits(self.kind, call):
            return perform(*call.arguments)
        if call.name == "close":
            perform(*call.arguments)  # a close that fails closes
        raise OSError(getattr(errno, self.kind), os.strerror(getattr(errno, self.kind)), call.path)


def faults_of(calls: Sequence[Call]) -> Iterator[Fault]:
    """Yield what is to go wrong with a process that makes these calls: death at each, and errors at them.

    A call that only looks leaves what the one before it left: of long processes only some die before those, and errors are spread.
    """
    for call in calls:
        if len(calls) <= LONG or call.changes or call.number % SOME == 0:
            yield Fault(call.number, "die")
        if call.name in _WRITING and len(call.arguments[1]) > 1:
            yield Fault(call.number, "tear")
            yield Fault(call.number, "short")
    yield Fault(len(calls) + 1, "die")  # after all: it lives
    errors = [fault for call in calls for fault in _errors_at(call)]
    step = len(errors) // MOST_ERRORS + 1
    yield from errors[:: step if step % 2 else step + 1]  # odd, as errors mostly come in pairs


def _errors_at(call: Call) -> Iterator[Fault]:
    for error in _ERRORS:
        if _fits(error, call):
            yield Fault(call.number, error)
            if call.name not in _LOOKING:
                yield Fault(call.number, error, is_lasting=True)


def _fits(error: str, call: Call) -> bool:
    """True when a call can fail so."""
    match error:
        case "ENOSPC":
            return call.creates or call.name in _WRITING or call.name in _FLUSHING
        case "EDQUOT":
            return call.name in ("write", "pwrite", "mkdir")
        case "EMFILE":
            return call.name in _OPENING
        case "EROFS":
            return call.creates or call.name in _CHANGING
        case _:
            return True
