"""Engine: `papermill --engine mvlake in.ipynb out.ipynb` runs a notebook with mvlake loaded, and versions come of it.

A notebook that tracks no cell becomes one version, named after its file. Parameters arrive as the values they are; a cell tagged
`raises-exception` may raise without failing the run; the output is saved now and then instead of twice a cell.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_core.utils import ensure_async, run_sync
from nbformat.v4 import new_output
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine
from papermill.log import logger

from mvlake.lake import variables
from mvlake.lake.parameters import as_json, checked_name, parameters_cell
from mvlake.lake.progress import Tell, tell_nobody
from mvlake.records.names import name_from
from mvlake.records.source import DIRECTIVE
from mvlake.replay.expected import is_expected, without_escapes
from mvlake.replay.kernel import start_again
from mvlake.replay.running import Running
from mvlake.replay.sparing import SparingManager

EXTENSION = "--IPKernelApp.extra_extensions=mvlake"
_QUIET = "--IPKernelApp.log_level=40"  # a kernel on this machine need not tell that it speaks plain TCP
_STARTS = 4
_PATIENCE = 60  # seconds; the 4 that are usual end runs on a busy machine


class MvlakeEngine(Engine):  # type: ignore[misc]  # mypy is told to skip papermill
    """The engine that papermill finds by the name `mvlake`."""

    @classmethod
    def execute_notebook(
        cls,
        nb: Any,
        kernel_name: str,
        output_path: str | None = None,
        progress_bar: bool | dict[str, Any] = True,  # noqa: FBT001, FBT002 - papermill's own signature
        log_output: bool = False,  # noqa: FBT001, FBT002
        autosave_cell_every: int = 30,
        **kwargs: Any,
    ) -> Any:
        """Return the executed notebook. Invalid, before anything runs, for parameters that cannot be passed."""
        _take_parameters(nb, is_python=cls.nb_language(nb) == "python")
        manager = SparingManager(
            nb,
            output_path=output_path,
            progress_bar=progress_bar,
            log_output=log_output,
            autosave_cell_every=autosave_cell_every,
        )
        manager.notebook_start()
        try:
            cls.execute_managed_notebook(manager, kernel_name, log_output=log_output, **kwargs)
        finally:
            manager.cleanup_pbar()
            manager.notebook_complete()
        return manager.nb

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        start_timeout: int = 60,
        execution_timeout: int | None = None,
        input_path: Any = None,
        extra_arguments: list[str] | None = None,
        *,
        is_replay: bool = False,
        tell: Tell = tell_nobody,
        running: Running | None = None,
        **kwargs: Any,
    ) -> None:
        """Run the cells. In a replay no version comes of what tracks nothing, and errors stay errors."""
        nb_man.tell, nb_man.running = tell, running or nb_man.running
        is_python = cls.nb_language(nb_man.nb) == "python"
        options: dict[str, Any] = {"raise_on_iopub_timeout": False, "iopub_timeout": _PATIENCE, **kwargs}
        client = TrackingClient(
            nb_man,
            timeout=execution_timeout or None,
            startup_timeout=start_timeout,
            kernel_name=kernel_name,
            log=logger,
            extra_arguments=[*(extra_arguments or ()), *((EXTENSION, _QUIET) if is_python else ())],
            **options,
        )
        client.snapshot = "" if is_replay or not is_python else _snapshot_name(nb_man.nb, input_path)
        client.execute(**({} if is_replay else {"env": _told(input_path)}))
        if not is_replay:
            _let_expected_errors_pass(nb_man.nb)


class TrackingClient(PapermillNotebookClient):  # type: ignore[misc]
    """papermill's client, which makes a version of the whole in the end where `snapshot` names one."""

    snapshot = ""

    async def async_start_new_kernel_client(self) -> Any:
        """Return a client of a kernel that answers.

        One that dies before it does has lost one of its ports to another process, between their choice and its own grip on them:
        nothing has run yet, and it is started again, with others.
        """
        for left in reversed(range(_STARTS)):
            self.kc = self.km.client()
            await ensure_async(self.kc.start_channels())
            try:
                await ensure_async(self.kc.wait_for_ready(timeout=self.startup_timeout))
                break
            except RuntimeError:
                if not left or await ensure_async(self.km.is_alive()):
                    await self._async_cleanup_kernel()
                    raise
                await ensure_async(self.kc.stop_channels())
                await start_again(self.km)
        self.kc.allow_stdin = False
        if self.on_notebook_start is not None:
            await ensure_async(self.on_notebook_start(notebook=self.nb))
        return self.kc

    start_new_kernel_client = run_sync(async_start_new_kernel_client)

    def papermill_execute_cells(self) -> None:
        """Run the cells, then take the snapshot, if none of them raised."""
        super().papermill_execute_cells()
        if self.snapshot and not self.nb.metadata.papermill.get("exception"):
            code = f"%mv snapshot {self.snapshot}"
            reply = self.wait_for_reply(self.kc.execute(code, silent=True, store_history=False))
            if reply is None or reply["content"]["status"] != "ok":
                logger.warning("mvlake made no version of this run: `%s` failed", code)


def _take_parameters(nb: Any, *, is_python: bool) -> None:
    """Let the injected cell say the values that were given, and the metadata what JSON has of them."""
    metadata: Mapping[str, Any] = nb.metadata.get("papermill", {})
    given = metadata.get("parameters") or {}
    for name in given:
        checked_name(name)
    if given and is_python:
        for cell in nb.cells:
            if "injected-parameters" in cell.metadata.get("tags", ()):
                cell.source = parameters_cell(given)
    if given:
        nb.metadata.papermill["parameters"] = as_json(given)


def _snapshot_name(nb: Any, input_path: Any) -> str:
    """Return the name of the version that the whole becomes; "" where cells are tracked one by one, or nothing is to be."""
    if os.environ.get(variables.DISABLE):
        return ""
    sources = [cell.source.lstrip() for cell in nb.cells if cell.cell_type == "code"]
    if any(source.startswith((DIRECTIVE, "%mv")) or "\n%mv" in source for source in sources):
        return ""
    return name_from(Path(input_path).stem) if isinstance(input_path, str) else ""


def _told(input_path: Any) -> dict[str, str]:
    """Return the kernel's variables: with the notebook's file, where there is one, as a Jupyter server tells it."""
    environment = dict(os.environ)
    if isinstance(input_path, str) and Path(input_path).is_file():
        environment["JPY_SESSION_NAME"] = str(Path(input_path).absolute())
    return environment


def _let_expected_errors_pass(nb: Any) -> None:
    """Show what an expected error said as text: papermill takes any output of the kind `error` for a failed run."""
    for cell in nb.cells:
        if cell.cell_type == "code" and is_expected(cell):
            cell.outputs = [_as_text(one) if one.output_type == "error" else one for one in cell.outputs]


def _as_text(output: Any) -> Any:
    told = "\n".join(output.traceback) or f"{output.ename}: {output.evalue}"
    return new_output("stream", name="stderr", text=without_escapes(told) + "\n")
