"""Kernel: a fresh one, with the Python and the variables that it is given, which is gone when it is not needed any more."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.connect import port_names
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import ensure_async, run_sync


class Manager(AsyncKernelManager):  # type: ignore[misc]  # mypy is told to skip jupyter_client
    """A manager whose kernel has these variables and no others, and runs with this Python, whatever is registered here.

    It knows its clients, too: nbclient leaves those open whose kernel somebody else brought.
    """

    def __init__(self, python: str, environment: Mapping[str, str], connection: Path) -> None:
        super().__init__(kernel_name="python3", connection_file=str(connection))
        self.clients: list[Any] = []
        self._environment = environment
        argv = [python, "-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        self._kernel_spec = KernelSpec(argv=argv, display_name="Python 3", language="python")

    @property
    def process(self) -> int | None:
        """The number of the kernel's process, while there is one."""
        return getattr(self.provisioner, "pid", None) if self.has_kernel else None

    async def start_kernel(self, **kwargs: Any) -> None:
        """Start the kernel with its own variables, whatever this process has."""
        await super().start_kernel(**{**kwargs, "env": dict(self._environment)})

    def client(self, **kwargs: Any) -> Any:
        """Return a client, and remember it."""
        self.clients.append(super().client(**kwargs))
        return self.clients[-1]


async def start_again(manager: Any) -> None:
    """Start a manager's kernel once more, with other ports: it keeps those that it once chose, whatever it is told."""
    for name in port_names:
        setattr(manager, name, 0)
    manager.cleanup_connection_file()
    await ensure_async(manager.restart_kernel(now=True))


@contextmanager
def fresh_kernel(python: str, environment: Mapping[str, str], connection: Path) -> Iterator[Manager]:
    """Provide a manager whose kernel is like this, and end that kernel whatever happens.

    `connection` is a file for its ports and its key.
    """
    # The asynchronous kind: with the other one nbclient waits for messages in a way that no time-out and no death interrupts.
    manager = Manager(python, environment, connection)
    try:
        yield manager
    finally:
        for client in manager.clients:
            client.stop_channels()
        if manager.has_kernel:
            run_sync(manager.shutdown_kernel)(now=True)
        run_sync(manager.cleanup_resources)()
