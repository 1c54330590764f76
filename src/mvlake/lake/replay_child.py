"""Replay child: the process in which one of several versions runs again. It is asked on its input, and answers on its output.

Its input stays open as long as it is wanted: when that ends, whoever asked has gone or has had enough, and it interrupts itself.
"""

import contextlib
import os
import pickle
import signal
import sys
import threading
from typing import Any

from mvlake.lake import clock
from mvlake.lake.open import open_parts
from mvlake.lake.parts import Parts
from mvlake.lake.replay_process import Request, Told
from mvlake.lake.replays import answered
from mvlake.records.replays import Unanswered

_INPUT, _OUTPUT, _COMPLAINTS = 0, 1, 2


def main() -> int:
    """Answer one request."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts what is in the background with none
    request: Any = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that started this one
    assert isinstance(request, Request)
    threading.Thread(target=_end_with_input, daemon=True).start()
    channel = os.fdopen(os.dup(_OUTPUT), "wb")
    os.dup2(_COMPLAINTS, _OUTPUT)  # whatever a library prints is no answer

    def send(message: Any) -> None:
        pickle.dump(message, channel)
        channel.flush()

    def tell(what: str, done: int, size: int) -> None:
        send(Told(what, done, size))

    try:
        answer = answered(lambda: _parts(request.lake), request.ref, request.plan, request.output, tell)
    except KeyboardInterrupt:
        answer = Unanswered(request.ref, "", "it was interrupted")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is put away: whoever has the answer closes the input
    with contextlib.suppress(BrokenPipeError):
        send(answer)
    return 0


def _parts(lake: str) -> Parts:
    return open_parts(lake, create=False, clock=clock.now)


def _end_with_input() -> None:
    while os.read(_INPUT, 1024):  # not through sys.stdin: a thread that waits in it cannot be left when Python ends
        pass
    os.kill(os.getpid(), signal.SIGINT)


if __name__ == "__main__":
    sys.exit(main())
