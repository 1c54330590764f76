"""The opaque handler: the last resort, cloudpickle, for what no other handler takes. Loading it runs code, so it is never inert.

What a pickle would harm is refused by exact type and ancestry before anything of the object runs: iterators (pickling consumes or
breaks them), open files and connections, locks and threads, lazy frames (pickling may compute them), modules, and the process's
environment with its secrets. A pickle has no fingerprint: equal objects pickle differently.
"""

import io
from typing import Any

from mvlake.errors import CannotFingerprint, NoHandler, ProtocolTooNew
from mvlake.handlers.ancestry import class_path
from mvlake.handlers.contract import Handler
from mvlake.handlers.opaque_refusals import is_environment, is_mapped, refusal_of
from mvlake.records.digest import Digest
from mvlake.records.summary import OpaqueSummary, Summary

CEILING = 256 << 20
_REASON = "no handler knows this type, so it is kept as a pickle"


class OpaqueHandler(Handler):
    """Anything that is not refused. `ceiling` is the largest pickle in bytes: pickling stops when it grows beyond."""

    name = "opaque"
    protocol = 1
    suffix = ".pkl"
    is_inert = False

    def __init__(self, *, ceiling: int = CEILING) -> None:
        self._ceiling = ceiling

    def matches(self, obj: Any) -> bool:
        """True unless the object's type is refused; runs nothing of the object."""
        return not refusal_of(obj)

    def refusal(self, obj: Any) -> str:
        """Return why an object of this type is not pickled."""
        return refusal_of(obj)

    def fingerprint(self, obj: Any) -> Digest:
        """Raise CannotFingerprint: a pickle depends on which parts are one object, on string caches and set order."""
        raise CannotFingerprint(class_path(obj), reason="it is known only as a pickle, and equal objects pickle differently")

    def summarize(self, obj: Any) -> Summary:
        """Return the type's name, and why there is no more."""
        return OpaqueSummary(class_path(obj), refusal_of(obj) or _REASON)

    def encode(self, obj: Any) -> bytes:
        """Return the pickle; NoHandler when the type is refused, when pickling fails, or grows beyond the ceiling."""
        name, reason = class_path(obj), refusal_of(obj)
        if reason:
            raise NoHandler(name, reason=reason)
        buffer = _Bounded(self._ceiling)
        try:
            _pickler(buffer).dump(obj)
        except (KeyboardInterrupt, SystemExit):
            raise
        except _TooLarge:
            raise NoHandler(name, reason=f"its pickle is larger than {self._ceiling} bytes") from None
        except BaseException as error:  # the object's own code runs here, and may raise anything at all
            raise NoHandler(name, reason=f"it cannot be pickled: {type(error).__name__}: {str(error)[:200]}") from error
        return buffer.getvalue()

    def decode(self, data: bytes, *, protocol: int) -> Any:
        """Return the object. Runs the code that the bytes bring: the caller has asked whether they are trusted."""
        if protocol > self.protocol:
            raise ProtocolTooNew(self.name, found=protocol, known=self.protocol)
        import cloudpickle

        return cloudpickle.loads(data)


class _TooLarge(Exception):  # not an error: the answer to a question
    pass


def _pickler(buffer: io.BytesIO) -> Any:
    import cloudpickle

    class Careful(cloudpickle.CloudPickler):  # type: ignore[misc]
        def reducer_override(self, obj: Any) -> Any:
            if is_environment(obj):
                raise TypeError("it holds the process's environment")
            if is_mapped(obj):
                raise TypeError("it holds an array that is mapped from a file")
            return super().reducer_override(obj)

    return Careful(buffer, protocol=5)


class _Bounded(io.BytesIO):
    """A buffer that refuses to grow beyond its ceiling, so that a huge object stops early and not in memory."""

    def __init__(self, ceiling: int) -> None:
        super().__init__()
        self._ceiling = ceiling

    def write(self, data: Any) -> int:
        if self.tell() + memoryview(data).nbytes > self._ceiling:
            raise _TooLarge
        return super().write(data)


handler = OpaqueHandler()
