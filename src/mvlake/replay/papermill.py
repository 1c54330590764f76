"""Papermill: runs a version's notebook in a fresh kernel, in a folder of its own.

Paths are quoted against its templating, parameters are not used, and it saves once instead of twice a cell.
"""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

from mvlake.lake.progress import Tell, tell_nobody
from mvlake.lake.runner import Execution, Limits
from mvlake.replay.ceiling import ceiling
from mvlake.replay.expected import is_expected, without_escapes
from mvlake.replay.kernel import fresh_kernel
from mvlake.replay.memory import Memory
from mvlake.replay.running import Running

_ENGINE = "mvlake"
_START_TIMEOUT = 120


class PapermillRunner:
    """Executes notebooks with papermill."""

    def run(
        self,
        notebook: Mapping[str, Any],
        *,
        python: str,
        folder: Path,
        environment: Mapping[str, str],
        limits: Limits,
        tell: Tell = tell_nobody,
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
        running = Running(notebook)
        started, error = time.perf_counter(), None
        connection = folder.parent / "kernel.json"
        with fresh_kernel(python, environment, connection) as manager, ceiling(manager, limits.memory) as watched:
            try:
                papermill.execute_notebook(
                    _literal(source),
                    memory.path,
                    cwd=str(folder),
                    engine_name=_ENGINE,
                    is_replay=True,
                    tell=tell,
                    running=running,
                    progress_bar=False,
                    request_save_on_cell_execute=False,
                    autosave_cell_every=0,
                    start_timeout=_START_TIMEOUT,
                    execution_timeout=limits.timeout or None,
                    km=manager,
                )
            except PapermillExecutionError as raised:
                error = raised
            except Exception as raised:  # noqa: BLE001 - a dead kernel, a time-out: each library below has its own word for it
                why = watched.reached or _why(raised, limits)
                return Execution(running.notebook, running.position, why, time.perf_counter() - started, is_cut_short=True)
            finally:
                memory.forget(papermill.iorw.papermill_io)
        return _execution(memory.text, time.perf_counter() - started, error)


def _literal(path: Path) -> str:
    """Return a path such that papermill's formatting gives it back as it is."""
    return str(path).replace("{", "{{").replace("}", "}}")


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


def _why(error: Exception, limits: Limits) -> str:
    """Return why a run ended without an answer."""
    if isinstance(error, TimeoutError):
        return f"it took more than {limits.timeout} s"
    first_line = (str(error).strip() or type(error).__name__).splitlines()[0]
    return without_escapes(f"{type(error).__name__}: {first_line}")


runner = PapermillRunner()
