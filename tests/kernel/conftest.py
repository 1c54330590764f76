"""Real kernels: started by jupyter_client, spoken to over the wire, as a front end does."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from jupyter_client.manager import KernelManager

_ADDRESS = re.compile(r"0x[0-9a-f]{6,}")
# ipykernel names a cell's file by a hash of its raw text, which differs by the very line that is under test.
_CELL_FILE = re.compile(r"ipykernel_\d+/\d+\.py|\b\d{5,}\.py\b")
_PROCESS = re.compile(r"\(pid=\d+\)")  # in what Python says of a fork beside threads
_TIMING = re.compile(r"(CPU times|Wall time).*")
TIMEOUT = 90
_STARTS = 3


@dataclass
class Ran:
    """What a front end sees of one cell. `shown` leaves out our own cards; `cards` has them."""

    shown: list[tuple[Any, ...]] = field(default_factory=list)
    cards: list[str] = field(default_factory=list)
    status: str = ""
    count: int | None = None
    said: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return "".join(part[2] for part in self.shown if part[0] == "stream")

    @property
    def result(self) -> str:
        return next((part[1]["text/plain"] for part in self.shown if part[0] == "execute_result"), "")

    @property
    def error(self) -> tuple[str, str] | None:
        return next(((part[1], part[2]) for part in self.shown if part[0] == "error"), None)


class Kernel:
    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        for left in reversed(range(_STARTS)):
            self.manager = KernelManager(kernel_name="python3")
            self.manager.start_kernel(cwd=str(folder), env={**os.environ, **environment})
            self.client = self.manager.client()
            self.client.start_channels()
            try:
                self.client.wait_for_ready(timeout=TIMEOUT)
            except RuntimeError:  # it has died: another process took one of its ports between choosing and binding them
                self.close()
                if not left:
                    raise
            else:
                break

    def start(
        self,
        code: str,
        *,
        silent: bool = False,
        attended: bool = False,
        cell_id: str = "",
        expressions: dict[str, str] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> str:
        """`attended`: as a front end asks, in front of which somebody sits; else as nbclient does. JupyterLab tells the cell's id.

        `expressions` are evaluated behind the cell, in the same request; `Ran.said` has what they are.
        """
        content = {
            "code": code,
            "silent": silent,
            "store_history": not silent,
            "user_expressions": expressions or {},
            "allow_stdin": attended,
            "stop_on_error": True,
        }
        told = (metadata or {}) | ({"cellId": cell_id} if cell_id else {})
        message = self.client.session.msg("execute_request", content, metadata=told)
        self.client.shell_channel.send(message)
        return message["header"]["msg_id"]

    def wait(self, request: str) -> Ran:
        ran = Ran()
        while True:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") != request:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                break
            _add(ran, kind, content)
        reply = self._reply(request)
        ran.status, ran.count = reply["status"], reply.get("execution_count")
        told = reply.get("user_expressions") or {}
        ran.said = {name: one["data"]["text/plain"] if one["status"] == "ok" else one["ename"] for name, one in told.items()}
        return ran

    def run(self, code: str, *, attended: bool = False, cell_id: str = "") -> Ran:
        return self.wait(self.start(code, attended=attended, cell_id=cell_id))

    def next_card(self) -> str:
        """Return the next card that is updated, whenever that is."""
        while True:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            if message["msg_type"] == "update_display_data" and "mvlake" in message["content"]["metadata"]:
                self.updated_for = message["parent_header"]["msg_id"]
                return message["content"]["data"]["text/plain"]

    def value(self, expression: str) -> str:
        return self.run(f"print({expression}, end='')").text

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()

    def _reply(self, request: str) -> dict[str, Any]:
        while True:
            try:
                message = self.client.get_shell_msg(timeout=TIMEOUT)
            except Empty:
                raise AssertionError("the kernel does not answer") from None
            if message["parent_header"].get("msg_id") == request:
                return message["content"]


def _clean(text: str) -> str:
    text = _PROCESS.sub("(pid=…)", _ADDRESS.sub("0x…", _CELL_FILE.sub("cell.py", text)))
    return _TIMING.sub(r"\1", text)


def _add(ran: Ran, kind: str, content: dict[str, Any]) -> None:
    if kind == "stream":
        if ran.shown and ran.shown[-1][:2] == ("stream", content["name"]):
            ran.shown[-1] = ("stream", content["name"], ran.shown[-1][2] + _clean(content["text"]))
        else:
            ran.shown.append(("stream", content["name"], _clean(content["text"])))
    elif kind in ("display_data", "update_display_data"):
        if "mvlake" in content["metadata"]:
            ran.cards.append(content["data"]["text/plain"])
        else:
            ran.shown.append((kind, {mime: _clean(str(data)) for mime, data in content["data"].items()}))
    elif kind == "execute_result":
        ran.shown.append((kind, {mime: _clean(str(data)) for mime, data in content["data"].items()}, content["execution_count"]))
    elif kind == "error":
        ran.shown.append((kind, content["ename"], _clean(content["evalue"]), _clean("\n".join(content["traceback"]))))
    elif kind in ("clear_output",):
        ran.shown.append((kind,))


@pytest.fixture
def start_kernel(tmp_path: Path) -> Iterator[Callable[..., Kernel]]:
    started: list[Kernel] = []

    def start(*, load: bool = True, folder: Path | None = None, **environment: str) -> Kernel:
        place = folder or tmp_path
        variables = {
            "MVLAKE_LAKE": str(tmp_path / "lake"),
            "IPYTHONDIR": str(tmp_path / "ipython"),
            "MVLAKE_USER": "ana",
            **environment,
        }
        started.append(Kernel(place, variables))
        if load:
            assert started[-1].run("%load_ext mvlake").shown == []
        return started[-1]

    yield start
    for kernel in started:
        kernel.close()


@pytest.fixture
def kernel(start_kernel: Callable[..., Kernel]) -> Kernel:
    return start_kernel()
