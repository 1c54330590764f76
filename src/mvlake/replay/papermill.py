"""Papermill: runs a version's notebook in a fresh kernel, in a folder of its own.

Paths are quoted against its templating, parameters are not used, and it saves once instead of twice a cell.
"""

import contextlib
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync

from mvlake.lake.progress import Tell, tell_nobody
from mvlake.lake.runner import Execution
from mvlake.replay.expected import is_expected, without_escapes
from mvlake.replay.memory import Memory

_ENGINE = "mvlake"
_START_TIMEOUT = 120


class PapermillRunner:
    """Executes notebooks with papermill."""

    def run(
        self, notebook: Mapping[str, Any], *, folder: Path, environment: Mapping[str, str], timeout: int, tell: Tell = tell_nobody
    ) -> Execution:
        """Return the executed notebook; see the contract."""
        import papermill  # a second and more, for those who replay
        from papermill.exceptions import PapermillExecutionError

        from mvlake.replay.engine import MvlakeEngine

        papermill.engines.papermill_engines.register(_ENGINE, MvlakeEngine)  # whatever an installation says of itself
        memory = Memory()
        papermill.iorw.papermill_io.register(memory.scheme, memory)
        source = folder.parent / "notebook.ipynb"
        nbformat.write(nbformat.from_dict(dict(notebook)), source)
        started, error = time.perf_counter(), None
        with _kernel(environment) as manager:
            try:
                papermill.execute_notebook(
                    _literal(source),
                    memory.path,
                    cwd=str(folder),
                    engine_name=_ENGINE,
                    is_replay=True,
                    tell=tell,
                    progress_bar=False,
                    request_save_on_cell_execute=False,
                    autosave_cell_every=0,
                    start_timeout=_START_TIMEOUT,
                    execution_timeout=timeout or None,
                    km=manager,
                )
            except PapermillExecutionError as raised:
                error = raised
            except Exception as raised:  # noqa: BLE001 - a dead kernel, a time-out: each library below has its own word for it
                return _broken(notebook, memory.text, raised, time.perf_counter() - started)
            finally:
                memory.forget(papermill.iorw.papermill_io)
        return _execution(memory.text, time.perf_counter() - started, error)


def _literal(path: Path) -> str:
    """Return a path such that papermill's formatting gives it back as it is."""
    return str(path).replace("{", "{{").replace("}", "}}")


class _Manager(AsyncKernelManager):  # type: ignore[misc]  # mypy is told to skip jupyter_client
    """A manager whose kernel has these variables and no others.

    It knows its clients, too: nbclient leaves those open whose kernel somebody else brought.
    """

    def __init__(self, environment: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.clients: list[Any] = []
        self._environment = environment

    async def start_kernel(self, **kwargs: Any) -> None:
        """Start the kernel with its own variables, whatever this process has."""
        await super().start_kernel(**{**kwargs, "env": dict(self._environment)})

    def client(self, **kwargs: Any) -> Any:
        """Return a client, and remember it."""
        self.clients.append(super().client(**kwargs))
        return self.clients[-1]


@contextlib.contextmanager
def _kernel(environment: Mapping[str, str]) -> Iterator[AsyncKernelManager]:
    """Provide a manager whose kernel has these variables, and end that kernel whatever happens."""
    # The asynchronous kind: with the other one nbclient waits for messages in a way that no time-out and no death interrupts.
    manager = _Manager(environment, kernel_name="python3")
    try:
        yield manager
    finally:
        for client in manager.clients:
            client.stop_channels()
        if manager.has_kernel:
            run_sync(manager.shutdown_kernel)(now=True)
        run_sync(manager.cleanup_resources)()


def _execution(executed: str, duration: float, error: Any) -> Execution:
    notebook = nbformat.reads(executed, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for position, cell in enumerate(cells, 1):
        for output in cell.get("outputs", ()):
            if output.output_type == "error" and not is_expected(cell):
                return Execution(notebook, position, without_escapes(f"{output.ename}: {output.evalue}"), duration)
    if error is not None and not any(is_expected(cell) for cell in cells):
        return Execution(notebook, len(cells), without_escapes(f"{error.ename}: {error.evalue}"), duration)
    return Execution(notebook, 0, "", duration)


def _broken(notebook: Mapping[str, Any], executed: str, error: Exception, duration: float) -> Execution:
    """Return what is left of a run that ended without an answer: a kernel that died, a cell that took too long."""
    document: Mapping[str, Any] = nbformat.reads(executed, as_version=4) if executed else notebook
    cells = [cell for cell in document["cells"] if cell["cell_type"] == "code"]
    ran = sum(cell.get("execution_count") is not None for cell in cells)
    first_line = (str(error).strip() or type(error).__name__).splitlines()[0]
    return Execution(document, max(1, min(ran + 1, len(cells))), without_escapes(f"{type(error).__name__}: {first_line}"), duration)


runner = PapermillRunner()
