"""Front end: a Jupyter server of our own, and a browser before it that remembers everything it asked and complained of."""

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbformat
from playwright.sync_api import BrowserContext, Page, expect

BUILT = Path(__file__).parents[2] / "src/mvlake/_lab"
PATIENCE = 60_000  # milliseconds
_SETTINGS = {
    "notification": '{"fetchNews": "false", "checkForUpdates": false}',
    "themes": '{"theme": "JupyterLab Light"}',
}
# Core's own, with our extension and without it: two copies of a library and a missing schema in Notebook 7, no server of languages in both,
# no browser of files, a debugger that was asking a kernel when somebody shut it down.
_OTHERS = (
    "[yjs#509]",
    "Yjs was already imported",
    "Cannot read properties of undefined (reading 'schema')",
    "/lsp/status",
    "filebrowser:open-path",
    "Could not restore the debugger state: Canceled future",
)
_LOCAL = ("127.0.0.1", "localhost", "")


@dataclass
class Seen:
    """What a browser asked for, and what its console said, that it should not have. `expected` are parts of what it may say."""

    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        context.on("request", self._requested)
        context.on("console", lambda message: self._said(message.type, f"{message.text} {message.location.get('url', '')}"))
        context.on("weberror", lambda error: self._said("error", str(error.error)))

    def _requested(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in _LOCAL:
            self.requests.append(request.url)

    def _said(self, kind: str, text: str) -> None:
        if kind == "error" and not any(one in text for one in (*_OTHERS, *self.expected)):
            self.errors.append(text)

    def assert_nothing(self) -> None:
        assert not self.requests, self.requests  # told in one line, where a run is summed up
        assert not self.errors, self.errors


@dataclass
class Server:
    """A running Jupyter server, which has JupyterLab and Notebook 7."""

    url: str
    token: str
    folder: Path

    def address(self, notebook: str, *, front_end: str = "lab/tree") -> str:
        reset = "reset&" if front_end.startswith("lab") else ""
        return f"{self.url}/{front_end}/{notebook}?{reset}token={self.token}"


@contextmanager
def server(folder: Path, *, extension: Path | None = None, **environment: str) -> Iterator[Server]:
    """Start a server whose notebooks are in `folder`; all that it keeps for a user is in there too. `extension` is ours, as it was built."""
    state = folder / ".state"
    settings = state / "settings/@jupyterlab/apputils-extension"
    settings.mkdir(parents=True)
    for name, text in _SETTINGS.items():
        (settings / f"{name}.jupyterlab-settings").write_text(text, encoding="utf-8")
    if extension is not None:
        place = state / "path/labextensions/@mvlake"
        place.mkdir(parents=True)
        (place / "lab").symlink_to(extension)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found = Server(f"http://127.0.0.1:{port}", secrets.token_hex(16), folder)
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": folder,
        "IdentityProvider.token": found.token,
        "LabApp.expose_app_in_browser": True,
        "JupyterNotebookApp.expose_app_in_browser": True,
        "LabApp.workspaces_dir": state / "workspaces",
        "LabApp.user_settings_dir": state / "settings",
        "JupyterNotebookApp.user_settings_dir": state / "settings",
        "ServerApp.jpserver_extensions": "notebook=True",
        "LabApp.extension_manager": "readonly",
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    }
    folders = {f"JUPYTER_{name}_DIR": str(state / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    folders |= {"JUPYTER_PATH": str(state / "path"), "IPYTHONDIR": str(state / "ipython")}
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        *(f"--{name}={value}" for name, value in options.items()),
    ]
    with (state / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env={**os.environ, **folders, **environment}, stdout=log, stderr=log)
        try:
            _wait(process, found, state / "server.log")
            yield found
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: "subprocess.Popen[bytes]", found: Server, log: Path) -> None:
    for _ in range(600):
        assert process.poll() is None, log.read_text(encoding="utf-8", errors="replace")[-4000:]
        try:
            with urllib.request.urlopen(f"{found.url}/api?token={found.token}", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8", errors="replace")[-4000:])


class Notebook:
    """A notebook in a page of JupyterLab or Notebook 7."""

    def __init__(self, page: Page, at: Server, name: str, *, front_end: str = "lab/tree", restarts: bool = False) -> None:
        self.page = page
        page.goto(at.address(name, front_end=front_end))
        if front_end.startswith("lab"):
            page.locator("#jupyterlab-splash").wait_for(state="detached", timeout=PATIENCE)
        page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=PATIENCE)
        self.wait_idle()
        if restarts:
            self.command("kernelmenu:restart")

    def command(self, name: str) -> None:
        self.page.evaluate("name => window.jupyterapp.commands.execute(name).then(() => null)", name)

    def wait_idle(self) -> None:
        """Wait until the kernel has done all that it was asked."""
        self.page.wait_for_function(
            """() => {
                const widget = window.jupyterapp.shell.currentWidget;
                const kernel = widget && widget.sessionContext && widget.sessionContext.session && widget.sessionContext.session.kernel;
                return kernel && kernel.connectionStatus === 'connected' && kernel.status === 'idle'
                  && ![...document.querySelectorAll('.jp-InputPrompt')].some(one => one.textContent.includes('*'));
            }""",
            timeout=PATIENCE,
        )

    def run_all(self) -> None:
        self.command("notebook:run-all-cells")
        self.wait_idle()

    def save(self) -> None:
        self.command("docmanager:save")

    def output(self, cell: int = -1) -> Any:
        """Return the outputs of a code cell, counted as Python counts."""
        cells = self.page.locator(".jp-Notebook .jp-CodeCell")
        return (cells.last if cell == -1 else cells.nth(cell)).locator(".jp-OutputArea-output")

    def widget(self) -> Any:
        """Return the comparison that is looked into."""
        return self.page.locator(".mvl-lab")


def written(path: Path, *cells: str) -> Path:
    """Write a notebook of these code cells."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell.strip("\n")) for cell in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)
    return path


__all__ = ["BUILT", "PATIENCE", "BrowserContext", "Notebook", "Page", "Seen", "Server", "expect", "server", "written"]
