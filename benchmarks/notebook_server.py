"""Notebook server: JupyterLab's or Notebook 7's own, spoken to as their pages do: REST for files and sessions, a websocket for cells."""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import websocket

TIMEOUT = 120
APPS = {"JupyterLab": "jupyterlab", "Notebook 7": "notebook"}


@dataclass
class Seen:
    """What the page of a cell shows: messages in their order, and the reply's status."""

    outputs: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    status: str = ""

    @property
    def cards(self) -> list[str]:
        return [content["data"]["text/plain"] for _, content in self.outputs if "mvlake" in content.get("metadata", {})]

    @property
    def text(self) -> str:
        return "".join(content["text"] for kind, content in self.outputs if kind == "stream")


class NotebookServer:
    """A server over one folder, with a token of its own, and nothing of it outside of that folder's `jupyter`."""

    def __init__(self, folder: Path, app: str, **environment: str) -> None:
        self.folder, self._token = folder, secrets.token_hex(16)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        own = folder.parent / "jupyter"
        names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
        # No page of this test's own environment says which notebook this is.
        inherited = {name: value for name, value in os.environ.items() if name != "JPY_SESSION_NAME"}
        options = ["--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={self.port}"]
        options += ["--ServerApp.port_retries=0", f"--IdentityProvider.token={self._token}", f"--ServerApp.root_dir={folder}"]
        self._log = open(folder.parent / "server.log", "wb")  # noqa: SIM115 - the process's, as long as it lives
        self._process = subprocess.Popen(
            [sys.executable, "-m", app, *options],
            env={**inherited, **{name: str(own / name.lower()) for name in names}, **environment},
            cwd=folder,
            stdout=self._log,
            stderr=self._log,
        )
        self._socket: Any = None

    def __enter__(self) -> Self:
        deadline = time.monotonic() + TIMEOUT
        while True:
            try:
                self.ask("GET", "status")
            except OSError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
            else:
                return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._socket is not None:
            self._socket.close()
        self._process.terminate()
        self._process.wait(timeout=TIMEOUT)
        self._log.close()

    def ask(self, verb: str, path: str, content: Any = None) -> Any:
        """Return the answer of the REST interface."""
        data = None if content is None else json.dumps(content).encode()
        headers = {"Authorization": f"token {self._token}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/api/{path}", data=data, headers=headers, method=verb)
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            read = answer.read()
        return json.loads(read) if read else None

    def open(self, name: str, cells: list[str]) -> None:
        """Save a notebook of these cells, and start its kernel, as a page that opens it does."""
        listed = [
            {"cell_type": "code", "id": f"cell-{place}", "source": cell, "metadata": {}, "outputs": [], "execution_count": None}
            for place, cell in enumerate(cells)
        ]
        notebook = {"cells": listed, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        self.ask("PUT", f"contents/{name}", {"type": "notebook", "format": "json", "content": notebook})
        session = self.ask("POST", "sessions", {"path": name, "name": name, "type": "notebook", "kernel": {"name": "python3"}})
        self._session = uuid.uuid4().hex
        place = f"ws://127.0.0.1:{self.port}/api/kernels/{session['kernel']['id']}/channels?session_id={self._session}"
        self._socket = websocket.create_connection(place, timeout=TIMEOUT, header=[f"Authorization: token {self._token}"])

    def run(self, code: str, cell: int = 0) -> Seen:
        """Run a cell, with the metadata that JupyterLab's and Notebook's pages send."""
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": True}
        header = {
            "msg_id": uuid.uuid4().hex,
            "msg_type": "execute_request",
            "session": self._session,
            "username": "",
            "version": "5.4",
        }
        header["date"] = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
        told = {"deletedCells": [], "recordTiming": True, "cellId": f"cell-{cell}", "trusted": True}
        message = {"header": header, "parent_header": {}, "metadata": told, "content": content | {"stop_on_error": True}}
        self._socket.send(json.dumps({**message, "buffers": [], "channel": "shell"}))
        return self._until_idle(header["msg_id"])

    def _until_idle(self, request: str) -> Seen:
        seen, is_idle = Seen(), False
        while not (is_idle and seen.status):
            message = json.loads(self._socket.recv())
            if message["parent_header"].get("msg_id") != request:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status":
                is_idle = content["execution_state"] == "idle"
            elif kind == "execute_reply":
                seen.status = content["status"]
            elif kind in ("stream", "display_data", "update_display_data", "execute_result", "error"):
                seen.outputs.append((kind, content))
        return seen
