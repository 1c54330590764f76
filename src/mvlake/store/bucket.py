"""Bucket: a lake in an object store. A conditional put takes the place of the hard link.

A reply can be lost on its way: every put carries an id of its own, and what lies under the key then tells whose put it was.
"""

import os
import random
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

import obstore
from obstore.store import from_url

from mvlake.errors import DamagedLake, Invalid, ReadOnlyLake, Refused, Unreachable
from mvlake.store import ending
from mvlake.store.address import Address
from mvlake.store.bucket_reply import GivenUp, Reply, TruncatedReply, reply_in

T = TypeVar("T")
_KEY = re.compile(r"\.?[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*")
_PROBE = "probe"  # no part of the lake: it is not listed
_WRITE_ID = "mvlakewrite"  # Azure takes no hyphen here
_BIG = 4 << 20
_BLINK = 0.1  # seconds
_RUNTIME: list[int] = []  # the process in which obstore's threads were started: they do not survive a fork


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a request is tried, and how long in seconds: the first pause, which doubles, and the longest; an answer's time."""

    tries: int = 7
    pause: float = 0.1
    longest: float = 5.0
    timeout: float = 60.0
    big_timeout: float = 900.0  # for objects of more than 4 MiB


PATIENCE = Patience()


class Bucket:
    """A store in S3, GCS or Azure. Credentials, region and endpoint come from the environment, and are kept nowhere."""

    def __init__(self, address: Address, *, leave_as_is: str = "", patience: Patience = PATIENCE) -> None:
        self._address, self._patience = address, patience
        self._closed = leave_as_is  # why nothing may be written
        self._is_probed = False
        self._moving = threading.Lock()
        try:
            self._quick = _opened(address, patience.timeout)
            self._slow = _opened(address, patience.big_timeout)
        except obstore.exceptions.BaseError as error:
            reply = reply_in(error)
            raise Refused(f"the lake at {address} cannot be reached: {reply.reason}", hint=reply.hint) from None

    @property
    def location(self) -> str:
        """The address."""
        return str(self._address)

    @property
    def is_writable(self) -> bool:
        """True unless it is known that nothing can be written."""
        return not self._closed

    def probe(self) -> None:
        """Find out whether this place keeps what a commit needs: of two puts of one key, the second fails. Costs three requests.

        A place that does not, and credentials that may only read, make the lake one that can be read. Of a place that does not
        answer, it is found out before the first write.
        """
        if self._closed or self._is_probed:
            return
        try:
            if self._put_new(_PROBE, b"first") and self._put_new(_PROBE, b"second"):
                self._closed = "its server ignores If-None-Match, so that one commit could overwrite another"
            elif not self._writer(_PROBE):
                self._closed = "its server keeps no metadata, without which a lost reply could make one commit two"
            self._is_probed = True
        except (ReadOnlyLake, Refused, Unreachable):
            return

    def put_new(self, key: str, data: bytes) -> bool:
        """Put the bytes on condition that the key is free; see the contract."""
        self.probe()
        if self._closed:
            raise ReadOnlyLake(self.location, reason=self._closed)
        return self._put_new(key, data)

    def get(self, key: str) -> bytes | None:
        """Return the bytes under the key, after as many tries as it takes to get all of them."""

        def ask() -> bytes:
            result = obstore.get(self._quick, self._name(key))
            if result.meta["size"] > _BIG:
                result = obstore.get(self._slow, self._name(key))
            return _whole(bytes(result.bytes()), result.meta["size"])

        return self._read(ask)

    def get_range(self, key: str, start: int, length: int) -> bytes | None:
        """Return some of the bytes under the key."""
        if length <= 0 or (start < 0 and self._address.scheme == "az"):  # Azure knows no range from the end
            size = self.size(key)
            if size is None or length <= 0:
                return None if size is None else b""
            start = max(0, size + start) if start < 0 else start

        store = self._slow if max(length, -start) > _BIG else self._quick

        def ask() -> bytes:
            wanted: Any = (start, start + length) if start >= 0 else {"suffix": -start}
            try:
                result = obstore.get(store, self._name(key), options={"range": wanted})
                first, last = result.range
                return _whole(bytes(result.bytes()), last - first)[:length]
            except obstore.exceptions.GenericError as error:
                if "NotPartial" in str(error):  # an empty object, or a server that knows no ranges
                    data = bytes(obstore.get(self._slow, self._name(key)).bytes())
                    first = max(0, len(data) + start) if start < 0 else start
                    return data[first : first + length]
                if reply_in(error).status == 416 or "StartTooLarge" in str(error):
                    return b""
                raise

        return self._read(ask)

    def size(self, key: str) -> int | None:
        """Return the size of the object."""
        head = self._read(lambda: obstore.head(self._quick, self._name(key)))
        return None if head is None else head["size"]

    def modified(self, key: str) -> datetime | None:
        """Return when the object was written."""
        head = self._read(lambda: obstore.head(self._quick, self._name(key)))
        return None if head is None else head["last_modified"]

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield what a listing gives, sorted. What others put there may be no keys: nothing is made of them."""
        folder = prefix.rpartition("/")[0]

        def ask() -> list[str]:
            return sorted(meta["path"] for batch in obstore.list(self._quick, prefix=folder or None) for meta in batch)

        try:
            found = self._read(ask) or []
        except obstore.exceptions.InvalidPathError as error:
            reason = f"{folder or 'the bucket'} holds a name that is none: {ascii(str(error).splitlines()[0])[-120:]}"
            raise DamagedLake(self.location, reason=reason) from None
        yield from (key for key in found if key.startswith(prefix) and key != _PROBE)

    def put_hint(self, key: str, data: bytes) -> None:
        """Replace derived bytes."""
        if not self._closed:
            with suppress(Refused, Unreachable, obstore.exceptions.BaseError, OSError):
                self._ask(lambda: obstore.put(self._slow, self._name(key), data, use_multipart=False))

    def remove_hint(self, key: str) -> None:
        """Delete derived bytes."""
        if not self._closed:
            with suppress(Refused, Unreachable, obstore.exceptions.BaseError, OSError):
                self._ask(lambda: obstore.delete(self._quick, self._name(key)))

    def remove(self, key: str) -> None:
        """Delete an object."""
        self._write(lambda: obstore.delete(self._quick, self._name(key)))

    def move(self, source: str, target: str) -> bool:
        """Copy an object and delete the first. Of several processes that move the same one, each may be told that it did."""
        with self._moving:
            copied = self._write(lambda: obstore.copy(self._slow, self._name(source), self._name(target), overwrite=True))
            if copied is _ABSENT:
                return False
            self._write(lambda: obstore.delete(self._quick, self._name(source)))
            return True

    def _put_new(self, key: str, data: bytes) -> bool:
        """Put until it is known whose bytes lie under the key. All tries carry one id: what an earlier one wrote is ours."""
        name, mine = self._name(key), secrets.token_hex(16)
        store = self._slow if len(data) > _BIG else self._quick
        tried = 0
        while True:
            tried += 1
            try:
                _call(
                    lambda: obstore.put(store, name, bytes(data), mode="create", use_multipart=False, attributes={_WRITE_ID: mine})
                )
            except (obstore.exceptions.BaseError, OSError) as error:
                reply = reply_in(error)
                taken = isinstance(error, obstore.exceptions.AlreadyExistsError | obstore.exceptions.PreconditionError)
                if not taken and not reply.may_pass:
                    raise self._unwritable(reply) from None
            else:
                return True
            try:
                writer = self._writer(key)
            except (Refused, Unreachable) as error:
                raise ReadOnlyLake(self.location, reason=f"{error.message}; it may or may not have been written") from None
            if writer is not None:
                return writer == mine
            if tried >= self._patience.tries:
                raise ReadOnlyLake(self.location, reason=f"{reply.reason}, {tried} times")
            self._pause(tried)

    def _writer(self, key: str) -> str | None:
        """Return the id of the write that made an object, "" where it has none, None when there is no object."""
        result = self._read(lambda: obstore.get(self._quick, self._name(key), options={"head": True}))
        return None if result is None else str(result.attributes.get(_WRITE_ID, ""))

    def _read(self, ask: Callable[[], T]) -> T | None:
        """Return the answer, None when there is no such key. Raises Refused or Unreachable when there is none to be had."""
        try:
            answer = self._ask(ask)
        except obstore.exceptions.InvalidPathError:
            raise
        except (obstore.exceptions.BaseError, TruncatedReply, OSError) as error:
            reply = reply_in(error)
            if reply.may_pass:
                raise Unreachable(self.location, reason=reply.reason, hint=reply.hint) from None
            raise Refused(f"the lake at {self.location} cannot be read: {reply.reason}", hint=reply.hint) from None
        return None if answer is _ABSENT else answer

    def _write(self, ask: Callable[[], T]) -> T:
        if self._closed:
            raise ReadOnlyLake(self.location, reason=self._closed)
        try:
            return self._ask(ask)
        except (obstore.exceptions.BaseError, OSError) as error:
            raise self._unwritable(reply_in(error)) from None

    def _unwritable(self, reply: Reply) -> ReadOnlyLake:
        if reply.is_denied:
            self._closed = f"{reply.reason}: these credentials may only read"
        return ReadOnlyLake(self.location, reason=self._closed or reply.reason)

    def _ask(self, ask: Callable[[], T]) -> T:
        """Return the answer, `_ABSENT` when there is no such key, after as many tries as patience allows."""
        tried = 0
        while True:
            tried += 1
            try:
                return _call(ask)
            except (obstore.exceptions.BaseError, TruncatedReply, OSError) as error:
                reply = reply_in(error)
                if isinstance(error, FileNotFoundError) and not reply.is_no_bucket:
                    return cast("T", _ABSENT)
                is_final = isinstance(error, obstore.exceptions.InvalidPathError | GivenUp)
                if tried >= self._patience.tries or not reply.may_pass or is_final:
                    raise
            self._pause(tried)

    def _pause(self, tried: int) -> None:
        # Jitter: many kernels that were told to slow down must not come back in the same moment.
        longest = min(self._patience.longest, self._patience.pause * 2 ** (tried - 1))
        time.sleep(longest * (0.5 + random.random() / 2))  # noqa: S311 - no secret

    @staticmethod
    def _name(key: str) -> str:
        if not _KEY.fullmatch(key) or ".." in key:
            raise ValueError(f"not a key: {key!r}")
        return key


_ABSENT: Any = object()


def _opened(address: Address, timeout: float) -> Any:
    # Plain HTTP is what an endpoint of that kind says, and nothing else turns it on.
    endpoints = (os.environ.get(name, "") for name in ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT", "AZURE_ENDPOINT"))
    is_plain = next((one for one in endpoints if one), "").startswith("http://")
    return from_url(
        str(address),
        client_options={
            "timeout": f"{int(timeout * 1000)}ms",
            "connect_timeout": "5s",
            **({"allow_http": True} if is_plain else {}),
        },
        retry_config={"max_retries": 0},  # who asks again must know that it did: the first request may have been heard
    )


def _whole(data: bytes, size: int) -> bytes:
    if len(data) != size:
        raise TruncatedReply
    return data


def _call(ask: Callable[[], T]) -> T:
    """Return what a request gives. It is waited for so that Ctrl-C ends the wait, and that the end of the process does."""
    _RUNTIME[:] = _RUNTIME or [os.getpid()]
    if [os.getpid()] != _RUNTIME:
        raise Invalid(
            "a lake in a bucket cannot be used in a forked process once its parent has used one",
            hint='multiprocessing.get_context("spawn")',
        )
    ending.notice()
    if ending.is_over():
        raise GivenUp
    answer: Future[T] = Future()

    def work() -> None:
        try:
            answer.set_result(ask())
        except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
            answer.set_exception(error)

    threading.Thread(target=work, daemon=True).start()
    while not answer.done():
        with suppress(TimeoutError):  # a wait without an end cannot be interrupted on every system
            answer.exception(_BLINK)
        if ending.is_over() and not answer.done():
            raise GivenUp
    try:
        found = answer.result()
    except (obstore.exceptions.BaseError, OSError) as error:
        if isinstance(error, FileNotFoundError) or not reply_in(error).may_pass:
            ending.hear()
        raise
    ending.hear()
    return found
